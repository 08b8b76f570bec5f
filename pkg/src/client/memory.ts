/** The values that must not go back: the revision of the facts, and the time. Also measures the error of the computer's clock. */
import { WicketgateError } from "../lib/error.js";
import { EARLIEST, compareRevisions, laterOf, revisionClaims, type Revision } from "../lib/revision.js";
import { storedValues, type StoredValues } from "./messages.js";
import type { LiveStorage } from "./types.js";

/** The claims of a verified token. */
interface Issued extends Revision {
  /** Unix seconds. */
  readonly issuedAt: number | undefined;
  readonly expiresAt: number;
}

/** The circumstances of an answer that this page requested itself. */
export interface Arrival {
  /** Its header `Date`, in Unix seconds; undefined if the page cannot read it. */
  readonly date: number | undefined;
  /** Seconds since the request. */
  elapsed(): number;
}

/** Error of a clock that is ignored, in seconds: the time that an answer takes limits the measurement. */
const TOLERANCE = 5;

/** Error of the latest time seen, in seconds: it was measured by an answer that took its time, too. */
const SEEN_TOLERANCE = 15;

/** Versions that one location of a distributed authority may be behind another. */
const MAX_LAG = 100;

export class Memory {
  /** Seconds that the clock is ahead of the authority's, as last measured. */
  offset = 0;
  /** The latest revision of a token that this page accepted. */
  #floor = EARLIEST;
  /** The latest time seen, by the corrected clock. */
  #latest = 0;
  /** Time of issue of the newest token, Unix seconds. */
  #issued = 0;
  #key: string | undefined;
  #storage: LiveStorage | undefined;
  #clock: () => number;
  #onFailure: (error: WicketgateError) => void;
  /** Reading of the monotonic clock at the last advance, in milliseconds. */
  #steady = performance.now();

  constructor(storage: LiveStorage | undefined, clock: () => number, onFailure: (error: WicketgateError) => void) {
    this.#storage = storage;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** The corrected time of the clock. */
  now(): number {
    return this.#clock() - this.offset;
  }

  /** The time that counts: the corrected clock's, or the latest time seen if the clock was set back. */
  time(): number {
    const now = this.now();
    // Before the first token, there is no proven time to compare with.
    if (this.#key === undefined) return now;
    if (now < this.#latest) return this.#latest;
    if (now >= this.#latest) this.#latest = now;
    return now;
  }

  /** Moves the latest time on by the monotonic clock, whatever the other clock says, and stores it. */
  advance(): void {
    const steady = performance.now();
    this.#latest += (steady - this.#steady) / 1000;
    this.#steady = steady;
    this.time();
    this.#write(false);
  }

  /**
   * The time that an answer proves: it is not before `issuedAt`, and not after the later of `issuedAt` and `Date` plus the time that the answer took.
   * If the clock is within these bounds, its time; otherwise the nearest bound. Undefined if the answer may be an old one: it is no newer than the
   * newest token, and earlier than the latest time seen.
   */
  proven(issuedAt: number | undefined, arrival: Arrival | undefined): number | undefined {
    if (arrival?.date === undefined || issuedAt === undefined) return undefined;
    const latest = Math.max(issuedAt, arrival.date) + 1 + arrival.elapsed();
    if (issuedAt <= this.#issued && latest + SEEN_TOLERANCE < this.#latest) return undefined;
    return Math.min(Math.max(this.#clock(), issuedAt), latest);
  }

  /**
   * Accepts a snapshot as the newest for this key.
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
    const stored = this.#read();
    // The storage is unsigned. A stored time of issue that is in the future, both by the clock and by the answer, cannot be true.
    const sane =
      stored.issued <=
      Math.max(this.#clock(), this.now(), Math.max(issuedAt, arrival?.date ?? 0) + (arrival?.elapsed() ?? 0)) + TOLERANCE;
    if (first && sane) {
      this.#issued = stored.issued;
      this.#latest = Math.max(this.#latest, stored.time);
    }
    // A token that was issued later than the newest stored one wins over the storage, because an attacker's old answer never is. Exception: an
    // authority location that lags may have signed it, if both the times and the versions are close.
    const lags =
      issuedAt - stored.issued < expiresAt - issuedAt && stored.version - version <= MAX_LAG && stored.epoch - epoch <= MAX_LAG;
    const believed = sane && (issuedAt <= stored.issued || lags);
    const floor = believed ? laterOf(this.#floor, stored) : this.#floor;
    if (compareRevisions(issued, floor) < 0) {
      const path = epoch < floor.epoch ? "epoch" : "version";
      throw new WicketgateError("rolled_back", `${path}: ${issued[path]} is older than ${floor[path]}, which was seen before`, {
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

  /** Notes an accepted token. `believed`: whether the stored values count too; otherwise they are overwritten. */
  note(issued: Issued, arrival?: Arrival, believed = true): void {
    const { epoch, version, issuedAt = 0 } = issued;
    const newest = issuedAt > this.#issued;
    ({ latest: this.#latest, offset: this.offset } = this.#judged(issued, arrival));
    this.#issued = Math.max(this.#issued, issuedAt);
    this.#floor = laterOf(this.#floor, { epoch, version });
    this.#write(newest, believed);
  }

  /**
   * The latest time known with this token, and the error of the clock by it. The newest token proves the time, whatever the clock told before;
   * otherwise a user whose clock was once wrong would be locked out permanently.
   */
  #judged({ issuedAt = 0 }: Issued, arrival: Arrival | undefined): { latest: number; offset: number } {
    const clock = this.#clock();
    const error = clock - (this.proven(issuedAt, arrival) ?? clock - this.offset);
    const offset = Math.abs(error) >= TOLERANCE ? error : 0;
    const seen = issuedAt > this.#issued ? 0 : this.#latest;
    // `|| 0`: the clock may return NaN.
    return { latest: Math.max(clock - offset || 0, seen, issuedAt), offset };
  }

  /** The stored values; zeros if they cannot be read. */
  #read(): StoredValues {
    try {
      return storedValues(this.#key === undefined ? undefined : this.#storage?.getItem(this.#key));
    } catch (cause) {
      this.#failed(cause);
      return storedValues(undefined);
    }
  }

  /**
   * Stores the later of the known and the stored values.
   * @param newest whether the newest token proves the known time: then it replaces a later stored one.
   * @param believed whether the stored values count.
   */
  #write(newest: boolean, believed = true): void {
    if (this.#key === undefined) return;
    const stored = believed ? this.#read() : storedValues(undefined);
    const time = newest ? this.#latest : Math.max(stored.time, this.#latest);
    const now = { ...revisionClaims(laterOf(stored, this.#floor)), time, issued: Math.max(stored.issued, this.#issued) };
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(now));
    } catch (cause) {
      this.#failed(cause);
    }
  }

  #failed(cause: unknown): void {
    this.#onFailure(
      new WicketgateError(
        "storage_failed",
        "the storage could not be used: the latest version and time are forgotten with the page",
        { cause },
      ),
    );
  }
}
