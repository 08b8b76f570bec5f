/** The listeners of a client, and the values that they were told last: what has not changed is not announced again. */
import { WicketgateError, quote } from "../lib/error.js";
import type { Freshness, LiveEvents } from "./types.js";

type Listener<Event extends keyof LiveEvents> = (...args: LiveEvents[Event]) => void;

/** Change of the clock's offset, in seconds, that is announced: each answer measures it again, and none exactly. */
const CLOCK_STEP = 5;

export class Listeners {
  #freshness: Freshness = "expired";
  #offset = 0;
  readonly #all: { [Event in keyof LiveEvents]: Set<Listener<Event>> } = {
    change: new Set(),
    freshness: new Set(),
    clock: new Set(),
    error: new Set(),
    signedOut: new Set(),
  };

  /** Adds a listener. The returned function removes it. */
  add<Event extends keyof LiveEvents>(event: Event, listener: Listener<Event>): () => void {
    if (!Object.hasOwn(this.#all, event)) throw new WicketgateError("invalid_options", `there is no event ${quote(event)}`);
    // A function of its own: a listener that is added twice is called twice.
    const added: Listener<Event> = (...args) => listener(...args);
    this.#all[event].add(added);
    return () => void this.#all[event].delete(added);
  }

  emit<Event extends keyof LiveEvents>(event: Event, ...args: LiveEvents[Event]): void {
    for (const listener of [...this.#all[event]]) {
      try {
        listener(...args);
      } catch (error) {
        // A listener that fails stops neither the client nor the other listeners; the platform reports its error.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Announces the freshness if it has changed. */
  announceFreshness(freshness: Freshness): void {
    if (freshness === this.#freshness) return;
    this.#freshness = freshness;
    this.emit("freshness", freshness);
  }

  /** Announces the clock's offset, in seconds, if it has changed by more than the error of the measurement. */
  announceOffset(offset: number): void {
    const known = this.#offset;
    if (Math.abs(offset - known) < CLOCK_STEP && (offset === 0) === (known === 0)) return;
    this.#offset = offset;
    this.emit("clock", offset);
  }

  clear(): void {
    for (const listeners of Object.values(this.#all)) listeners.clear();
  }
}
