// What happened around the organization and is not in its history: sign-ins, refusals, keys, the operator. Numbered by itself.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS signals (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, type TEXT NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS signals_at ON signals (at);
  CREATE INDEX IF NOT EXISTS signals_type ON signals (type, at);
  CREATE INDEX IF NOT EXISTS signals_actor ON signals (type, actor, at);
`;

/** Seconds, 90 days: an audit of a quarter. */
const KEPT = 90 * 24 * 60 * 60;

export interface SignalRow {
  id: number;
  /** Unix seconds. */
  at: number;
  type: string;
  /** JSON: what the signal says besides. */
  text: string;
}

export class SignalTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** @param actor whose signals are counted together; empty for nobody */
  insert(type: string, actor: string, text: string, at: number): void {
    this.sql.exec("INSERT INTO signals (at, type, actor, text) VALUES (?, ?, ?, ?)", at, type, actor, text);
  }

  /** The time of the `count`-th latest signal of a type, or of a type and an actor. */
  timeOf(count: number, type: string, actor?: string): number | undefined {
    const [where, values] = actor === undefined ? ["", []] : ["AND actor = ?", [actor]];
    return this.first<{ at: number }>(
      `SELECT at FROM signals WHERE type = ? ${where} ORDER BY at DESC LIMIT 1 OFFSET ?`,
      type,
      ...values,
      count - 1,
    )?.at;
  }

  after(id: number, limit: number): SignalRow[] {
    return this.sql
      .exec<{ id: number; at: number; type: string; text: string }>(
        "SELECT id, at, type, text FROM signals WHERE id > ? ORDER BY id LIMIT ?",
        id,
        limit,
      )
      .toArray();
  }

  tidy(now: number): void {
    this.sql.exec("DELETE FROM signals WHERE at <= ?", now - KEPT);
  }
}
