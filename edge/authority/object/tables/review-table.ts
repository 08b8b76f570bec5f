// Which events are access reviews, and the facts as they were at the latest ones.
import { join } from "./parts";
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS reviews (version INTEGER PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS review_facts (version INTEGER, part INTEGER, digest TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID;
`;

export class ReviewTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** Only the latest `kept` reviews keep their facts. @param facts in pieces that each fit into a row */
  insert(version: number, digest: string, facts: Iterable<string>, kept: number): void {
    this.note(version);
    let part = 0;
    for (const text of facts) this.sql.exec("INSERT INTO review_facts VALUES (?, ?, ?, ?)", version, part++, digest, text);
    this.sql.exec(
      "DELETE FROM review_facts WHERE version NOT IN (SELECT version FROM reviews ORDER BY version DESC LIMIT ?)",
      kept,
    );
  }

  /** A review of which no facts are kept. */
  note(version: number): void {
    this.sql.exec("INSERT INTO reviews VALUES (?)", version);
  }

  clear(): void {
    this.sql.exec("DELETE FROM reviews");
    this.sql.exec("DELETE FROM review_facts");
  }

  /** The events of the latest reviews, newest first. */
  latest(limit: number): { version: number; text: string }[] {
    return this.sql
      .exec<{ version: number; text: string }>(
        `SELECT version, text FROM events JOIN reviews USING (version) WHERE part = 0 ORDER BY version DESC LIMIT ?`,
        limit,
      )
      .toArray();
  }

  versionsWithFacts(): number[] {
    return this.sql
      .exec<{ version: number }>("SELECT DISTINCT version FROM review_facts")
      .toArray()
      .map(({ version }) => version);
  }

  facts(version: number): { digest: string; text: string } | undefined {
    return join(
      this.sql
        .exec<{ digest: string; text: string }>("SELECT digest, text FROM review_facts WHERE version = ? ORDER BY part", version)
        .toArray(),
    );
  }
}
