/** What must not go backwards: epoch and version of the facts, and time. */
import { WicketgateError } from "../error.js";
import { BEGINNING, compare, later, written, type Moment } from "../moment.js";

/** Where a client remembers across page loads; `localStorage` is one. */
export interface LiveStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** What a verified token says of itself. */
interface Issued extends Moment {
  readonly issuedAt: number | undefined;
  readonly expiresAt: number;
}

export class Memory {
  /** Of when the latest facts seen are. */
  #floor = BEGINNING;
  /** The latest time seen. */
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

  /** The time: the clock's, or the latest seen if the clock was set back. */
  time(): number {
    const now = this.#clock();
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
   * Takes a snapshot in, as the newest there is for this key.
   * @throws {WicketgateError} `rolled_back`, `expired`.
   */
  admit(key: string, issued: Issued): void {
    const first = key !== this.#key;
    if (first) {
      this.#key = key;
      this.#floor = BEGINNING;
      this.#issued = 0;
    }
    const past = this.#read();
    this.#floor = later(this.#floor, past);
    if (first) {
      this.#issued = past.issued;
      this.#latest = Math.max(this.#latest, past.time);
    }
    if (compare(issued, this.#floor) < 0) {
      const path = issued.epoch < this.#floor.epoch ? "epoch" : "version";
      throw new WicketgateError("rolled_back", `${path}: ${issued[path]} is older than ${this.#floor[path]}, which was seen already`, { path });
    }
    const latest = this.#latestWith(issued);
    if (latest >= issued.expiresAt) throw new WicketgateError("expired", `exp: expired at ${issued.expiresAt}, the latest time seen is ${Math.floor(latest)}`, { path: "exp" });
    this.note(issued);
  }

  /** Takes note of what has been taken in. */
  note(issued: Issued): void {
    const { epoch, version, issuedAt = 0 } = issued;
    const proven = issuedAt > this.#issued;
    this.#latest = this.#latestWith(issued);
    this.#issued = Math.max(this.#issued, issuedAt);
    this.#floor = later(this.#floor, { epoch, version });
    this.#write(proven);
  }

  /**
   * The latest time known with this token. One issued after all before it proves the time; what the clock said earlier proves nothing,
   * and would otherwise lock out for good whose clock was once set wrong.
   */
  #latestWith({ issuedAt = 0 }: Issued): number {
    return Math.max(issuedAt > this.#issued ? this.#clock() : this.time(), issuedAt);
  }

  /** What is written down; nothing, if it cannot be read. */
  #read(): Past {
    const past: Past = { epoch: 0, version: 0, time: 0, issued: 0 };
    try {
      const text = this.#key === undefined ? undefined : this.#storage?.getItem(this.#key);
      const stored = JSON.parse(text ?? "{}") as Record<string, unknown>;
      for (const name of ["epoch", "version", "time", "issued"] as const) {
        const value = stored[name];
        if (typeof value === "number" && value >= 0) past[name] = value;
      }
    } catch (cause) {
      this.#failed(cause);
    }
    return past;
  }

  /** Writes down the later of what is known here and what is written; where it is `proven`, the time that is known here. */
  #write(proven: boolean): void {
    if (this.#key === undefined) return;
    const past = this.#read();
    const time = proven ? this.#latest : Math.max(past.time, this.#latest);
    const now = { ...written(later(past, this.#floor)), time, issued: Math.max(past.issued, this.#issued) };
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(now));
    } catch (cause) {
      this.#failed(cause);
    }
  }

  #failed(cause: unknown): void {
    this.#complain(new WicketgateError("storage_failed", "the storage could not be used: what was seen is forgotten with the page", { cause }));
  }
}

/** What is written down under a key. */
interface Past {
  epoch: number;
  version: number;
  time: number;
  issued: number;
}
