// How many requests API keys send: each key, and all keys of the organization together. Counted in memory: an object that stops forgets a few
// seconds, and a request costs no write.
import { KEY_REQUESTS, KEY_REQUESTS_OF_ALL, KEY_WINDOW } from "../bounds";
import { Problem, type Quota } from "../problem";

export class Rates {
  /** The number of the window that is counted. */
  #window = 0;
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** Counts one request of a key. @param now in Unix seconds */
  count(key: string, now: number): Quota[] {
    const window = Math.floor(now / KEY_WINDOW);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts.clear();
      this.#total = 0;
    }
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    // What one key sends beyond its own bound takes nothing from the others.
    if (count <= KEY_REQUESTS) this.#total += 1;
    const [seconds, reset] = [KEY_WINDOW, (window + 1) * KEY_WINDOW - now];
    return [
      { of: "key", most: KEY_REQUESTS, seconds, left: KEY_REQUESTS - count, reset },
      { of: "organization", most: KEY_REQUESTS_OF_ALL, seconds, left: KEY_REQUESTS_OF_ALL - this.#total, reset },
    ];
  }
}

/** @throws Problem `rate_limited` if a quota is used up */
export function requireWithin(quotas: Quota[]): void {
  const exceeded = quotas.find(({ left }) => left < 0);
  if (exceeded)
    throw new Problem("rate_limited", `the ${exceeded.of} has sent too many requests with API keys`, {
      retry_after: exceeded.reset,
    });
}
