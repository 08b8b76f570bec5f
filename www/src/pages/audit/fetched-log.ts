// The part of the audit log that was fetched so far: from some entry up to the last one, without gaps. More of it comes as it is asked for.
import { limits } from "wicketgate/contract";
import { ApiError, type Failure, failureOf, getJson } from "../../data/api";
import { type Entry, readEntry } from "./entry";

/** So many come at once as one scrolls. */
export const PAGE = 100;
/** As many as the authority gives at once: where all are wanted, or something is looked for. */
export const LARGE_PAGE: number = limits.auditPage;

export interface Fetched {
  /** Oldest first. */
  entries: readonly Entry[];
  busy: boolean;
  failure: Failure | undefined;
}

interface Answer {
  events: { version: number; text: string }[];
}

export class History {
  #fetched: Fetched = { entries: [], busy: false, failure: undefined };
  #listeners = new Set<() => void>();
  /** One after the other: each begins where the one before ended. */
  #queue: Promise<void> = Promise.resolve();

  readonly read = (): Fetched => this.#fetched;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Fetches what there is up to the version: the last page at first, later what is new. */
  reach(version: number): Promise<void> {
    return this.#next(async (entries) => {
      const from = entries.at(-1)?.version ?? Math.max(0, version - PAGE);
      return version > from ? [...entries, ...(await fetchEntries(from, version))] : undefined;
    });
  }

  /** Fetches so many of those before the first. */
  older(count: number): Promise<void> {
    return this.#next(async (entries) => {
      const first = entries[0]?.version ?? 1;
      return first > 1 ? [...(await fetchEntries(Math.max(0, first - 1 - count), first - 1)), ...entries] : undefined;
    });
  }

  /** Fetches the rest, up to the version. @returns all; nothing where that failed, which `read` tells */
  async all(version: number, progress: (fetched: number) => void, signal: AbortSignal): Promise<readonly Entry[] | undefined> {
    await this.reach(version);
    for (;;) {
      const { entries, failure } = this.#fetched;
      if (signal.aborted || failure) return undefined;
      if (entries[0]?.version === 1) return entries;
      progress(entries.length);
      await this.older(LARGE_PAGE);
    }
  }

  #next(fetch: (entries: readonly Entry[]) => Promise<Entry[] | undefined>): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      this.#tell({ ...this.#fetched, busy: true, failure: undefined });
      try {
        this.#tell({ entries: (await fetch(this.#fetched.entries)) ?? this.#fetched.entries, busy: false, failure: undefined });
      } catch (error) {
        this.#tell({ ...this.#fetched, busy: false, failure: failureOf(error) });
      }
    });
    return this.#queue;
  }

  #tell(fetched: Fetched): void {
    this.#fetched = fetched;
    for (const listener of this.#listeners) listener();
  }
}

/** Those after the one and up to the other. The authority may give fewer at once than asked for. */
async function fetchEntries(after: number, until: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let reached = after; reached < until; reached = after + entries.length) {
    const { events } = await getJson<Answer>(`/v1/audit?after=${reached}&limit=${Math.min(LARGE_PAGE, until - reached)}`);
    // An entry that is missing would go unnoticed otherwise, until the whole is verified.
    if (events.length === 0 || events.some(({ version }, index) => version !== reached + 1 + index))
      throw new ApiError({ kind: "unverified", code: "tampered" });
    entries.push(...events.map(({ version, text }) => readEntry(version, text)));
  }
  return entries;
}
