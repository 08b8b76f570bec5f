// What the authority tells besides the live snapshot: fetched while something on the page shows it, and again at every version.
// The last answer stays meanwhile, so that a page that is come back to has something to show at once.
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { type Failure, failureOf } from "./api";

export interface Told<T> {
  value: T | undefined;
  /** Why there is nothing newer. */
  failure: Failure | undefined;
}

export class Feed<T> {
  #fetch: (signal: AbortSignal, last: T | undefined) => Promise<T>;
  #told: Told<T> = { value: undefined, failure: undefined };
  #listeners = new Set<() => void>();
  /** Who waits for a version. */
  #waiting = new Set<() => void>();
  /** The version that is asked about, and the one that was told of. */
  #asked: number | undefined;
  #answered = 0;
  #request: AbortController | undefined;

  constructor(fetch: (signal: AbortSignal, last: T | undefined) => Promise<T>) {
    this.#fetch = fetch;
  }

  readonly read = (): Told<T> => this.#told;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#request?.abort();
      this.#asked = undefined;
      this.#wake();
    };
  };

  /** Asks about the version, unless it has done so. */
  ask(version: number): void {
    if (version === this.#asked) return;
    this.#asked = version;
    this.again();
  }

  /** Once it has told what it can about the version; at once where nobody asks. */
  reached(version: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#asked !== undefined && this.#answered < version) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  again(): void {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    const version = this.#asked ?? 0;
    this.#fetch(request.signal, this.#told.value).then(
      (value) => request.signal.aborted || this.#tell(version, { value, failure: undefined }),
      (error) => request.signal.aborted || this.#tell(version, { value: this.#told.value, failure: failureOf(error) }),
    );
  }

  #tell(version: number, told: Told<T>): void {
    this.#answered = version;
    this.#told = told;
    for (const listener of this.#listeners) listener();
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

export interface Following<T> extends Told<T> {
  /** Nothing was told yet, and something will be. */
  pending: boolean;
  again: () => void;
}

/** What the feed tells about the version; nothing is asked where `wanted` is false. */
export function useFeed<T>(feed: Feed<T>, version: number, wanted = true): Following<T> {
  const told = useSyncExternalStore(feed.subscribe, feed.read);
  useEffect(() => {
    if (wanted) feed.ask(version);
  }, [feed, version, wanted]);
  return {
    ...told,
    pending: wanted && told.value === undefined && told.failure === undefined,
    again: useCallback(() => feed.again(), [feed]),
  };
}
