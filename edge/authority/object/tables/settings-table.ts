// The organization's settings as the registry gave them last. A deployment for a single organization has no row.
import type { OrganizationSettings } from "../../organization-settings";
import { Table } from "./table";

const SCHEMA =
  "CREATE TABLE IF NOT EXISTS settings (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, text TEXT NOT NULL)";

export class SettingsTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  get(): OrganizationSettings | undefined {
    const row = this.first<{ text: string }>("SELECT text FROM settings");
    return row && (JSON.parse(row.text) as OrganizationSettings);
  }

  /** @returns whether they were taken: later settings are not replaced */
  put(revision: number, settings: OrganizationSettings): boolean {
    const later = this.first("SELECT 1 FROM settings WHERE revision > ?", revision);
    if (later) return false;
    this.sql.exec("INSERT OR REPLACE INTO settings VALUES (1, ?, ?)", revision, JSON.stringify(settings));
    return true;
  }
}
