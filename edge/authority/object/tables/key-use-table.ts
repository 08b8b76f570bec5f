// When each API key was last used.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS key_uses (key TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`;

export class KeyUseTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** @param at Unix seconds */
  record(key: string, at: number): void {
    this.sql.exec("INSERT OR REPLACE INTO key_uses VALUES (?, ?)", key, at);
  }

  of(key: string): number | undefined {
    return this.first<{ at: number }>("SELECT at FROM key_uses WHERE key = ?", key)?.at;
  }

  all(): { key: string; at: number }[] {
    return this.sql.exec<{ key: string; at: number }>("SELECT key, at FROM key_uses").toArray();
  }

  /** Another key may get the same id later. */
  forget(key: string): void {
    this.sql.exec("DELETE FROM key_uses WHERE key = ?", key);
  }
}
