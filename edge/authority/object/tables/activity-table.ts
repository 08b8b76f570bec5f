// When each user was last active.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS activity (user TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`;

export class ActivityTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** @param at Unix seconds */
  record(user: string, at: number): void {
    this.sql.exec("INSERT OR REPLACE INTO activity VALUES (?, ?)", user, at);
  }

  all(): { user: string; at: number }[] {
    return this.sql.exec<{ user: string; at: number }>("SELECT user, at FROM activity").toArray();
  }

  forget(user: string): void {
    this.sql.exec("DELETE FROM activity WHERE user = ?", user);
  }
}
