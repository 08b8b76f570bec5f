// The keys that sign, with the times that decide what each may do (Unix seconds).
import type { Jwk } from "wicketgate";
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (kid TEXT PRIMARY KEY, public TEXT NOT NULL, secret TEXT, signs_from INTEGER NOT NULL, signs_until INTEGER, published_until INTEGER) WITHOUT ROWID;
`;

export interface KeyRow {
  kid: string;
  public: Jwk;
  /** Absent for a retired key and for the configured secret `SIGNING_KEY`. */
  secret?: Jwk;
  signsFrom: number;
  signsUntil?: number;
  publishedUntil?: number;
}

export class KeyTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  all(): KeyRow[] {
    type Row = {
      kid: string;
      public: string;
      secret: string | null;
      signs_from: number;
      signs_until: number | null;
      published_until: number | null;
    };
    return this.sql
      .exec<Row>("SELECT * FROM keys ORDER BY signs_from, kid")
      .toArray()
      .map((row) => ({
        kid: row.kid,
        public: JSON.parse(row.public) as Jwk,
        ...(row.secret !== null && { secret: JSON.parse(row.secret) as Jwk }),
        signsFrom: row.signs_from,
        ...(row.signs_until !== null && { signsUntil: row.signs_until }),
        ...(row.published_until !== null && { publishedUntil: row.published_until }),
      }));
  }

  put({ kid, public: published, secret, signsFrom, signsUntil, publishedUntil }: KeyRow): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?, ?)",
      kid,
      JSON.stringify(published),
      secret ? JSON.stringify(secret) : null,
      signsFrom,
      signsUntil ?? null,
      publishedUntil ?? null,
    );
  }

  delete(kid: string): void {
    this.sql.exec("DELETE FROM keys WHERE kid = ?", kid);
  }
}
