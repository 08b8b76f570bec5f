import { WicketgateError } from "../lib/error.js";

/** What is thrown where nothing can be decided, whatever the reason: nobody gets in. Foreign messages stay out, they may quote what was read. */
export function undecided(reason: unknown): WicketgateError {
  if (reason instanceof WicketgateError && reason.code === "unavailable") return reason;
  return unavailable(reason instanceof WicketgateError ? reason.code : "the source failed");
}

/** The same, with a reason in our own words. */
export function unavailable(why: string): WicketgateError {
  return new WicketgateError("unavailable", `it cannot be decided: ${why}`);
}
