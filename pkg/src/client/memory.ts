/** What must not go backwards: epoch and version of the facts, and time. And how far the clock is off. */
import { WicketgateError } from "../lib/error.js";
import { EARLIEST, compareRevisions, laterOf, revisionClaims, type Revision } from "../lib/revision.js";
import { pastOf, type Past } from "./messages.js";
import type { LiveStorage } from "./types.js";

/** What a verified token says of itself. */
interface Issued extends Revision {
  readonly issuedAt: number | undefined;
  readonly expiresAt: number;
}

/** How an answer came that this page asked for itself. */
export interface Arrival {
  /** What its `Date` says, in Unix seconds; nothing where it cannot be read. */
  readonly date: number | undefined;
  /** The seconds that have passed since it was asked for. */
  elapsed(): number;
}

/** Seconds by which a clock may differ without being said to be wrong: answers take their time. */
const UNNOTICED = 5;

/** Seconds by which the latest time seen may be too late: it was told by an answer that took its time, too. */
const SLOW = 15;

/** So many versions may an authority be behind that was asked at another of its places. */
const LAG = 100;

export class Memory {
  /** By how many seconds the clock is ahead of the authority's, as far as is known. */
  offset = 0;
  /** Of when the latest facts are that a token taken in here had. */
  #floor = EARLIEST;
  /** The latest time seen, by the corrected clock. */
  #latest = 0;
  /** When the newest token was issued. */
  #issued = 0;
  #key: string | undefined;
  #storage: LiveStorage | undefined;
  #clock: () => number;
  #complain: (error: WicketgateError) => void;
  #steady = performance.now();

  constructor(storage: LiveStorage | undefined, clock: () => number, complain: (error: WicketgateError) => void) {
    this.#storage = storage;
    this.#clock = clock;
    this.#complain = complain;
  }

  /** What the clock says, corrected. */
  now(): number {
    return this.#clock() - this.offset;
  }

  /** The time: the corrected clock's, or the latest seen if the clock was set back. */
  time(): number {
    const now = this.now();
    // Before anything was taken in, nobody has vouched for the clock.
    if (this.#key === undefined) return now;
    if (now < this.#latest) return this.#latest;
    if (now >= this.#latest) this.#latest = now;
    return now;
  }

  /** Lets the latest time go on by what has passed, whatever the clock says, and writes it down. */
  advance(): void {
    const steady = performance.now();
    this.#latest += (steady - this.#steady) / 1000;
    this.#steady = steady;
    this.time();
    this.#write(false);
  }

  /**
   * The time that an answer proves: it was signed at `issuedAt`, the authority sent it at its `Date`, and it took so long. The clock's, if that can
   * be; otherwise the nearest that can. Nothing, if the answer may be an old one: not issued after all before it, and earlier than was seen.
   */
  proven(issuedAt: number | undefined, arrival: Arrival | undefined): number | undefined {
    if (arrival?.date === undefined || issuedAt === undefined) return undefined;
    const latest = Math.max(issuedAt, arrival.date) + 1 + arrival.elapsed();
    if (issuedAt <= this.#issued && latest + SLOW < this.#latest) return undefined;
    return Math.min(Math.max(this.#clock(), issuedAt), latest);
  }

  /**
   * Takes a snapshot in, as the newest there is for this key.
   * @throws {WicketgateError} `rolled_back`, `expired`.
   */
  admit(key: string, issued: Issued, arrival?: Arrival): void {
    const { epoch, version, issuedAt = 0, expiresAt } = issued;
    const first = key !== this.#key;
    this.#key = key;
    if (first) {
      this.#floor = EARLIEST;
      this.#issued = 0;
    }
    const past = this.#read();
    // Nobody signed what is written down. Nobody has seen what is issued in the future, by the clock and by the answer.
    const sane =
      past.issued <=
      Math.max(this.#clock(), this.now(), Math.max(issuedAt, arrival?.date ?? 0) + (arrival?.elapsed() ?? 0)) + UNNOTICED;
    if (first && sane) {
      this.#issued = past.issued;
      this.#latest = Math.max(this.#latest, past.time);
    }
    // And an old answer was never issued later than all that was seen. What was, wins over what is written down: unless an authority may have
    // signed it that lags, since it is not long ago and the versions are close.
    const lags = issuedAt - past.issued < expiresAt - issuedAt && past.version - version <= LAG && past.epoch - epoch <= LAG;
    const believed = sane && (issuedAt <= past.issued || lags);
    const floor = believed ? laterOf(this.#floor, past) : this.#floor;
    if (compareRevisions(issued, floor) < 0) {
      const path = epoch < floor.epoch ? "epoch" : "version";
      throw new WicketgateError("rolled_back", `${path}: ${issued[path]} is older than ${floor[path]}, which was seen already`, {
        path,
      });
    }
    const { latest } = this.#judged(issued, arrival);
    if (latest >= expiresAt)
      throw new WicketgateError("expired", `exp: expired at ${expiresAt}, the latest time seen is ${Math.floor(latest)}`, {
        path: "exp",
      });
    this.note(issued, arrival, believed);
  }

  /** Takes note of what has been taken in; where what is written down is not believed, in its place. */
  note(issued: Issued, arrival?: Arrival, believed = true): void {
    const { epoch, version, issuedAt = 0 } = issued;
    const newest = issuedAt > this.#issued;
    ({ latest: this.#latest, offset: this.offset } = this.#judged(issued, arrival));
    this.#issued = Math.max(this.#issued, issuedAt);
    this.#floor = laterOf(this.#floor, { epoch, version });
    this.#write(newest, believed);
  }

  /**
   * The latest time known with this token, and how far the clock is off by it. One issued after all before it proves the time; what the clock said
   * earlier proves nothing, and would otherwise lock out for good whose clock was once set wrong.
   */
  #judged({ issuedAt = 0 }: Issued, arrival: Arrival | undefined): { latest: number; offset: number } {
    const clock = this.#clock();
    const off = clock - (this.proven(issuedAt, arrival) ?? clock - this.offset);
    const offset = Math.abs(off) >= UNNOTICED ? off : 0;
    const seen = issuedAt > this.#issued ? 0 : this.#latest;
    // A clock that tells no time is none.
    return { latest: Math.max(clock - offset || 0, seen, issuedAt), offset };
  }

  /** What is written down; nothing, if it cannot be read. */
  #read(): Past {
    try {
      return pastOf(this.#key === undefined ? undefined : this.#storage?.getItem(this.#key));
    } catch (cause) {
      this.#failed(cause);
      return pastOf(undefined);
    }
  }

  /** Writes down the later of what is known here and what is written; the time that is known here, where the newest token proves it. */
  #write(newest: boolean, believed = true): void {
    if (this.#key === undefined) return;
    const past = believed ? this.#read() : pastOf(undefined);
    const time = newest ? this.#latest : Math.max(past.time, this.#latest);
    const now = { ...revisionClaims(laterOf(past, this.#floor)), time, issued: Math.max(past.issued, this.#issued) };
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(now));
    } catch (cause) {
      this.#failed(cause);
    }
  }

  #failed(cause: unknown): void {
    this.#complain(
      new WicketgateError("storage_failed", "the storage could not be used: what was seen is forgotten with the page", { cause }),
    );
  }
}
