/** The options of the client, and their checks. */
import { baseUrl } from "../lib/base-url.js";
import { WicketgateError } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import type { Fetch, Signal, Url } from "../lib/platform.js";

/** Attempts after the first one, unless the options say otherwise. */
const RETRIES = 4;
/** Seconds for one attempt, unless the options say otherwise. */
const TIMEOUT = 30;

/** Options of one request. */
export interface RequestOptions {
  /** Ends the request, and the waiting between two attempts. */
  signal?: Signal;
}

/** How requests are sent. */
interface SendingOptions {
  /** Instead of the platform's `fetch`. */
  fetch?: Fetch;
  /** How often a request is sent again that got no answer, or 429 or 503; 4 by default. */
  retries?: number;
  /** Seconds for one attempt; 30 by default. */
  timeout?: number;
}

/** Options of `Admin`. */
export interface AdminOptions extends SendingOptions {
  /** The origin of the organization: `https://acme.example`. */
  url: string | Url;
  /** The API key, `wgk_…`. */
  key: string;
  /** The id of the person on whose behalf everything is done. */
  actAs?: string;
}

/** Options of `Operator`. */
export interface OperatorOptions extends SendingOptions {
  /** The deployment's own origin, its `APEX`: `https://platform.example`. */
  url: string | Url;
  /** The operator's token. */
  token: string;
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
  check("key", isHeaderText(read.key), "a key");
  check("actAs", read.actAs === undefined || isHeaderText(read.actAs), "the id of a user");
  return { ...read, ...sendingOf(read) };
}

/** The token takes the place of the key. @throws {WicketgateError} `invalid_options` */
export function readOperatorOptions(options: OperatorOptions): ReadOptions {
  const { token, ...read } = readOptions(options, ["url", "token", "fetch", "retries", "timeout"]);
  check("token", isHeaderText(token), "the operator's token");
  return { ...read, key: token, ...sendingOf(read) };
}

function sendingOf({ url, fetch, retries = RETRIES, timeout = TIMEOUT }: SendingOptions & { url?: string | Url }) {
  check("fetch", fetch === undefined || typeof fetch === "function", "a function");
  check("retries", Number.isSafeInteger(retries) && retries >= 0, "a number of attempts");
  check("timeout", timeout > 0 && timeout < 2_000_000, "seconds");
  return { url: baseUrl(url ?? ""), retries, timeout };
}

/** Text that no header field can hold would be an error of `fetch` that quotes the key. */
function isHeaderText(value: unknown): boolean {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value);
}

function check(name: string, holds: boolean, expected: string): void {
  if (!holds) throw new WicketgateError("invalid_options", `${name}: expected ${expected}`, { path: name });
}
