/** Reading the clock costs as much as the rest of a check, so for `can` it is read once per turn of the event loop. */
import { WicketgateError } from "./error.js";

/** In one long turn it is read again after so many checks. */
const CHECKS = 64;

/** Tells the time in Unix seconds: `exact` as it is, `now` perhaps as of earlier in the same turn. */
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
    // A promise, since `queueMicrotask` is what test clocks replace. At most one for every so many checks.
    void Promise.resolve().then(nextTurn);
    return time;
  },
  exact,
};

/** The caller's clock. What it tells that is no number is no time, and denies. */
export function callersClock(tell: () => unknown): Clock {
  const now = () => {
    const time = tell();
    return typeof time === "number" ? time : NaN;
  };
  return { now, exact: now };
}

/** Latest time in seconds, in the year 5138: what is later was given in milliseconds. */
export const LATEST = 100_000_000_000;

/** The time, unless it is none, or was told in milliseconds: then everything would seem to have expired. */
export function inSeconds(now: number, path = "now"): number {
  if (typeof now === "number" && !(now > LATEST && now < Infinity)) return now;
  const message = typeof now === "number" ? "looks like milliseconds, expected Unix seconds" : "expected Unix seconds, a number";
  throw new WicketgateError("invalid_options", `${path}: ${message}`, { path });
}
