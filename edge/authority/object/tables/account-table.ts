// Digests of accounts that signed in, and of the addresses of removed users: nobody comes back as a new user without an invitation.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS remembered (digest TEXT PRIMARY KEY, account_of TEXT) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS remembered_account_of ON remembered (account_of);
`;

export class AccountTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** @param user for an account: the user that it belongs to */
  remember(digest: string, user?: string): void {
    this.sql.exec("INSERT OR REPLACE INTO remembered VALUES (?, ?)", digest, user ?? null);
  }

  remembers(digest: string): boolean {
    return this.first("SELECT 1 FROM remembered WHERE digest = ?", digest) !== undefined;
  }

  /** Whether an account has ever signed in as this user. */
  hasAccount(user: string): boolean {
    return this.first("SELECT 1 FROM remembered WHERE account_of = ?", user) !== undefined;
  }

  clear(): void {
    this.sql.exec("DELETE FROM remembered");
  }

  /** The digest stays and no longer says which user it was. */
  forget(user: string): void {
    this.sql.exec("UPDATE remembered SET account_of = NULL WHERE account_of = ?", user);
  }
}
