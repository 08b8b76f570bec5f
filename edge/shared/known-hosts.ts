// What an isolate remembers of hosts: for a limited time and in a limited number, whatever hosts strangers invent.

/** Seconds for which an answer is used. With {@link RETRY}, a change is seen everywhere within a minute. */
const REMEMBERED = 55;
/** Seconds for which a host counts as unknown. Short, because a new organization must be reached at once. */
const REMEMBERED_UNKNOWN = 5;
/** Seconds in which one request asks again, and the others use the earlier answer. */
const RETRY = 5;
/** Seconds for which an earlier answer is used if nobody can be asked: then nobody can change it either. */
const KEPT = 60 * 60;
/** Most hosts of each kind in memory. */
const MOST = 10_000;
/** Longest host name (RFC 1035), with a port. */
const LONGEST = 253 + 6;
/** Questions about hosts that this isolate does not know: at once, and a second. Others are refused, so that invented hosts cost nobody else. */
const BURST = 100;
const A_SECOND = 20;

/** Too many unknown hosts are asked for at the moment. */
export class TooManyHosts extends Error {}

interface Known<T> {
  value: T;
  /** Unix seconds. */
  at: number;
  askAt: number;
}

export class KnownHosts<T> {
  /** Least recently used first. Unknown hosts have a map of their own, so that invented ones evict no known one. */
  readonly #known = new Map<string, Known<T>>();
  /** Until when a host counts as unknown. */
  readonly #unknown = new Map<string, number>();
  #questions = BURST;
  #countedAt = 0;

  /**
   * What `ask` answers about the host, now or within the last minute. Promises are never shared, because one request of a Worker may not await
   * the I/O of another.
   * @throws TooManyHosts
   */
  async find(host: string, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    const now = Date.now() / 1000;
    const known = this.#known.get(host);
    if (known === undefined) {
      if (host.length > LONGEST || (this.#unknown.get(host) ?? 0) > now) return undefined;
      this.#count(now);
      return this.#remember(host, await ask(), now);
    }
    if (now < known.askAt) {
      this.#known.delete(host);
      this.#known.set(host, known);
      return known.value;
    }
    known.askAt = now + RETRY;
    try {
      return this.#remember(host, await ask(), now);
    } catch (error) {
      if (now < known.at + KEPT) return known.value;
      throw error;
    }
  }

  #remember(host: string, value: T | undefined, now: number): T | undefined {
    this.#known.delete(host);
    this.#unknown.delete(host);
    if (value === undefined) this.#unknown.set(host, now + REMEMBERED_UNKNOWN);
    else this.#known.set(host, { value, at: now, askAt: now + REMEMBERED });
    for (const map of [this.#known, this.#unknown]) {
      const [oldest] = map.keys();
      if (map.size > MOST && oldest !== undefined) map.delete(oldest);
    }
    return value;
  }

  #count(now: number): void {
    this.#questions = Math.min(BURST, this.#questions + Math.max(now - this.#countedAt, 0) * A_SECOND);
    this.#countedAt = now;
    if (this.#questions < 1) throw new TooManyHosts("too many unknown hosts");
    this.#questions -= 1;
  }
}
