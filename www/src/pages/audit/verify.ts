// The history verified here, in the browser: every entry names the hash of the one before, so that nothing in it can be changed or left out.
import { ISSUER, ORGANIZATION } from "../../data/settings";
import type { Entry } from "./entry";

/** Where the history ended when it was verified the last time. */
export interface Kept {
  version: number;
  head: string;
  /** Unix seconds. */
  at: number;
}

export type Verdict =
  | { fits: true; count: number; before: Kept | undefined }
  /** The entry does not follow the one before. */
  | { fits: false; kind: "broken"; version: number }
  /** It fits together, and is another one than the one verified then. */
  | { fits: false; kind: "rewritten" | "shortened"; before: Kept };

/** So many entries at once: then the page gets its turn. */
const BATCH = 500;
const KEPT = `wicketgate-audit:${ISSUER}:${ORGANIZATION}`;

export function readKept(): Kept | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null") as Partial<Kept> | null;
    if (kept && typeof kept.head === "string" && Number.isSafeInteger(kept.version) && typeof kept.at === "number")
      return kept as Kept;
  } catch {
    // A browser that keeps nothing, or something else that was kept: there is nothing to compare with.
  }
  return undefined;
}

function keep(kept: Kept): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // Then the next time has nothing to compare with.
  }
}

/** @param entries the whole history, oldest first */
export async function verify(
  entries: readonly Entry[],
  progress: (verified: number) => void,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  // The authority's module is large: for those who ask for this.
  const { verifyChain } = await import("wicketgate/authority");
  const before = readKept();
  let head: string | undefined;
  let headThen: string | undefined;

  for (let from = 0; from < entries.length; ) {
    // Up to where it was verified then, to compare.
    const to = before && from < before.version ? Math.min(from + BATCH, before.version) : from + BATCH;
    const batch = entries.slice(from, to);
    const fits = async (count: number) =>
      count === 0 || (await verifyChain(batch.slice(0, count), head).then(() => true, isTampered));
    if (!(await fits(batch.length)))
      return { fits: false, kind: "broken", version: from + 1 + (await firstMisfit(batch.length, fits)) };
    head = await verifyChain(batch, head);
    from += batch.length;
    if (from === before?.version) headThen = head;
    progress(from);
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return undefined;
  }

  if (before && entries.length < before.version) return { fits: false, kind: "shortened", before };
  if (before && headThen !== before.head) return { fits: false, kind: "rewritten", before };
  keep({ version: entries.length, head: head!, at: Math.floor(Date.now() / 1000) });
  return { fits: true, count: entries.length, before };
}

/** The first that does not fit: as many as there are before it do. */
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
