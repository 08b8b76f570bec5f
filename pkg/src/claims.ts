/** What the options of issuing must be. Checked before the core sees them, so that no message repeats what a wrong one held. */
import { WicketgateError, quote } from "./error.js";
import type { IssueClaims } from "./wasm/authority.js";

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
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isTime: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isKey: Check = (value) => isObject(value) && (["crv", "x", "d", "kid", "alg", "use"] as const).every((name) => value[name] === undefined || isText(value[name])) && isText(value["kty"]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isScope(value: unknown): boolean {
  if (value === "workspace" || value === "overview") return true;
  if (!isObject(value) || Object.keys(value).length !== 1) return false;
  return isText(value["member"]) || isTexts(value["gate"]);
}

const CHECKS: Record<string, [check: Check, expected: string]> = {
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
const REQUIRED = ["key", "version"];

/** The claims that the options ask for. */
export function claimsOf(options: IssueOptions): IssueClaims {
  checkClaims(options);
  if (options.expiresAt !== undefined && options.expiresIn !== undefined) {
    throw new WicketgateError("invalid_options", "expiresIn: give this or `expiresAt`, not both", { path: "expiresIn" });
  }
  const { expiresIn, issuedAt = unixNow(), expiresAt = issuedAt + (expiresIn ?? NaN), ...claims } = options;
  if (!Number.isSafeInteger(expiresAt) || !Number.isSafeInteger(issuedAt)) {
    throw new WicketgateError("invalid_options", "expiresAt: give `expiresAt` in Unix seconds, or `expiresIn` in seconds", { path: "expiresAt" });
  }
  return { ...claims, issuedAt, expiresAt };
}

/** The system's time, in Unix seconds. */
export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}

/** Refuses options that do not exist, where there are only these. */
export function checkOptions(options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw noSuchOption(unknown);
}

function noSuchOption(name: string): WicketgateError {
  return new WicketgateError("invalid_options", `there is no option ${quote(name)}`, { path: name });
}

/** Refuses options that do not exist (a misspelt `scope` would sign everything) or are not what they should be. */
function checkClaims(options: object): void {
  for (const [name, value] of Object.entries({ ...Object.fromEntries(REQUIRED.map((name) => [name, undefined])), ...options })) {
    const [check, expected] = (Object.hasOwn(CHECKS, name) && CHECKS[name]) || [];
    if (check === undefined) throw noSuchOption(name);
    if (value === undefined && !REQUIRED.includes(name)) continue;
    if (!check(value)) throw new WicketgateError("invalid_options", `${name}: expected ${expected}`, { path: name });
  }
}
