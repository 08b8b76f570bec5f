/** What the options of issuing must be. Checked before the core sees them, so that no message repeats what a wrong one held. */
import { WicketgateError } from "../lib/error.js";
import { ownProperty, readOptions } from "../lib/options.js";
import { jsonOf } from "../lib/json.js";
import type { IssueClaims } from "../wasm/authority.js";

/** What a snapshot says besides the facts. Times are Unix seconds. */
export interface IssueOptions extends Omit<IssueClaims, "issuedAt" | "expiresAt"> {
  /** When it is issued, and as of when it is projected; now by default. */
  issuedAt?: number;
  /** From when on it denies everything. Give this or `expiresIn`. */
  expiresAt?: number;
  /** Seconds after which it denies everything. */
  expiresIn?: number;
}

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
  scope: [isScope, "`workspace`, `overview`, `{ member }` or `{ gate }`"],
};
const NAMES = Object.keys(CHECKS) as (keyof IssueOptions)[];
/** Those that are not the directory's to say. */
export const DIRECTORY_CLAIMS = NAMES.filter((name) => name !== "epoch" && name !== "version" && name !== "state");
const REQUIRED: readonly string[] = ["key", "version"];

/**
 * The claims that the options ask for, as JSON. With `version`, that is the directory's to say, and epoch and state too. Options that do not exist (a
 * misspelt `scope` would sign everything) and those that are not what they should be are refused.
 */
export function claimsJson(options: Omit<IssueOptions, "epoch" | "version" | "state">, version?: number): string {
  const asked = readOptions<Record<string, unknown>>(options, version === undefined ? NAMES : DIRECTORY_CLAIMS);
  if (version !== undefined) asked["version"] = version;
  for (const name of NAMES) {
    const [check, expected] = CHECKS[name];
    if (asked[name] === undefined && !REQUIRED.includes(name)) continue;
    // Written and read again: so it is looked at once, and nothing can be another thing the next time.
    if (typeof asked[name] === "object") asked[name] = JSON.parse(jsonOf(asked[name], "invalid_options", name));
    if (!check(asked[name])) throw new WicketgateError("invalid_options", `${name}: expected ${expected}`, { path: name });
  }
  const { expiresIn, issuedAt = unixNow() } = asked as Partial<IssueOptions>;
  if (asked["expiresAt"] !== undefined && expiresIn !== undefined) {
    throw new WicketgateError("invalid_options", "expiresIn: give this or `expiresAt`, not both", { path: "expiresIn" });
  }
  const expiresAt = asked["expiresAt"] ?? issuedAt + (expiresIn ?? NaN);
  if (!Number.isSafeInteger(expiresAt)) {
    throw new WicketgateError("invalid_options", "expiresAt: give `expiresAt` in Unix seconds, or `expiresIn` in seconds", {
      path: "expiresAt",
    });
  }
  return jsonOf(Object.assign(asked, { issuedAt, expiresAt, expiresIn: undefined }), "invalid_options");
}

/** The system's time, in Unix seconds. */
export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}
