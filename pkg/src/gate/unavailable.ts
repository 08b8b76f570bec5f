import { WicketgateError } from "../lib/error.js";

/** The error if nothing can be decided: nobody is admitted. Foreign messages are left out, because they may quote secrets. */
export function undecided(reason: unknown): WicketgateError {
  if (reason instanceof WicketgateError && reason.code === "unavailable") return reason;
  return unavailable(reason instanceof WicketgateError ? reason.code : "the source failed");
}

/** The same error, with a reason in this package's own words. */
export function unavailable(why: string): WicketgateError {
  return new WicketgateError("unavailable", `it cannot be decided: ${why}`);
}
