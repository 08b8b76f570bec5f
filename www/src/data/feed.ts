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
  #asked: string | undefined;
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
    };
  };

  /** Asks, unless that was asked already. @param about what the answer is about: it changes with every version */
  ask(about: string): void {
    if (about === this.#asked) return;
    this.#asked = about;
    this.again();
  }

  again(): void {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    this.#fetch(request.signal, this.#told.value).then(
      (value) => request.signal.aborted || this.#tell({ value, failure: undefined }),
      (error) => request.signal.aborted || this.#tell({ value: this.#told.value, failure: failureOf(error) }),
    );
  }

  #tell(told: Told<T>): void {
    this.#told = told;
    for (const listener of this.#listeners) listener();
  }
}

/** What the feed tells about the version; nothing is asked where `wanted` is false. */
export function useFeed<T>(feed: Feed<T>, version: number, wanted = true): Told<T> & { again: () => void } {
  const told = useSyncExternalStore(feed.subscribe, feed.read);
  useEffect(() => {
    if (wanted) feed.ask(String(version));
  }, [feed, version, wanted]);
  return { ...told, again: useCallback(() => feed.again(), [feed]) };
}
