// The tables of the object, and nothing else touches them. Methods that write are meant to be called in a transaction.
import type { DirectoryEvent as Event } from "wicketgate/authority";
import type { Jwk } from "wicketgate";
import { MAILS_COUNTED } from "../bounds";

/** UTF-16 units of one row's text: at most three bytes each in UTF-8, so below the 2 MB that a row may have. */
const PART = 256 * 1024;

/** Answers are remembered for a day: retries come within minutes, and the table does not grow without end. */
const ANSWERS_KEPT = 24 * 60 * 60;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (version INTEGER, part INTEGER, text TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS head (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL, hash TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS states (part INTEGER PRIMARY KEY, version INTEGER NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY, user TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user);
  CREATE TABLE IF NOT EXISTS remembered (digest TEXT PRIMARY KEY, account_of TEXT) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS remembered_account_of ON remembered (account_of);
  CREATE TABLE IF NOT EXISTS answers (actor TEXT, key TEXT, body TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (actor, key)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS answers_at ON answers (at);
  CREATE TABLE IF NOT EXISTS mails (address TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS mails_address ON mails (address, at);
  CREATE INDEX IF NOT EXISTS mails_actor ON mails (actor, at);
  CREATE INDEX IF NOT EXISTS mails_at ON mails (at);
  CREATE TABLE IF NOT EXISTS activity (user TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reviews (version INTEGER PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS review_facts (version INTEGER, part INTEGER, digest TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS keys (kid TEXT PRIMARY KEY, public TEXT NOT NULL, secret TEXT, signs_from INTEGER NOT NULL, signs_until INTEGER, published_until INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS gate (assistant TEXT PRIMARY KEY, due INTEGER NOT NULL, change INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS gate_due ON gate (due);
`;

export interface SessionRow {
  user: string;
  expires: number;
  ended: boolean;
}

export interface KeyRow {
  kid: string;
  public: Jwk;
  /** Absent for a retired key and for one that is configured as a secret. */
  secret?: Jwk;
  signsFrom: number;
  signsUntil?: number;
  publishedUntil?: number;
}

export interface State {
  version: number;
  digest: string;
  text: string;
}

/** A row of a text that does not fit into one; the others say the same besides the text. */
type Part = { digest: string; text: string };

export class Storage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
    this.#addGateVersions();
  }

  // Events

  insertEvent({ version, text, sealed }: Event, hash: string): void {
    const texts = parts(text);
    const seals = parts(sealed);
    for (let part = 0; part < Math.max(texts.length, seals.length); part += 1) {
      this.#sql.exec("INSERT INTO events VALUES (?, ?, ?, ?)", version, part, texts[part] ?? "", seals[part] ?? "");
    }
    this.#sql.exec(
      "INSERT INTO head VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, hash = excluded.hash",
      version,
      hash,
    );
  }

  /** Events after a version, in order, at most `limit` and about as many as fit `bytes`. */
  *events(after: number, limit = Infinity, bytes = Infinity): Generator<Event> {
    let event: Event | undefined;
    let count = 0;
    let size = 0;
    for (const row of this.#sql.exec<{ version: number; text: string; sealed: string }>(
      "SELECT version, text, sealed FROM events WHERE version > ? ORDER BY version, part",
      after,
    )) {
      if (event?.version === row.version) {
        event.text += row.text;
        event.sealed += row.sealed;
        continue;
      }
      if (event) {
        yield event;
        count += 1;
        size += event.text.length;
        if (count >= limit || size >= bytes) return;
      }
      event = { ...row };
    }
    if (event) yield event;
  }

  head(): { version: number; hash: string } | undefined {
    return this.#first<{ version: number; hash: string }>("SELECT version, hash FROM head");
  }

  // The state

  saveState({ version, digest, text }: State): void {
    this.#sql.exec("DELETE FROM states");
    for (const [part, slice] of parts(text).entries()) {
      this.#sql.exec("INSERT INTO states VALUES (?, ?, ?, ?)", part, version, digest, slice);
    }
  }

  state(): State | undefined {
    return joined(this.#sql.exec<Part & { version: number }>("SELECT version, digest, text FROM states ORDER BY part").toArray());
  }

  // Reviews, and the facts as they were at the latest ones

  /** The facts of all but the latest `kept` are dropped. */
  insertReview(version: number, digest: string, facts: string, kept: number): void {
    this.#sql.exec("INSERT INTO reviews VALUES (?)", version);
    for (const [part, slice] of parts(facts).entries()) {
      this.#sql.exec("INSERT INTO review_facts VALUES (?, ?, ?, ?)", version, part, digest, slice);
    }
    this.#sql.exec(
      "DELETE FROM review_facts WHERE version NOT IN (SELECT version FROM reviews ORDER BY version DESC LIMIT ?)",
      kept,
    );
  }

  /** The events of the latest reviews, newest first. */
  reviews(limit: number): { version: number; text: string }[] {
    return this.#sql
      .exec<{ version: number; text: string }>(
        `SELECT version, text FROM events JOIN reviews USING (version) WHERE part = 0 ORDER BY version DESC LIMIT ?`,
        limit,
      )
      .toArray();
  }

  reviewsWithFacts(): number[] {
    return this.#sql
      .exec<{ version: number }>("SELECT DISTINCT version FROM review_facts")
      .toArray()
      .map(({ version }) => version);
  }

  reviewFacts(version: number): { digest: string; text: string } | undefined {
    return joined(this.#sql.exec<Part>("SELECT digest, text FROM review_facts WHERE version = ? ORDER BY part", version).toArray());
  }

  // When people were last seen

  seen(user: string): number | undefined {
    return this.#first<{ at: number }>("SELECT at FROM activity WHERE user = ?", user)?.at;
  }

  see(user: string, at: number): void {
    this.#sql.exec("INSERT OR REPLACE INTO activity VALUES (?, ?)", user, at);
  }

  activity(): { user: string; at: number }[] {
    return this.#sql.exec<{ user: string; at: number }>("SELECT user, at FROM activity").toArray();
  }

  // Sessions

  insertSession(digest: string, user: string, created: number, expires: number): void {
    this.#sql.exec("INSERT INTO sessions (digest, user, created, expires) VALUES (?, ?, ?, ?)", digest, user, created, expires);
  }

  session(digest: string): SessionRow | undefined {
    const row = this.#first<{ user: string; expires: number; ended: number }>(
      "SELECT user, expires, ended FROM sessions WHERE digest = ?",
      digest,
    );
    return row && { ...row, ended: row.ended !== 0 };
  }

  deleteSession(digest: string): void {
    this.#sql.exec("DELETE FROM sessions WHERE digest = ?", digest);
  }

  /** The person's latest are kept, this one among them. @returns the digests of the others */
  endOldestSessions(user: string, session: string, kept: number): string[] {
    return this.#sql
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

  /** They stay until they expire, so that the person hears why. */
  endSessionsOf(user: string): void {
    this.#sql.exec("UPDATE sessions SET ended = 1 WHERE user = ?", user);
  }

  // Whoever is gone

  /**
   * Nothing that is kept under a user's id is left, because somebody else may have it later. Their sessions are nobody's from then on: they
   * only tell until they expire that this person was removed. Digests of accounts stay, as those of addresses do, and no longer say whose.
   */
  forget(user: string): void {
    this.#sql.exec("UPDATE sessions SET ended = 1, user = '' WHERE user = ?", user);
    this.#sql.exec("UPDATE remembered SET account_of = NULL WHERE account_of = ?", user);
    this.#sql.exec("DELETE FROM answers WHERE actor = ?", user);
    this.#sql.exec("DELETE FROM activity WHERE user = ?", user);
    // These count for the address they went to, too.
    this.#sql.exec("UPDATE mails SET actor = '' WHERE actor = ?", user);
  }

  // Accounts that have been somebody's and addresses of people who were removed, as digests: nobody comes back as somebody new.

  remember(digest: string, accountOf?: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO remembered VALUES (?, ?)", digest, accountOf ?? null);
  }

  /** Whether somebody has ever signed in as this user. */
  hasAccount(user: string): boolean {
    return this.#first("SELECT 1 FROM remembered WHERE account_of = ?", user) !== undefined;
  }

  remembers(digest: string): boolean {
    return this.#first("SELECT 1 FROM remembered WHERE digest = ?", digest) !== undefined;
  }

  // Answers to commands that carried an idempotency key

  insertAnswer(actor: string, key: string, body: string, answer: string, at: number): void {
    this.#sql.exec("DELETE FROM answers WHERE at <= ?", at - ANSWERS_KEPT);
    this.#sql.exec(
      "INSERT INTO answers VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body, answer = excluded.answer, at = excluded.at",
      actor,
      key,
      body,
      answer,
      at,
    );
  }

  answer(actor: string, key: string, now: number): { body: string; answer: string } | undefined {
    return this.#first<{ body: string; answer: string }>(
      "SELECT body, answer FROM answers WHERE actor = ? AND key = ? AND at > ?",
      actor,
      key,
      now - ANSWERS_KEPT,
    );
  }

  // Mails that were sent lately: to which address (its digest), and by whom

  insertMail(address: string, actor: string, at: number): void {
    this.#sql.exec("INSERT INTO mails VALUES (?, ?, ?)", address, actor, at);
  }

  /** When the mail was sent that is so many before now: to an address, by somebody, or of all. */
  mailBefore(count: number, by?: "address" | "actor", value = ""): number | undefined {
    const [where, values] = by === undefined ? ["", []] : [`WHERE ${by} = ?`, [value]];
    return this.#first<{ at: number }>(`SELECT at FROM mails ${where} ORDER BY at DESC LIMIT 1 OFFSET ?`, ...values, count - 1)?.at;
  }

  // Keys

  keys(): KeyRow[] {
    type Row = {
      kid: string;
      public: string;
      secret: string | null;
      signs_from: number;
      signs_until: number | null;
      published_until: number | null;
    };
    return this.#sql
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

  putKey({ kid, public: published, secret, signsFrom, signsUntil, publishedUntil }: KeyRow): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?, ?, ?)",
      kid,
      JSON.stringify(published),
      secret ? JSON.stringify(secret) : null,
      signsFrom,
      signsUntil ?? null,
      publishedUntil ?? null,
    );
  }

  deleteKey(kid: string): void {
    this.#sql.exec("DELETE FROM keys WHERE kid = ?", kid);
  }

  // Snapshots for the gate that are to be written

  /**
   * `version` is that of the event that concerns them. `change` grows, so that a row is known that was marked again while its snapshot
   * was being written.
   */
  markGate(assistants: Iterable<string>, version: number): void {
    for (const assistant of assistants) {
      this.#sql.exec(
        `INSERT INTO gate (assistant, due, change, version) VALUES (?, 0, 1, ?)
        ON CONFLICT DO UPDATE SET due = 0, change = change + 1, version = excluded.version`,
        assistant,
        version,
      );
    }
  }

  /** The version of the last event that concerned an assistant's snapshot. */
  gateVersion(assistant: string): number | undefined {
    return this.#first<{ version: number }>("SELECT version FROM gate WHERE assistant = ?", assistant)?.version;
  }

  markWholeGate(): void {
    this.#sql.exec("UPDATE gate SET due = 0, change = change + 1");
  }

  dueGate(now: number, limit: number): { assistant: string; change: number }[] {
    return this.#sql
      .exec<{ assistant: string; change: number }>(
        "SELECT assistant, change FROM gate WHERE due <= ? ORDER BY due LIMIT ?",
        now,
        limit,
      )
      .toArray();
  }

  /** When it is due next, unless it was marked again. */
  gateWritten(assistant: string, change: number, due: number): void {
    this.#sql.exec("UPDATE gate SET due = ? WHERE assistant = ? AND change = ?", due, assistant, change);
  }

  gateDeleted(assistant: string, change: number): void {
    this.#sql.exec("DELETE FROM gate WHERE assistant = ? AND change = ?", assistant, change);
  }

  inGate(assistant: string): boolean {
    return this.#first("SELECT 1 FROM gate WHERE assistant = ?", assistant) !== undefined;
  }

  /** Drops what has outlived its use. */
  tidy(now: number): void {
    this.#sql.exec("DELETE FROM sessions WHERE expires <= ?", now);
    this.#sql.exec("DELETE FROM answers WHERE at <= ?", now - ANSWERS_KEPT);
    this.#sql.exec("DELETE FROM mails WHERE at <= ?", now - MAILS_COUNTED);
  }

  /** Storage from before says of no assistant which event concerned it last: none did that is later than the present version. */
  #addGateVersions(): void {
    if (this.#first("SELECT 1 FROM pragma_table_info('gate') WHERE name = 'version'")) return;
    this.#sql.exec("ALTER TABLE gate ADD COLUMN version INTEGER NOT NULL DEFAULT 0");
    this.#sql.exec("UPDATE gate SET version = head.version FROM head");
  }

  #first<T extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): T | undefined {
    return this.#sql.exec<T>(query, ...values).toArray()[0];
  }
}

/** The rows of one text as one. */
function joined<T extends Part>(rows: T[]): T | undefined {
  return rows[0] && { ...rows[0], text: rows.map(({ text }) => text).join("") };
}

/** Slices that never cut a character in two; one empty slice for an empty text. */
function parts(text: string): string[] {
  const slices: string[] = [];
  let start = 0;
  do {
    let end = Math.min(start + PART, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    slices.push(text.slice(start, end));
    start = end;
  } while (start < text.length);
  return slices;
}
