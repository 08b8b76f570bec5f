// One entry of the audit log: its exact text, and the content parsed from it.
import type { Command } from "wicketgate/authority";

/** The executed command: ids filled in, without secrets, and with what else it changed. */
export type Executed = { user?: string; was?: string; ended?: string[] } & (
  | Command
  | { type: "found"; organization: string; part?: number }
);

export interface Entry {
  version: number;
  /** Byte for byte: the next entry contains its hash. */
  text: string;
  /** `undefined` if the text does not have the form that the authority writes. */
  content: EntryContent | undefined;
}

export interface EntryContent {
  /** Unix seconds. */
  at: number;
  /** The id of the person; absent for the service itself, and for an API key that acted for itself. */
  actor?: string;
  /** The id of the API key that acted, for itself or on behalf of the person. */
  key?: string;
  command: Executed;
}

/** The latest format that is read. Texts without `format` have format 0. */
const FORMAT = 1;

export function readEntry(version: number, text: string): Entry {
  return { version, text, content: contentOf(text) };
}

function contentOf(text: string): EntryContent | undefined {
  try {
    const { format = 0, at, actor, via, command } = JSON.parse(text) as Partial<WrittenEntry>;
    if (format > FORMAT || typeof at !== "number" || typeof command?.type !== "string") return undefined;
    const by = format === 0 ? { user: actor } : { ...(actor as object | undefined), via };
    return { at, command, ...actorOf(by) };
  } catch {
    return undefined;
  }
}

interface WrittenEntry {
  format: number;
  at: number;
  actor: unknown;
  via: unknown;
  command: Executed;
}

/** @throws {Error} if it does not have the form of an actor */
function actorOf({ user, key, via }: { user?: unknown; key?: unknown; via?: unknown }): Pick<EntryContent, "actor" | "key"> {
  const id = key ?? via;
  if (![user, id].every((value) => value === undefined || typeof value === "string")) throw new Error("the actor has another form");
  return { ...(user !== undefined && { actor: user as string }), ...(id !== undefined && { key: id as string }) };
}
