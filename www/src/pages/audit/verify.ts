// Verifies the history in the browser: every entry contains the hash of the one before, so a changed or missing entry is noticed.
import { theOrganization } from "../../data/settings";
import type { Entry } from "./entry";

/** The end of the history when this browser verified it last. */
export interface LastVerification {
  version: number;
  head: string;
  /** Unix seconds. */
  at: number;
}

export type Verdict =
  | { fits: true; count: number; before: LastVerification | undefined }
  /** The entry does not follow the one before. */
  | { fits: false; kind: "broken"; version: number }
  /** The entries fit together, but differ from the ones verified last time. */
  | { fits: false; kind: "rewritten" | "shortened"; before: LastVerification };

/** Entries per batch: between batches the page can respond. */
const BATCH = 500;

export function readLastVerification(): LastVerification | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey()) ?? "null") as Partial<LastVerification> | null;
    if (kept && typeof kept.head === "string" && Number.isSafeInteger(kept.version) && typeof kept.at === "number")
      return kept as LastVerification;
  } catch {
    // No storage, or a value of another form: there is nothing to compare with.
  }
  return undefined;
}

function storageKey(): string {
  const { id, issuer } = theOrganization();
  return `wicketgate-audit:${issuer}:${id}`;
}

function store(last: LastVerification): void {
  try {
    localStorage.setItem(storageKey(), JSON.stringify(last));
  } catch {
    // No storage: the next verification has nothing to compare with.
  }
}

/** @param entries the whole history, oldest first */
export async function verify(
  entries: readonly Entry[],
  progress: (verified: number) => void,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  // The authority's module is large, so only a verification loads it.
  const { verifyChain } = await import("wicketgate/authority");
  const before = readLastVerification();
  let head: string | undefined;
  let headAtLast: string | undefined;

  for (let from = 0; from < entries.length; ) {
    // One batch ends where the last verification ended, to compare the hashes.
    const to = before && from < before.version ? Math.min(from + BATCH, before.version) : from + BATCH;
    const batch = entries.slice(from, to);
    const fits = async (count: number) =>
      count === 0 || (await verifyChain(batch.slice(0, count), head).then(() => true, isTampered));
    if (!(await fits(batch.length)))
      return { fits: false, kind: "broken", version: from + 1 + (await firstMisfit(batch.length, fits)) };
    head = await verifyChain(batch, head);
    from += batch.length;
    if (from === before?.version) headAtLast = head;
    progress(from);
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return undefined;
  }

  if (before && entries.length < before.version) return { fits: false, kind: "shortened", before };
  if (before && headAtLast !== before.head) return { fits: false, kind: "rewritten", before };
  store({ version: entries.length, head: head!, at: Math.floor(Date.now() / 1000) });
  return { fits: true, count: entries.length, before };
}

/** Finds the first entry that does not fit by bisection. @returns the number of entries before it */
async function firstMisfit(count: number, fits: (count: number) => Promise<boolean>): Promise<number> {
  let [good, bad] = [0, count];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (await fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function isTampered(error: unknown): false {
  if ((error as { code?: unknown }).code === "tampered") return false;
  throw error;
}
