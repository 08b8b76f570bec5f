// Makes an organization from an export, all of it or nothing. The events are written as they come, and nobody sees them before the last one was verified;
// a mark says so, so that a start after a crash removes them.
import { Directory, type DirectoryEvent, WicketgateError } from "wicketgate/authority";
import { objectOf } from "../../shared/bodies";
import { Problem } from "../problem";
import { EXPORT_FORMAT, type Heading } from "./export";
import { accountDigest } from "./identity-digests";
import { lines } from "./lines";
import { rememberAddress } from "./removed-addresses";
import type { Tables } from "./tables/tables";

/** Events that are written in one transaction. */
const BATCH = 256;

export interface Imported {
  directory: Directory;
  /** To be called in the transaction that makes the organization visible. */
  finish(): void;
}

/** Reads an export. @throws Problem `invalid_import` or `unsupported_format`; then nothing is left of it */
export async function imported(
  body: ReadableStream<Uint8Array>,
  organization: string,
  tables: Tables,
  storage: DurableObjectStorage,
): Promise<Imported> {
  tables.imports.begin();
  try {
    const directory = await read(body, organization, tables, storage);
    return { directory, finish: () => tables.imports.end() };
  } catch (error) {
    storage.transactionSync(() => dropImport(tables));
    throw error;
  }
}

/** Removes what an import that was not finished has left. */
export function dropImport(tables: Tables): void {
  if (!tables.imports.begun) return;
  tables.events.clear();
  tables.accounts.clear();
  tables.reviews.clear();
  tables.imports.end();
}

async function read(
  body: ReadableStream<Uint8Array>,
  organization: string,
  tables: Tables,
  storage: DurableObjectStorage,
): Promise<Directory> {
  let heading: Heading | undefined;
  let directory: Directory | undefined;
  let batch: DirectoryEvent[] = [];
  let number = 0;
  const write = () => {
    storage.transactionSync(() => {
      for (const event of batch) keep(event, tables);
    });
    batch = [];
  };
  for await (const text of lines(body)) {
    number += 1;
    if (heading === undefined) {
      heading = headingOf(parsed(text, number), organization);
      continue;
    }
    const event = eventOf(parsed(text, number), number);
    try {
      if (directory === undefined) directory = await Directory.begin(event);
      else directory.apply(event);
    } catch (error) {
      throw error instanceof WicketgateError ? wrong(number, error.message) : error;
    }
    batch.push(event);
    if (batch.length === BATCH) write();
  }
  write();
  if (heading === undefined || directory === undefined) throw wrong(number + 1, "the export ends too early");
  const same = (["organization", "epoch", "version", "head"] as const).every((name) => heading?.[name] === directory?.[name]);
  if (!same) throw wrong(number, "the events do not lead to the version and head of the first line");
  return directory;
}

/** Writes an event, and what it changes outside the directory. */
function keep(event: DirectoryEvent, { events, accounts, reviews }: Tables): void {
  events.insert(event);
  const { command } = JSON.parse(event.text) as { command?: { type?: string; user?: string } };
  if (command?.type === "complete_review") reviews.note(event.version);
  const { directory } = JSON.parse(event.sealed) as Sealed;
  for (const { user, issuer, subject } of directory?.accounts ?? []) accounts.remember(accountDigest({ issuer, subject }), user);
  for (const user of directory?.gone?.accounts ?? []) accounts.forget(user);
  if (command?.type === "remove_user" && command.user !== undefined) rememberAddress(event, command.user, accounts);
}

/** Of a sealed text, what the tables of accounts need. */
interface Sealed {
  directory?: { accounts?: { user: string; issuer: string; subject: string }[]; gone?: { accounts?: string[] } };
}

function parsed(text: string, number: number): Record<string, unknown> {
  const value = objectOf(text);
  if (!value) throw wrong(number, "is not a JSON object");
  return value;
}

function headingOf(value: Record<string, unknown>, organization: string): Heading {
  const { format } = value;
  if (typeof format === "number" && format > EXPORT_FORMAT) {
    throw new Problem("unsupported_format", `the export has the format ${format}; this version reads up to ${EXPORT_FORMAT}`);
  }
  if (format !== EXPORT_FORMAT) throw wrong(1, "is not the heading of an export");
  if (value.organization !== organization) throw wrong(1, `is of another organization than \`${organization}\``);
  return value as unknown as Heading;
}

function eventOf({ version, text, sealed }: Record<string, unknown>, number: number): DirectoryEvent {
  if (typeof version === "number" && typeof text === "string" && typeof sealed === "string") return { version, text, sealed };
  throw wrong(number, "is not an event");
}

function wrong(number: number, reason: string): Problem {
  return new Problem("invalid_import", `line ${number}: ${reason}`, { path: `line ${number}` });
}
