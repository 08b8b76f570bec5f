// Sessions, by the digest of their token.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY, user TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user);
`;

/** Storage from before sessions had it. */
const ACCOUNT = "ALTER TABLE sessions ADD COLUMN account TEXT";

export interface SessionRow {
  user: string;
  /** The digest of the account that it was begun with. */
  account: string | undefined;
  /** Unix seconds. */
  expires: number;
  ended: boolean;
  /** When the user was last active, Unix seconds. */
  active: number | undefined;
}

export class SessionTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
    if (!this.first("SELECT 1 FROM pragma_table_info('sessions') WHERE name = 'account'")) sql.exec(ACCOUNT);
  }

  insert(digest: string, user: string, account: string, created: number, expires: number): void {
    this.sql.exec(
      "INSERT INTO sessions (digest, user, account, created, expires) VALUES (?, ?, ?, ?, ?)",
      digest,
      user,
      account,
      created,
      expires,
    );
  }

  get(digest: string): SessionRow | undefined {
    // With the activity, because almost every request needs both and a statement costs more than the look-up.
    const row = this.first<{ user: string; account: string | null; expires: number; ended: number; at: number | null }>(
      "SELECT user, account, expires, ended, at FROM sessions LEFT JOIN activity USING (user) WHERE digest = ?",
      digest,
    );
    return (
      row && {
        user: row.user,
        account: row.account ?? undefined,
        expires: row.expires,
        ended: row.ended !== 0,
        active: row.at ?? undefined,
      }
    );
  }

  delete(digest: string): void {
    this.sql.exec("DELETE FROM sessions WHERE digest = ?", digest);
  }

  /** Keeps `session` and the user's latest others, `kept` altogether. @returns the digests of the deleted ones */
  deleteOldest(user: string, session: string, kept: number): string[] {
    return this.sql
      .exec<{ digest: string }>(
        `DELETE FROM sessions WHERE user = ? AND digest NOT IN
        (SELECT digest FROM sessions WHERE user = ? ORDER BY digest = ? DESC, ended, created DESC LIMIT ?) RETURNING digest`,
        user,
        user,
        session,
        kept,
      )
      .toArray()
      .map(({ digest }) => digest);
  }

  /** The rows stay until they expire, so that the user is told why they are signed out. */
  endAllOf(user: string): void {
    this.sql.exec("UPDATE sessions SET ended = 1 WHERE user = ?", user);
  }

  /** Ends the sessions of a removed user and takes the id and the account out of them. Until they expire they only tell that the user was removed. */
  forget(user: string): void {
    this.sql.exec("UPDATE sessions SET ended = 1, user = '', account = NULL WHERE user = ?", user);
  }

  tidy(now: number): void {
    this.sql.exec("DELETE FROM sessions WHERE expires <= ?", now);
  }
}
