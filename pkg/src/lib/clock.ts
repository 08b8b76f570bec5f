/** Clocks. Reading the system's clock costs as much as the rest of a check, so `can` reads it once per turn of the event loop. */
import { WicketgateError } from "./error.js";

/** Checks after which it is read again within one turn. */
const CHECKS = 64;

/** A clock in Unix seconds: `exact` reads it, `now` may return a reading from earlier in the same turn. */
export interface Clock {
  now(): number;
  exact(): number;
}

let time = 0;
let left = 0;

function nextTurn(): void {
  left = 0;
}

function exact(): number {
  return Date.now() / 1000;
}

/** The system's clock. */
export const systemClock: Clock = {
  now() {
    if (left > 0) {
      left--;
      return time;
    }
    time = exact();
    left = CHECKS;
    // A promise, because fake clocks of test libraries replace `queueMicrotask`.
    void Promise.resolve().then(nextTurn);
    return time;
  },
  exact,
};

/** The caller's clock. A value that is no number becomes NaN, and denies everything. */
export function callersClock(read: () => unknown): Clock {
  const now = () => {
    const time = read();
    return typeof time === "number" ? time : NaN;
  };
  return { now, exact: now };
}

/** Latest time in seconds, in the year 5138: what is later was given in milliseconds. */
export const LATEST = 100_000_000_000;

/**
 * Checks a time. Milliseconds are refused: by them, everything would have expired.
 * @throws {WicketgateError} `invalid_options`
 */
export function inSeconds(now: number, path = "now"): number {
  if (typeof now === "number" && !(now > LATEST && now < Infinity)) return now;
  const message = typeof now === "number" ? "looks like milliseconds, expected Unix seconds" : "expected Unix seconds, a number";
  throw new WicketgateError("invalid_options", `${path}: ${message}`, { path });
}
