// Lines of desired facts that have arrived, by kind, until they are reconciled.
import type { FactKind } from "wicketgate/authority";
import { split } from "./parts";
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS staged (kind TEXT, chunk INTEGER, part INTEGER, text TEXT NOT NULL, PRIMARY KEY (kind, chunk, part)) WITHOUT ROWID;
`;

export class StagedTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  insert(kind: FactKind, chunk: number, lines: string): void {
    for (const [part, slice] of split(lines).entries()) {
      this.sql.exec("INSERT INTO staged VALUES (?, ?, ?, ?)", kind, chunk, part, slice);
    }
  }

  /** The numbers of the chunks with lines of a kind. */
  chunks(kind: FactKind): number[] {
    return this.sql
      .exec<{ chunk: number }>("SELECT DISTINCT chunk FROM staged WHERE kind = ? ORDER BY chunk", kind)
      .toArray()
      .map(({ chunk }) => chunk);
  }

  lines(kind: FactKind, chunk: number): string {
    return this.sql
      .exec<{ text: string }>("SELECT text FROM staged WHERE kind = ? AND chunk = ? ORDER BY part", kind, chunk)
      .toArray()
      .map(({ text }) => text)
      .join("");
  }

  clear(): void {
    this.sql.exec("DELETE FROM staged");
  }
}
