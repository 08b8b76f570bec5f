// Which gate snapshots are due to be written to the key-value store. One row for each public assistant.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS gate (assistant TEXT PRIMARY KEY, due INTEGER NOT NULL, change INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS gate_due ON gate (due);
`;

/** The most snapshots that a change makes due before those of larger changes. A revoked link then never waits behind a change of the plan. */
const FEW = 50;
/** Values of `due` for "at once". They are in the past. */
const FIRST = 0;
const AFTER_THOSE = 1;

export interface DueSnapshot {
  assistant: string;
  /** Grows with every mark. It shows whether the row was marked again while its snapshot was being written. */
  change: number;
}

export class GateTable extends Table {
  /** The tables of {@link EventTable} must exist already. */
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
    this.#addVersions();
  }

  /** Makes snapshots due at once. @param version of the event that concerns these assistants */
  mark(assistants: string[], version: number): void {
    if (assistants.length === 0) return;
    // One statement, because a change of the plan concerns every public assistant. `WHERE true` is for SQLite's grammar.
    this.sql.exec(
      `INSERT INTO gate (assistant, due, change, version) SELECT value, ?, 1, ? FROM json_each(?) WHERE true
      ON CONFLICT DO UPDATE SET due = min(due, excluded.due), change = change + 1, version = excluded.version`,
      assistants.length > FEW ? AFTER_THOSE : FIRST,
      version,
      JSON.stringify(assistants),
    );
  }

  markAll(): void {
    this.sql.exec("UPDATE gate SET due = min(due, ?), change = change + 1", AFTER_THOSE);
  }

  /** The version of the last event that concerned an assistant's snapshot. */
  versionOf(assistant: string): number | undefined {
    return this.first<{ version: number }>("SELECT version FROM gate WHERE assistant = ?", assistant)?.version;
  }

  isEmpty(): boolean {
    return this.first("SELECT 1 FROM gate LIMIT 1") === undefined;
  }

  has(assistant: string): boolean {
    return this.first("SELECT 1 FROM gate WHERE assistant = ?", assistant) !== undefined;
  }

  due(now: number, limit: number): DueSnapshot[] {
    return this.sql
      .exec<{ assistant: string; change: number }>(
        "SELECT assistant, change FROM gate WHERE due <= ? ORDER BY due LIMIT ?",
        now,
        limit,
      )
      .toArray();
  }

  /** Sets when the snapshot is due next, unless it was marked again meanwhile. */
  postpone({ assistant, change }: DueSnapshot, due: number): void {
    this.sql.exec("UPDATE gate SET due = ? WHERE assistant = ? AND change = ?", due, assistant, change);
  }

  /** Drops the row, unless it was marked again meanwhile. */
  drop({ assistant, change }: DueSnapshot): void {
    this.sql.exec("DELETE FROM gate WHERE assistant = ? AND change = ?", assistant, change);
  }

  /** Migration: rows of storage from before `version` existed get the present version, which is not too early for any of them. */
  #addVersions(): void {
    if (this.first("SELECT 1 FROM pragma_table_info('gate') WHERE name = 'version'")) return;
    this.sql.exec("ALTER TABLE gate ADD COLUMN version INTEGER NOT NULL DEFAULT 0");
    this.sql.exec("UPDATE gate SET version = head.version FROM head");
  }
}
