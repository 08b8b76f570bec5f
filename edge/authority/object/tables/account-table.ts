// Digests of accounts that signed in, and of the addresses of removed users: nobody comes back as a new user without an invitation.
import type { AccountReport } from "../../messages";
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS remembered (digest TEXT PRIMARY KEY, account_of TEXT) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS remembered_account_of ON remembered (account_of);
  CREATE TABLE IF NOT EXISTS reported (account TEXT PRIMARY KEY) WITHOUT ROWID;
`;

export class AccountTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  /** @param user for an account: the user that it belongs to, in place of an earlier account */
  remember(digest: string, user?: string): void {
    if (user !== undefined) this.forget(user);
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
    this.sql.exec("DELETE FROM reported");
  }

  /** Differences between the accounts of users and those that the registry was told. */
  unreported(limit: number): AccountReport[] {
    return this.sql
      .exec<{ account: string; present: number }>(
        `SELECT digest AS account, 1 AS present FROM remembered WHERE account_of IS NOT NULL AND digest NOT IN (SELECT account FROM reported)
        UNION ALL SELECT account, 0 FROM reported
        WHERE account NOT IN (SELECT digest FROM remembered WHERE account_of IS NOT NULL) LIMIT ?`,
        limit,
      )
      .toArray()
      .map(({ account, present }) => ({ account, present: present !== 0 }));
  }

  recordReported(reports: AccountReport[]): void {
    for (const { account, present } of reports) {
      if (present) this.sql.exec("INSERT OR IGNORE INTO reported VALUES (?)", account);
      else this.sql.exec("DELETE FROM reported WHERE account = ?", account);
    }
  }

  /** In their order. */
  reported(): string[] {
    return this.sql
      .exec<{ account: string }>("SELECT account FROM reported ORDER BY account")
      .toArray()
      .map(({ account }) => account);
  }

  forgetReported(): void {
    this.sql.exec("DELETE FROM reported");
  }

  /** The digest stays and no longer says which user it was. */
  forget(user: string): void {
    this.sql.exec("UPDATE remembered SET account_of = NULL WHERE account_of = ?", user);
  }
}
