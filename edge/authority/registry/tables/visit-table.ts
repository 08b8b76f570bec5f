// People who are signed in at the apex, by the digest of their session's token.
import type { Identity } from "../../messages";
import { Table } from "../../object/tables/table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS visits (digest TEXT PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, email TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS visits_expires ON visits (expires);
`;

export class VisitTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** Also drops those that have expired. */
  insert(digest: string, { issuer, subject, email }: Identity, now: number, expires: number): void {
    this.sql.exec("DELETE FROM visits WHERE expires <= ?", now);
    this.sql.exec("INSERT INTO visits VALUES (?, ?, ?, ?, ?)", digest, issuer, subject, email, expires);
  }

  get(digest: string, now: number): Identity | undefined {
    return this.first<{ issuer: string; subject: string; email: string }>(
      "SELECT issuer, subject, email FROM visits WHERE digest = ? AND expires > ?",
      digest,
      now,
    );
  }

  delete(digest: string): void {
    this.sql.exec("DELETE FROM visits WHERE digest = ?", digest);
  }
}
