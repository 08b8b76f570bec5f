/** Checks the options of issuing before the core reads them, so that no error message repeats a wrong value: it may be a private key. */
import { WicketgateError } from "../lib/error.js";
import { ownProperty, readOptions } from "../lib/options.js";
import { jsonOf } from "../lib/json.js";
import type { AssistantId } from "../lib/types.js";
import type { IssueClaims } from "../wasm/authority.js";

/** The key, the scope and the claims of a snapshot. Times are Unix seconds. */
export interface IssueOptions extends Omit<IssueClaims, "issuedAt" | "expiresAt"> {
  /** Time of issue, Unix seconds. Facts that have expired by then are left out. Default: now. */
  issuedAt?: number;
  /** Time from which it denies everything, Unix seconds. Give this or `expiresIn`. */
  expiresAt?: number;
  /** Lifetime in seconds. Give this or `expiresAt`. */
  expiresIn?: number;
}

/** Options of {@link Directory.snapshot} and {@link Directory.delta}. The directory sets epoch, version and state. */
export type DirectoryIssueOptions = Omit<IssueOptions, "epoch" | "version" | "state">;

/** Options of {@link Directory.headToken}. `assistant`: the head is about the gate snapshot of this assistant. */
export type HeadOptions = Omit<DirectoryIssueOptions, "scope"> & { assistant?: { id: AssistantId; version: number } };

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isTexts: Check = (value) => Array.isArray(value) && Array.from(value).every(isText);
const isTime: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isKey: Check = (value) =>
  ["crv", "x", "d", "kid", "alg", "use"].every(
    (name) => ownProperty(value, name) === undefined || isText(ownProperty(value, name)),
  ) && isText(ownProperty(value, "kty"));

function isScope(value: unknown): boolean {
  if (value === "workspace" || value === "overview") return true;
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return false;
  const at = ownProperty(value, "member_at");
  if (at !== undefined) return isText(ownProperty(at, "user")) && isText(ownProperty(at, "assistant"));
  return isText(ownProperty(value, "member")) || isTexts(ownProperty(value, "gate"));
}

const CHECKS: Record<keyof IssueOptions, [check: Check, expected: string]> = {
  key: [isKey, "a private JWK"],
  issuer: [isText, "a string"],
  audience: [(value) => isText(value) || isTexts(value), "a string or an array of strings"],
  issuedAt: [isTime, "Unix seconds, an integer"],
  notBefore: [isTime, "Unix seconds, an integer"],
  expiresAt: [isTime, "Unix seconds, an integer"],
  expiresIn: [isTime, "seconds, an integer"],
  epoch: [isTime, "an integer from 0 to 2^53 - 1"],
  version: [(value) => isTime(value) && value !== 0, "an integer from 1 to 2^53 - 1"],
  state: [isText, "a string"],
  id: [isText, "a string"],
  scope: [isScope, "`workspace`, `overview`, `{ member }`, `{ member_at }` or `{ gate }`"],
};
const NAMES = Object.keys(CHECKS) as (keyof IssueOptions)[];
/** The options that a directory leaves to its caller; it sets epoch, version and state itself. */
export const DIRECTORY_CLAIMS = NAMES.filter((name) => name !== "epoch" && name !== "version" && name !== "state");
const REQUIRED: readonly string[] = ["key", "version"];

/**
 * Converts the options to claims, as JSON. With `version`, the directory sets epoch, version and state.
 * @throws {WicketgateError} `invalid_options` for unknown options (a misspelt `scope` would sign everything) and for wrong values.
 */
export function claimsJson(options: Omit<IssueOptions, "epoch" | "version" | "state">, version?: number): string {
  const claims = readOptions<Record<string, unknown>>(options, version === undefined ? NAMES : DIRECTORY_CLAIMS);
  if (version !== undefined) claims["version"] = version;
  for (const name of NAMES) {
    const [check, expected] = CHECKS[name];
    if (claims[name] === undefined && !REQUIRED.includes(name)) continue;
    // A copy by JSON: a getter cannot return another value later.
    if (typeof claims[name] === "object") claims[name] = JSON.parse(jsonOf(claims[name], "invalid_options", name));
    if (!check(claims[name])) throw new WicketgateError("invalid_options", `${name}: expected ${expected}`, { path: name });
  }
  const { expiresIn, issuedAt = unixNow() } = claims as Partial<IssueOptions>;
  if (claims["expiresAt"] !== undefined && expiresIn !== undefined) {
    throw new WicketgateError("invalid_options", "expiresIn: give this or `expiresAt`, not both", { path: "expiresIn" });
  }
  const expiresAt = claims["expiresAt"] ?? issuedAt + (expiresIn ?? NaN);
  if (!Number.isSafeInteger(expiresAt)) {
    throw new WicketgateError("invalid_options", "expiresAt: give `expiresAt` in Unix seconds, or `expiresIn` in seconds", {
      path: "expiresAt",
    });
  }
  return jsonOf(Object.assign(claims, { issuedAt, expiresAt, expiresIn: undefined }), "invalid_options");
}

/** The system's time, in whole Unix seconds. */
export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}
