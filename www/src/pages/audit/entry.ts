// One entry of the audit log: the text as it was written, and what can be read in it.
import type { Command } from "wicketgate/authority";

/** The command as executed: ids filled in, without secrets, and what is worth knowing besides. */
export type Executed = { user?: string; was?: string; ended?: string[] } & (Command | { type: "found"; organization: string });

export interface Entry {
  version: number;
  /** Byte for byte: its hash is in the entry after it. */
  text: string;
  /** Nothing where the text is not one that an authority writes. */
  said: Said | undefined;
}

export interface Said {
  /** Unix seconds. */
  at: number;
  /** Absent for the service itself. */
  actor?: string;
  command: Executed;
}

export function readEntry(version: number, text: string): Entry {
  return { version, text, said: saidIn(text) };
}

function saidIn(text: string): Said | undefined {
  try {
    const { at, actor, command } = JSON.parse(text) as Partial<Said>;
    if (typeof at !== "number" || typeof command?.type !== "string" || !["string", "undefined"].includes(typeof actor))
      return undefined;
    return { at, command, ...(actor !== undefined && { actor }) };
  } catch {
    return undefined;
  }
}
