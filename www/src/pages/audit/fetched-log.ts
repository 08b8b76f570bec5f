// The fetched part of the audit log: from some entry to the last one, without gaps. Older entries are fetched on request.
import { limits } from "wicketgate/contract";
import { ApiError, type Failure, failureOf, getJson } from "../../data/api";
import { type Entry, readEntry } from "./entry";

/** Entries per request while scrolling. */
export const PAGE_SIZE = 100;
/** Entries per request for a search or for the whole log. */
export const MAX_PAGE_SIZE: number = limits.auditPage;

export interface FetchedEntries {
  /** Oldest first. */
  entries: readonly Entry[];
  busy: boolean;
  failure: Failure | undefined;
}

interface Answer {
  events: { version: number; text: string }[];
}

export class FetchedLog {
  #fetched: FetchedEntries = { entries: [], busy: false, failure: undefined };
  #listeners = new Set<() => void>();
  /** Requests run one after the other: each starts where the one before ended. */
  #queue: Promise<void> = Promise.resolve();

  readonly read = (): FetchedEntries => this.#fetched;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Fetches entries up to the version: first the last page, later the new entries. */
  reach(version: number): Promise<void> {
    return this.#next(async (entries) => {
      const from = entries.at(-1)?.version ?? Math.max(0, version - PAGE_SIZE);
      return version > from ? [...entries, ...(await fetchEntries(from, version))] : undefined;
    });
  }

  /** Fetches this many entries before the first one. */
  older(count: number): Promise<void> {
    return this.#next(async (entries) => {
      const first = entries[0]?.version ?? 1;
      return first > 1 ? [...(await fetchEntries(Math.max(0, first - 1 - count), first - 1)), ...entries] : undefined;
    });
  }

  /** Fetches the rest, up to the version. @returns all entries; `undefined` if that failed: `read` has the failure */
  async all(version: number, progress: (fetched: number) => void, signal: AbortSignal): Promise<readonly Entry[] | undefined> {
    await this.reach(version);
    for (;;) {
      const { entries, failure } = this.#fetched;
      if (signal.aborted || failure) return undefined;
      if (entries[0]?.version === 1) return entries;
      progress(entries.length);
      await this.older(MAX_PAGE_SIZE);
    }
  }

  #next(load: (entries: readonly Entry[]) => Promise<Entry[] | undefined>): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      this.#update({ ...this.#fetched, busy: true, failure: undefined });
      try {
        this.#update({ entries: (await load(this.#fetched.entries)) ?? this.#fetched.entries, busy: false, failure: undefined });
      } catch (error) {
        this.#update({ ...this.#fetched, busy: false, failure: failureOf(error) });
      }
    });
    return this.#queue;
  }

  #update(fetched: FetchedEntries): void {
    this.#fetched = fetched;
    for (const listener of this.#listeners) listener();
  }
}

/** The entries after one version, up to another. The authority may return fewer per request than the limit. */
async function fetchEntries(after: number, until: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let reached = after; reached < until; reached = after + entries.length) {
    const { events } = await getJson<Answer>(`/v1/audit?after=${reached}&limit=${Math.min(MAX_PAGE_SIZE, until - reached)}`);
    // Without this check, a missing entry would go unnoticed until the whole log is verified.
    if (events.length === 0 || events.some(({ version }, index) => version !== reached + 1 + index))
      throw new ApiError({ kind: "unverified", code: "tampered" });
    entries.push(...events.map(({ version, text }) => readEntry(version, text)));
  }
  return entries;
}
