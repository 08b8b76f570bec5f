// How far each webhook has come. The directory says which webhooks there are; a row is made with its webhook and deleted with it.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS webhooks (id TEXT PRIMARY KEY, cursor INTEGER NOT NULL, due INTEGER NOT NULL, failures INTEGER NOT NULL, since INTEGER, mail INTEGER) WITHOUT ROWID;
`;

export interface WebhookRow {
  id: string;
  /** The version of the last event that was received, or passed over because the webhook does not want it. */
  cursor: number;
  /** When the next event may be sent, Unix seconds. */
  due: number;
  /** Attempts that failed since the last one that succeeded. */
  failures: number;
  /** When the first of them failed, Unix seconds. */
  since: number | null;
  /** When it was switched off, Unix seconds, while a mail about that is to be sent. */
  mail: number | null;
}

export class WebhookTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** Does nothing for a webhook that has a row. */
  insert(id: string, cursor: number): void {
    this.sql.exec("INSERT INTO webhooks VALUES (?, ?, 0, 0, NULL, NULL) ON CONFLICT DO NOTHING", id, cursor);
  }

  get(id: string): WebhookRow | undefined {
    return this.#rows("WHERE id = ?", id)[0];
  }

  all(): WebhookRow[] {
    return this.#rows("ORDER BY id");
  }

  /** The event was received: the next one may be sent at once. */
  succeed(id: string, cursor: number): void {
    this.sql.exec("UPDATE webhooks SET cursor = ?, due = 0, failures = 0, since = NULL WHERE id = ?", cursor, id);
  }

  /** Passes over events that the webhook does not want. */
  pass(id: string, cursor: number): void {
    this.sql.exec("UPDATE webhooks SET cursor = ? WHERE id = ?", cursor, id);
  }

  fail(id: string, now: number, due: number): void {
    this.sql.exec("UPDATE webhooks SET failures = failures + 1, since = ifnull(since, ?), due = ? WHERE id = ?", now, due, id);
  }

  /** Forgets failures, so that the next event is sent at once: somebody has changed the webhook. */
  renew(id: string): void {
    this.sql.exec("UPDATE webhooks SET due = 0, failures = 0, since = NULL, mail = NULL WHERE id = ?", id);
  }

  /** @param at when it was switched off; `null` when the mail was sent */
  setMail(id: string, at: number | null): void {
    this.sql.exec("UPDATE webhooks SET mail = ? WHERE id = ?", at, id);
  }

  delete(id: string): void {
    this.sql.exec("DELETE FROM webhooks WHERE id = ?", id);
  }

  #rows(which: string, ...values: SqlStorageValue[]): WebhookRow[] {
    return this.sql
      .exec<{ id: string; cursor: number; due: number; failures: number; since: number | null; mail: number | null }>(
        `SELECT * FROM webhooks ${which}`,
        ...values,
      )
      .toArray();
  }
}
