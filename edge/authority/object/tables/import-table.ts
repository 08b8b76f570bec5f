// Whether an import was begun and not finished: its events are on the disk and count for nothing.
import { Table } from "./table";

const SCHEMA = `CREATE TABLE IF NOT EXISTS imports (only INTEGER PRIMARY KEY CHECK (only = 1));`;

export class ImportTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  get begun(): boolean {
    return this.first("SELECT only FROM imports") !== undefined;
  }

  begin(): void {
    this.sql.exec("INSERT INTO imports VALUES (1)");
  }

  end(): void {
    this.sql.exec("DELETE FROM imports");
  }
}
