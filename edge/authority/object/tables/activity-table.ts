// When each user was last active.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS activity (user TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`;

export class ActivityTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** Unix seconds. */
  lastOf(user: string): number | undefined {
    return this.first<{ at: number }>("SELECT at FROM activity WHERE user = ?", user)?.at;
  }

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
