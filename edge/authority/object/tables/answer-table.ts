// Answers to commands that carried an `Idempotency-Key`.
import { Table } from "./table";

/** A text that `LIKE` takes as it is. */
const literal = (text: string) => text.replaceAll(/[%_^]/g, "^$&");

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS answers (actor TEXT, key TEXT, body TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (actor, key)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS answers_at ON answers (at);
`;

/** Seconds, a day: retries come within minutes, and the table must not grow without end. */
const KEPT = 24 * 60 * 60;

export class AnswerTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** @param key digest of the client's key @param body digest of the request */
  insert(actor: string, key: string, body: string, answer: string, at: number): void {
    this.sql.exec(
      "INSERT INTO answers VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body, answer = excluded.answer, at = excluded.at",
      actor,
      key,
      body,
      answer,
      at,
    );
  }

  get(actor: string, key: string, now: number): { body: string; answer: string } | undefined {
    return this.first<{ body: string; answer: string }>(
      "SELECT body, answer FROM answers WHERE actor = ? AND key = ? AND at > ?",
      actor,
      key,
      now - KEPT,
    );
  }

  /** The answers to a user, and to keys on their behalf. */
  forget(user: string): void {
    this.sql.exec(
      "DELETE FROM answers WHERE actor = ? OR (actor GLOB 'key * *' AND actor LIKE ? ESCAPE '^')",
      user,
      `% ${literal(user)}`,
    );
  }

  tidy(now: number): void {
    this.sql.exec("DELETE FROM answers WHERE at <= ?", now - KEPT);
  }
}
