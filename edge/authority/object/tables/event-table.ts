// The history: every event with its text and its sealed part, and the version and hash of the last one.
import type { DirectoryEvent } from "wicketgate/authority";
import { join, split } from "./parts";
import { Table } from "./table";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (version INTEGER, part INTEGER, text TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (version, part)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS head (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL, hash TEXT NOT NULL);
`;

const INSERT = "INSERT INTO events VALUES (?, ?, ?, ?)";
/** Rows of one statement: the platform binds at most a hundred values. */
const ROWS = 25;
const INSERT_ROWS = `${INSERT}${", (?, ?, ?, ?)".repeat(ROWS - 1)}`;

export class EventTable extends Table {
  constructor(sql: SqlStorage) {
    super(sql, SCHEMA);
  }

  insert(event: DirectoryEvent): void {
    for (const row of rowsOf(event)) this.sql.exec(INSERT, ...row);
  }

  /** As {@link EventTable.insert}, with fewer statements: each costs as much as a row. */
  insertAll(events: DirectoryEvent[]): void {
    const rows = events.flatMap(rowsOf);
    let next = 0;
    for (; next + ROWS <= rows.length; next += ROWS) this.sql.exec(INSERT_ROWS, ...rows.slice(next, next + ROWS).flat());
    for (const row of rows.slice(next)) this.sql.exec(INSERT, ...row);
  }

  clear(): void {
    this.sql.exec("DELETE FROM events");
  }

  /** Which event is the last one. @param hash of its text */
  setHead(version: number, hash: string): void {
    this.sql.exec(
      "INSERT INTO head VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, hash = excluded.hash",
      version,
      hash,
    );
  }

  /** Events after a version, in order: at most `limit`, and no more once their texts have `size` UTF-16 units. */
  *after(version: number, limit = Infinity, size = Infinity): Generator<DirectoryEvent> {
    let event: DirectoryEvent | undefined;
    let count = 0;
    let length = 0;
    for (const row of this.sql.exec<{ version: number; text: string; sealed: string }>(
      "SELECT version, text, sealed FROM events WHERE version > ? ORDER BY version, part",
      version,
    )) {
      if (event?.version === row.version) {
        event.text += row.text;
        event.sealed += row.sealed;
        continue;
      }
      if (event) {
        yield event;
        count += 1;
        length += event.text.length + event.sealed.length;
        if (count >= limit || length >= size) return;
      }
      event = { ...row };
    }
    if (event) yield event;
  }

  /** The text of one event, without what is sealed. */
  text(version: number): string | undefined {
    return join(this.sql.exec<{ text: string }>("SELECT text FROM events WHERE version = ? ORDER BY part", version).toArray())
      ?.text;
  }

  head(): { version: number; hash: string } | undefined {
    return this.first<{ version: number; hash: string }>("SELECT version, hash FROM head");
  }
}

/** The rows of an event: its version, the number of the part, the two texts. */
function rowsOf({ version, text, sealed }: DirectoryEvent): [number, number, string, string][] {
  const [texts, seals] = [split(text), split(sealed)];
  const rows: [number, number, string, string][] = [];
  for (let part = 0; part < Math.max(texts.length, seals.length); part += 1) {
    rows.push([version, part, texts[part] ?? "", seals[part] ?? ""]);
  }
  return rows;
}
