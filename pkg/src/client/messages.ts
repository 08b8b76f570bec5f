/**
 * What other pages, connections and storages say, made harmless: shapes and ranges. Nothing of it is believed. A token is verified by whoever
 * takes it in, the rest is a reason to ask the authority, and so is nonsense.
 */
import { parsed } from "../lib/responses.js";
import { bytesOf } from "../lib/bytes.js";
import { LATEST } from "../lib/clock.js";
import { ownProperty } from "../lib/options.js";
import type { Revision } from "../lib/revision.js";
import type { DetachedSnapshot } from "../snapshot/snapshot.js";

/** What the pages of one person tell each other. */
export interface Relayed {
  /** There is this version, of this epoch: of the first if absent. */
  version?: number | undefined;
  epoch?: number | undefined;
  /** A snapshot of that version, or a delta to it. */
  token?: DetachedSnapshot | undefined;
  delta?: boolean | undefined;
  /** Whether the authority is out of reach. */
  down?: boolean | undefined;
  /** The authority has signed this person out. */
  out?: boolean | undefined;
}

/** What was written down under a key: of when the latest facts are, the latest time, and when the newest token was issued. */
export interface Past extends Revision {
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

/** Of when facts are, where something says so. */
function revisionIn(said: unknown): Revision | undefined {
  const [epoch = 0, version] = [ownProperty(said, "epoch"), ownProperty(said, "version")];
  return isVersion(epoch) && isVersion(version) ? { epoch, version } : undefined;
}

/** Of when the facts are that the authority tells of on a connection. */
export function revisionMessage(word: unknown): Revision | undefined {
  return typeof word === "string" && word.length <= MAX_WORD ? revisionIn(parsed(word)) : undefined;
}

/** What another page says; nothing, if that is nonsense. */
export function relayedOf(data: unknown): (Omit<Relayed, "version" | "epoch"> & { revision: Revision | undefined }) | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const [version, token, delta, down, out] = ["version", "token", "delta", "down", "out"].map((name) => ownProperty(data, name));
  const revision = revisionIn(data);
  if ([delta, down, out].some((value) => value !== undefined && typeof value !== "boolean")) return undefined;
  if (revision === undefined && (version !== undefined || token !== undefined)) return undefined;
  if (token !== undefined) {
    const payload = ownProperty(token, "payload");
    if (typeof ownProperty(token, "signature") !== "string" || (typeof payload !== "string" && bytesOf(payload) === undefined))
      return undefined;
  }
  return { revision, token, delta, down, out } as ReturnType<typeof relayedOf>;
}

/** What a storage holds; zeros for all of it, if any of it is nonsense. */
export function pastOf(text: string | null | undefined): Past {
  const stored = parsed(text ?? "{}");
  const [epoch = 0, version = 0, time = 0, issued = 0] = ["epoch", "version", "time", "issued"].map((name) =>
    ownProperty(stored, name),
  );
  if (isVersion(epoch) && isVersion(version) && isTime(time) && isTime(issued)) return { epoch, version, time, issued };
  return { epoch: 0, version: 0, time: 0, issued: 0 };
}
