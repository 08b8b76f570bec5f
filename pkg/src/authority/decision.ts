/** What the core decides a command from, as it takes it. */
import { bytesOf } from "../lib/bytes.js";
import { WicketgateError } from "../lib/error.js";
import { jsonOf } from "../lib/json.js";
import { readOptions } from "../lib/options.js";
import type { DecideOptions } from "./decided.js";
import { unixNow } from "./issue-options.js";
import type { Actor, Command } from "../wasm/authority.js";

/** What the core decides from: actor and command as JSON, time and entropy. */
export function decisionOf(actor: Actor, command: Command, options: DecideOptions): [string, string, number, Uint8Array] {
  const { now = unixNow(), entropy = crypto.getRandomValues(new Uint8Array(32)) } = readOptions(options, ["now", "entropy"]);
  const [actorText, commandText, time] = [actorJson(actor), commandJson(command), timeOf(now)];
  // Only bytes: an array of 32 other values would be converted to weak randomness.
  const bytes = bytesOf(entropy);
  if (bytes === undefined)
    throw new WicketgateError("invalid_options", "entropy: expected 32 bytes, a Uint8Array", { path: "entropy" });
  return [actorText, commandText, time, bytes];
}

export function actorJson(actor: Actor): string {
  return jsonOf(actor, "invalid_options", "actor");
}

/** A command as JSON. A value that cannot be written becomes `null`, which the core refuses. */
export function commandJson(command: Command): string {
  try {
    return jsonOf(command, "invalid_command");
  } catch {
    return "null";
  }
}

/** A time in Unix seconds; a value that is no number becomes NaN, which the core refuses. Default: the system's clock. */
export function timeOf(now: number = unixNow()): number {
  return typeof now === "number" ? now : NaN;
}
