// The latest saved state, in parts: a large organization is never one text. Earlier versions kept it as one text, which is still read.
import { join, split } from "./parts";
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS states (part INTEGER PRIMARY KEY, version INTEGER NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS state_parts (part INTEGER, slice INTEGER, version INTEGER NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (part, slice)) WITHOUT ROWID;
`;

export interface StatePart {
  part: number;
  version: number;
  /** SHA-256 of the digest before and of the text. */
  digest: string;
  text: string;
}

export class StateTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  clear(): void {
    this.sql.exec("DELETE FROM states");
    this.sql.exec("DELETE FROM state_parts");
  }

  insert({ part, version, digest, text }: StatePart): void {
    for (const [slice, piece] of split(text).entries()) {
      this.sql.exec("INSERT INTO state_parts VALUES (?, ?, ?, ?, ?)", part, slice, version, digest, piece);
    }
  }

  /** The version of the saved state. */
  version(): number | undefined {
    const found = this.first<{ version: number }>("SELECT version FROM state_parts UNION ALL SELECT version FROM states LIMIT 1");
    return found?.version;
  }

  /** The parts in order, each read when it is taken. */
  *parts(): Generator<StatePart> {
    let part: StatePart | undefined;
    for (const row of this.sql.exec<{ part: number; version: number; digest: string; text: string }>(
      "SELECT part, version, digest, text FROM state_parts ORDER BY part, slice",
    )) {
      if (part?.part === row.part) {
        part.text += row.text;
        continue;
      }
      if (part) yield part;
      part = { ...row };
    }
    if (part) yield part;
  }

  /** A state of an earlier version, as one text. Its digest is that of the text alone. */
  whole(): Omit<StatePart, "part"> | undefined {
    return join(
      this.sql
        .exec<{ version: number; digest: string; text: string }>("SELECT version, digest, text FROM states ORDER BY part")
        .toArray(),
    );
  }
}
