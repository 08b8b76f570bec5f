/**
 * What other pages, connections and storages say, made harmless: shapes and ranges. Nothing of it is believed. A token is verified by whoever
 * takes it in, the rest is a reason to ask the authority, and so is nonsense.
 */
import { parsed } from "../answers.js";
import { bytesOf } from "../bytes.js";
import { LATEST } from "../clock.js";
import { given } from "../given.js";
import type { DetachedSnapshot } from "../snapshot.js";

/** What the pages of one person tell each other. */
export interface Relayed {
  /** There is this version. */
  version?: number | undefined;
  /** A snapshot of that version, or a delta to it. */
  token?: DetachedSnapshot | undefined;
  delta?: boolean | undefined;
  /** Whether the authority is out of reach. */
  down?: boolean | undefined;
  /** The authority has signed this person out. */
  out?: boolean | undefined;
}

/** What was written down under a key: the highest version, the latest time, and when the newest token was issued. */
export interface Past {
  version: number;
  time: number;
  issued: number;
}

/** Longest word of the authority on a connection, in characters. */
const MAX_WORD = 1024;

/** None is so high that there could be no later one. */
function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < Number.MAX_SAFE_INTEGER;
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0 && (value as number) <= LATEST;
}

/** The version that the authority tells of on a connection. */
export function versionOf(word: unknown): number | undefined {
  const version = typeof word === "string" && word.length <= MAX_WORD ? given(parsed(word), "version") : undefined;
  return isVersion(version) ? version : undefined;
}

/** What another page says; nothing, if that is nonsense. */
export function relayedOf(data: unknown): Relayed | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const [version, token, delta, down, out] = ["version", "token", "delta", "down", "out"].map((name) => given(data, name));
  if ([delta, down, out].some((value) => value !== undefined && typeof value !== "boolean")) return undefined;
  if (version === undefined ? token !== undefined : !isVersion(version)) return undefined;
  if (token !== undefined) {
    const payload = given(token, "payload");
    if (typeof given(token, "signature") !== "string" || (typeof payload !== "string" && bytesOf(payload) === undefined)) return undefined;
  }
  return { version, token, delta, down, out } as Relayed;
}

/** What a storage holds; zeros for all of it, if any of it is nonsense. */
export function pastOf(text: string | null | undefined): Past {
  const stored = parsed(text ?? "{}");
  const [version = 0, time = 0, issued = 0] = ["version", "time", "issued"].map((name) => given(stored, name));
  return isVersion(version) && isTime(time) && isTime(issued) ? { version, time, issued } : { version: 0, time: 0, issued: 0 };
}
