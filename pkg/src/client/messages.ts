/**
 * Checks the shape of untrusted data: messages of other pages and of the connection, and stored values. None of it is believed. Tokens are verified
 * before use; everything else, malformed data included, is only a reason to ask the authority.
 */
import { parsed } from "../lib/responses.js";
import { bytesOf } from "../lib/bytes.js";
import { LATEST } from "../lib/clock.js";
import { ownProperty } from "../lib/options.js";
import type { Revision } from "../lib/revision.js";
import type { DetachedSnapshot } from "../lib/types.js";

/** A message between the pages of one person. */
export interface TabMessage {
  /** Announces this version of this epoch (default: 0). */
  version?: number | undefined;
  epoch?: number | undefined;
  /** The snapshot of that version, or a delta to it. */
  token?: DetachedSnapshot | undefined;
  /** Whether `token` is a delta. */
  delta?: boolean | undefined;
  /** Whether the authority is out of reach. */
  down?: boolean | undefined;
  /** The authority has ended the session. */
  out?: boolean | undefined;
}

/** Stored values: the latest revision, the latest time, and the time of issue of the newest token, in Unix seconds. */
export interface StoredValues extends Revision {
  time: number;
  issued: number;
}

/** Longest message on the connection, in characters. */
const MAX_MESSAGE = 1024;

/** Whether it is a version or an epoch. The highest safe integer is not: there could be no later one. */
function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < Number.MAX_SAFE_INTEGER;
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0 && (value as number) <= LATEST;
}

/** The revision in a message; undefined without one. */
function revisionIn(message: unknown): Revision | undefined {
  const [epoch = 0, version] = [ownProperty(message, "epoch"), ownProperty(message, "version")];
  return isVersion(epoch) && isVersion(version) ? { epoch, version } : undefined;
}

/** The revision that a message on the connection announces; undefined if it is malformed. */
export function revisionMessage(message: unknown): Revision | undefined {
  return typeof message === "string" && message.length <= MAX_MESSAGE ? revisionIn(parsed(message)) : undefined;
}

/** A message of another page; undefined if it is malformed. */
export function tabMessage(
  data: unknown,
): (Omit<TabMessage, "version" | "epoch"> & { revision: Revision | undefined }) | undefined {
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
  return { revision, token, delta, down, out } as ReturnType<typeof tabMessage>;
}

/** The stored values; all zeros if any of them is malformed. */
export function storedValues(text: string | null | undefined): StoredValues {
  const stored = parsed(text ?? "{}");
  const [epoch = 0, version = 0, time = 0, issued = 0] = ["epoch", "version", "time", "issued"].map((name) =>
    ownProperty(stored, name),
  );
  if (isVersion(epoch) && isVersion(version) && isTime(time) && isTime(issued)) return { epoch, version, time, issued };
  return { epoch: 0, version: 0, time: 0, issued: 0 };
}
