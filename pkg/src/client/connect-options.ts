/** Reads and checks the options of `connect`. */
import { inSeconds } from "../lib/clock.js";
import { WicketgateError } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import type { ConnectOptions } from "./types.js";

export { baseUrl } from "../lib/base-url.js";

/** Options that are passed on to `open`. */
const EXPECTED = ["issuer", "audience", "organization"] as const;
const FUNCTIONS = ["fetch", "WebSocket", "now", "onRetry"] as const;
const NAMES = [...EXPECTED, ...FUNCTIONS, "maxBytes", "url", "keys", "storage", "crossTab", "signal", "token", "scope"] as const;

/** @throws {WicketgateError} `invalid_options` */
export function readConnectOptions(options: ConnectOptions): ConnectOptions {
  const read = readOptions(options, NAMES);
  const check = (name: keyof ConnectOptions, holds: boolean, expected: string) => {
    if (!holds) throw new WicketgateError("invalid_options", `${name}: expected ${expected}`, { path: name });
  };
  // `issuer: undefined` is refused too: the caller meant it to be checked.
  for (const name of EXPECTED) check(name, !(name in read) || typeof read[name] === "string", "a string");
  for (const name of FUNCTIONS) check(name, read[name] === undefined || typeof read[name] === "function", "a function");
  // Visible ASCII: anything else could not be sent.
  check("token", !("token" in read) || (typeof read.token === "string" && /^[\x21-\x7e]+$/.test(read.token)), "an API key");
  check("scope", read.scope === undefined || read.scope === "member" || read.scope === "workspace", "`member` or `workspace`");
  check("token", (read.token === undefined) === (read.scope !== "workspace"), "an API key, with the scope `workspace` alone");
  check("maxBytes", read.maxBytes === undefined || Number.isSafeInteger(read.maxBytes), "an integer");
  if (read.now !== undefined) inSeconds(read.now());
  return read;
}

/** The options that are passed on to `open`, and no others. */
export function expectations(options: ConnectOptions): Pick<ConnectOptions, (typeof EXPECTED)[number] | "maxBytes"> {
  return Object.fromEntries(
    [...EXPECTED, "maxBytes" as const].filter((name) => name in options).map((name) => [name, options[name]]),
  );
}
