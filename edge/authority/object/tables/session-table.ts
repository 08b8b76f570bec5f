// Sessions, by the digest of their token.
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY, user TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user);
`;

export interface SessionRow {
  user: string;
  /** Unix seconds. */
  expires: number;
  ended: boolean;
  /** When the user was last active, Unix seconds. */
  active: number | undefined;
}

export class SessionTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  insert(digest: string, user: string, created: number, expires: number): void {
    this.sql.exec("INSERT INTO sessions (digest, user, created, expires) VALUES (?, ?, ?, ?)", digest, user, created, expires);
  }

  get(digest: string): SessionRow | undefined {
    // With the activity, because almost every request needs both and a statement costs more than the look-up.
    const row = this.first<{ user: string; expires: number; ended: number; at: number | null }>(
      "SELECT user, expires, ended, at FROM sessions LEFT JOIN activity USING (user) WHERE digest = ?",
      digest,
    );
    return row && { user: row.user, expires: row.expires, ended: row.ended !== 0, active: row.at ?? undefined };
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

  /** Ends the sessions of a removed user and takes the id out of them. Until they expire they only tell that the user was removed. */
  forget(user: string): void {
    this.sql.exec("UPDATE sessions SET ended = 1, user = '' WHERE user = ?", user);
  }

  tidy(now: number): void {
    this.sql.exec("DELETE FROM sessions WHERE expires <= ?", now);
  }
}
