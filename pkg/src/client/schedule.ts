/**
 * When the client does its next step: ask the authority, dial the connection, announce that answers change. No timers and no clock in here: every
 * method takes the time, in Unix seconds, and tests pass their own randomness.
 */

/** Longest time between two looks at the clock, and longest delay before a retry, in seconds: clocks are set and computers sleep. */
export const MAX_WAIT = 60;
/** Longest time without a request, in seconds, however long a snapshot lasts. */
const MAX_UNASKED = 1200;
/** Seconds that a new connection has for its first message. */
const FIRST_MESSAGE = 10;

/** A time in Unix seconds; undefined: never. */
type Time = number | undefined;

function isDue(time: Time, now: number): boolean {
  return time !== undefined && now >= time;
}

/** The earliest of the times that are set. */
function earliest(...times: Time[]): Time {
  const set = times.filter((time) => time !== undefined);
  return set.length > 0 ? Math.min(...set) : undefined;
}

export class Schedule {
  /** When an answer changes by itself, because something expires. */
  #changeAt: Time;
  /** When the snapshot has to be renewed. */
  #renewAt: Time;
  #askAt: Time;
  #dialAt: Time;
  /** Since when the authority has been out of reach. */
  #downSince: Time;
  #contactAt = 0;
  /** Longest time out of reach that still counts as fresh, and longest delay between attempts, in seconds. */
  #interval = MAX_WAIT;
  /** Failed requests in a row, and lost connections in a row. */
  #failures = 0;
  #losses = 0;
  readonly #random: () => number;

  /** @param random gives numbers from 0 to below 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  // Events.

  /** A snapshot or delta was accepted. Renews at 1/2 to 3/4 of its life, so that the clients of an organization do not all ask at the same time. */
  accepted(now: number, expiresAt: number, changeAt: number, behind: boolean): void {
    const left = expiresAt - now;
    this.#interval = Math.min(MAX_WAIT, Math.max(1, left / 4));
    this.#renewAt = now + Math.min(left, MAX_UNASKED) * (0.5 + this.#random() / 4);
    this.#changeAt = changeAt;
    // The corrected time may be earlier than before: a dial that was planned by the wrong time would come too late.
    if (this.#dialAt !== undefined) this.#dialAt = Math.min(this.#dialAt, now + this.#interval);
    this.#askAt = behind ? this.#soon(now) : this.#renewAt;
  }

  /** A request begins. */
  asking(): void {
    this.#askAt = undefined;
  }

  /** A request was answered. `behind`: a newer version is known. `progress`: something newer came in or was announced meanwhile. */
  answered(now: number, behind: boolean, progress: boolean): void {
    if (!behind && this.#renewAt !== undefined && now < this.#renewAt) {
      this.#failures = 0;
      this.#askAt = this.#renewAt;
    } else if (progress) this.#askAt = now;
    else this.failed(now);
  }

  /** A request failed, or its answer did not help. */
  failed(now: number): void {
    this.#failures++;
    this.#askAt = now + this.retryDelay();
  }

  /** A connection is being opened. Without a first message, it is given up. */
  dialling(now: number): void {
    this.#dialAt = now + FIRST_MESSAGE;
  }

  /** The connection has told a version: it works. */
  connected(): void {
    this.#dialAt = undefined;
    this.#losses = this.#failures = 0;
  }

  /** The connection was lost or could not be opened. `crowded`: it gave way to the person's other connections. */
  lost(now: number, crowded: boolean): void {
    this.#dialAt = now + this.#delay(crowded ? Infinity : ++this.#losses);
  }

  /** The client stops following. */
  stopped(): void {
    this.#failures = this.#losses = 0;
    this.#dialAt = undefined;
  }

  // Wishes.

  /** Asks by this time at the latest. */
  askBy(time: Time): void {
    this.#askAt = earliest(this.#askAt, time);
  }

  /** Asks within one to two seconds: another page may bring the news first. */
  askSoon(now: number): void {
    this.askBy(this.#soon(now));
  }

  /** Asks by the time of renewal. */
  askByRenewal(): void {
    this.askBy(this.#renewAt);
  }

  /** Forgets the failures: the network is back, or the page is. */
  retryNow(now: number): void {
    this.#failures = this.#losses = 0;
    this.#askAt = now;
  }

  dialNow(now: number): void {
    this.#dialAt = now;
  }

  /** Sets the time of the next change by itself. */
  changeAt(time: number): void {
    this.#changeAt = time;
  }

  // Reachability.

  /** The authority answered, or another page says so. Returns whether it was out of reach before. */
  reached(now: number): boolean {
    const wasDown = this.isDown;
    this.#contactAt = now;
    this.#downSince = undefined;
    return wasDown;
  }

  /** The authority is out of reach. Returns whether that is new. */
  unreachable(now: number): boolean {
    const isNew = !this.isDown;
    this.#downSince ??= now;
    return isNew;
  }

  get isDown(): boolean {
    return this.#downSince !== undefined;
  }

  /** Whether the authority has been out of reach for too long. */
  isStale(now: number): boolean {
    return this.#downSince !== undefined && now - this.#downSince > this.#interval;
  }

  /** Whether the last contact is so long ago that a page which is seen again should ask. */
  isQuiet(now: number): boolean {
    return now - this.#contactAt > this.#interval;
  }

  // Times.

  get hasFailed(): boolean {
    return this.#failures > 0;
  }

  dialDue(now: number): boolean {
    return isDue(this.#dialAt, now);
  }

  askDue(now: number): boolean {
    return isDue(this.#askAt, now);
  }

  changeDue(now: number): boolean {
    return isDue(this.#changeAt, now);
  }

  renewDue(now: number): boolean {
    return isDue(this.#renewAt, now);
  }

  /** Milliseconds until the next step. */
  wait(now: number): number {
    const staleAt = this.#downSince === undefined ? undefined : this.#downSince + this.#interval;
    const next = earliest(this.#changeAt, this.#askAt, this.#dialAt, isDue(staleAt, now) ? undefined : staleAt);
    const seconds = (next ?? Infinity) - now;
    // Not the other way round: a clock that tells no number must not end the timer.
    return seconds < MAX_WAIT ? Math.max(0, Math.ceil(seconds * 1000)) : MAX_WAIT * 1000;
  }

  #soon(now: number): number {
    return now + 1 + this.#random();
  }

  /** Seconds before another attempt, after the failures so far. */
  retryDelay(): number {
    return this.#delay(this.#failures);
  }

  /** Exponential back-off: at most 1, 2, 4… seconds, at most the interval, and a random half to all of that. */
  #delay(failures: number): number {
    return Math.min(this.#interval, 2 ** (failures - 1)) * (0.5 + this.#random() / 2);
  }
}
