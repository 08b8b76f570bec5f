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
  /** Absent for the service itself. */
  actor?: string;
  command: Executed;
}

export function readEntry(version: number, text: string): Entry {
  return { version, text, content: contentOf(text) };
}

function contentOf(text: string): EntryContent | undefined {
  try {
    const { at, actor, command } = JSON.parse(text) as Partial<EntryContent>;
    if (typeof at !== "number" || typeof command?.type !== "string" || !["string", "undefined"].includes(typeof actor))
      return undefined;
    return { at, command, ...(actor !== undefined && { actor }) };
  } catch {
    return undefined;
  }
}
