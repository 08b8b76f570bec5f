// Data from the authority besides the live snapshot: fetched while a component shows it, and again at every version.
// The last answer stays meanwhile, so a page that is opened again shows it at once.
// Our own, because answers are bound to the snapshot's version: no cache keys, ages or retries, which query libraries are made of.
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { type Failure, failureOf } from "./api";

export interface FeedState<T> {
  value: T | undefined;
  /** Why there is nothing newer. */
  failure: Failure | undefined;
}

export class Feed<T> {
  #load: (signal: AbortSignal, last: T | undefined) => Promise<T>;
  #state: FeedState<T> = { value: undefined, failure: undefined };
  #listeners = new Set<() => void>();
  /** Checks of the pending `reached` calls. */
  #waiting = new Set<() => void>();
  /** Absent while no component shows the feed. */
  #requestedVersion: number | undefined;
  #answeredVersion = 0;
  #abort: AbortController | undefined;

  constructor(load: (signal: AbortSignal, last: T | undefined) => Promise<T>) {
    this.#load = load;
  }

  readonly read = (): FeedState<T> => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#abort?.abort();
      this.#requestedVersion = undefined;
      this.#checkWaiting();
    };
  };

  /** Fetches the state at this version, unless that was requested already. */
  request(version: number): void {
    if (version === this.#requestedVersion) return;
    this.#requestedVersion = version;
    this.retry();
  }

  /** Resolves once the feed has answered for the version; at once while no component shows the feed. */
  reached(version: number): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (this.#requestedVersion !== undefined && this.#answeredVersion < version) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Fetches again, instead of any request under way. */
  retry(): void {
    this.#abort?.abort();
    const { signal } = (this.#abort = new AbortController());
    const version = this.#requestedVersion ?? 0;
    this.#load(signal, this.#state.value).then(
      (value) => signal.aborted || this.#update(version, { value, failure: undefined }),
      (error) => signal.aborted || this.#update(version, { value: this.#state.value, failure: failureOf(error) }),
    );
  }

  #update(version: number, state: FeedState<T>): void {
    this.#answeredVersion = version;
    this.#state = state;
    for (const listener of this.#listeners) listener();
    this.#checkWaiting();
  }

  #checkWaiting(): void {
    for (const check of [...this.#waiting]) check();
  }
}

export interface FeedResult<T> extends FeedState<T> {
  /** The first answer is on its way. */
  pending: boolean;
  retry: () => void;
}

/** The state of the feed at the version. Nothing is fetched while `enabled` is false. */
export function useFeed<T>(feed: Feed<T>, version: number, enabled = true): FeedResult<T> {
  const state = useSyncExternalStore(feed.subscribe, feed.read);
  useEffect(() => {
    if (enabled) feed.request(version);
  }, [feed, version, enabled]);
  return {
    ...state,
    pending: enabled && state.value === undefined && state.failure === undefined,
    retry: useCallback(() => feed.retry(), [feed]),
  };
}
