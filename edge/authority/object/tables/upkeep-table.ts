// When the last round of upkeep ended.
import { Table } from "./table";

const SCHEMA = "CREATE TABLE IF NOT EXISTS upkeep (id INTEGER PRIMARY KEY CHECK (id = 1), ended INTEGER NOT NULL)";

export class UpkeepTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** Unix seconds; nothing before the first round. */
  ended(): number | undefined {
    return this.first<{ ended: number }>("SELECT ended FROM upkeep")?.ended;
  }

  record(ended: number): void {
    this.sql.exec("INSERT OR REPLACE INTO upkeep VALUES (1, ?)", ended);
  }
}
