/** The options of the client, and their checks. */
import { baseUrl } from "../lib/base-url.js";
import { WicketgateError } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import type { Fetch, Url } from "../lib/platform.js";

/** Attempts after the first one, unless the options say otherwise. */
const RETRIES = 4;
/** Seconds for one attempt, unless the options say otherwise. */
const TIMEOUT = 30;

/** Options of `Admin`. */
export interface AdminOptions {
  /** The origin of the organization: `https://acme.example`. */
  url: string | Url;
  /** The API key, `wgk_…`; for requests of the operator, the operator's token. */
  key: string;
  /** The id of the person on whose behalf everything is done. */
  actAs?: string;
  /** Instead of the platform's `fetch`. */
  fetch?: Fetch;
  /** How often a request is sent again that got no answer, or 429 or 503; 4 by default. */
  retries?: number;
  /** Seconds for one attempt; 30 by default. */
  timeout?: number;
}

/** Options with their defaults. */
export interface ReadOptions extends AdminOptions {
  url: Url;
  retries: number;
  timeout: number;
}

/** @throws {WicketgateError} `invalid_options` */
export function readAdminOptions(options: AdminOptions): ReadOptions {
  const read = readOptions(options, ["url", "key", "actAs", "fetch", "retries", "timeout"]);
  const { key, actAs, fetch, retries = RETRIES, timeout = TIMEOUT } = read;
  const check = (name: string, holds: boolean, expected: string) => {
    if (!holds) throw new WicketgateError("invalid_options", `${name}: expected ${expected}`, { path: name });
  };
  // Text that no header field can hold would be an error of `fetch` that quotes the key.
  check("key", typeof key === "string" && /^[\x21-\x7e]+$/.test(key), "a key");
  check("actAs", actAs === undefined || (typeof actAs === "string" && /^[\x21-\x7e]+$/.test(actAs)), "the id of a user");
  check("fetch", fetch === undefined || typeof fetch === "function", "a function");
  check("retries", Number.isSafeInteger(retries) && retries >= 0, "a number of attempts");
  check("timeout", timeout > 0 && timeout < 2_000_000, "seconds");
  return { ...read, url: baseUrl(read.url ?? ""), retries, timeout };
}
