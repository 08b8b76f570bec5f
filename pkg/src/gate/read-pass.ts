/** Verifies passes with public keys only. The payload is not read before the signature holds. */
import { tokenTypes } from "../contract.js";
import { compactVerify, importJWK } from "jose";
import { inSeconds } from "../lib/clock.js";
import { WicketgateError } from "../lib/error.js";
import { ownProperty, readSafely, readOptions } from "../lib/options.js";
import type { Obtained, Pass } from "./pass-types.js";
import type { AssistantId } from "../lib/types.js";
import type { Jwk, JwkSet } from "../wasm/wicketgate.js";
import { requireEd25519 } from "./ed25519.js";

/** The `typ` in the header of a pass. */
export const PASS_TYPE = tokenTypes.pass;
/** Longest pass, in characters. With the longest ids, all capabilities and the longest origin, a pass has less than half of that. */
export const MAX_PASS = 4096;
/** Longest lifetime of a pass, in seconds: so long a withdrawn access can go on at a back end that only verifies. */
export const MAX_LIFETIME = 15 * 60;
/** Longest origin, in characters. Scheme, a host of 253 characters and port have fewer. */
export const MAX_ORIGIN = 300;
/** The names of Ed25519 in RFC 8037 and RFC 9864. */
const ALGORITHMS = ["EdDSA", "Ed25519"];
/** Header parameters that contain a key or point to one (RFC 7515, section 4.1). */
const FOREIGN_KEYS = ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"];

/** Expectations on a pass, apart from its capabilities. */
export interface PassTerms {
  /** The gate's public keys. */
  keys: JwkSet;
  issuer: string;
  audience: string;
  organization: string;
  /** The assistant that the request is about. */
  assistant: AssistantId;
  /** Time in Unix seconds. Default: the system's clock. */
  now?: number;
  /** Seconds by which the clocks may differ. Default: 0. */
  clockTolerance?: number;
}

const TEXTS = ["issuer", "audience", "organization", "assistant"] as const;
export const TERMS = [...TEXTS, "keys", "now", "clockTolerance"] as const;

/**
 * Verifies a pass, whatever capabilities it holds.
 * @throws {WicketgateError} with the code of the first step that fails.
 */
export async function readPass(token: string, expected: PassTerms): Promise<Pass> {
  const terms = readOptions(expected, TERMS);
  const keys = checkTerms(terms);
  if (typeof token !== "string") throw malformed("expected a compact token");
  if (token.length > MAX_PASS) throw new WicketgateError("too_large", `the pass has more than ${MAX_PASS} characters`);
  // 64 bytes are 86 characters with 4 unused bits at the end. They must be 0, so that a signature has one spelling only.
  const [, header] = /^([\w-]+)\.[\w-]+\.[\w-]{85}[AQgw]$/.exec(token) ?? [];
  if (header === undefined) throw malformed("expected three segments of base64url without padding");
  const key = keyFor(object(decoded(header, "header"), "header"), keys);
  const payload = await verified(token, key);
  const pass = passOf(object(text(payload, "payload"), "payload"));
  judge(pass, terms);
  return pass;
}

/** Checks the expectations. `undefined` is refused: it is an unset variable, not the wish to expect nothing. */
function checkTerms(terms: PassTerms): Jwk[] {
  for (const name of TEXTS) if (typeof terms[name] !== "string" || terms[name] === "") throw invalid(name, "expected a string");
  const keys = readSafely(() => ownProperty(terms.keys, "keys"), "keys");
  if (!Array.isArray(keys)) throw invalid("keys", "expected a JWK Set");
  for (const name of ["now", "clockTolerance"] as const) {
    const value = terms[name];
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) throw invalid(name, "expected seconds");
  }
  if (terms.now !== undefined) inSeconds(terms.now);
  return keys;
}

/** The key that the header names, from the caller's JWK Set only. */
function keyFor(header: Record<string, unknown>, keys: Jwk[]): Jwk {
  if ("crit" in header) throw malformed("no critical extension is understood", "crit");
  if (header["typ"] !== PASS_TYPE)
    throw new WicketgateError("wrong_type", `not a pass: expected the type ${PASS_TYPE}`, { path: "typ" });
  if (!ALGORITHMS.includes(header["alg"] as string))
    throw new WicketgateError("unsupported_algorithm", "expected the algorithm EdDSA", { path: "alg" });
  const foreign = FOREIGN_KEYS.find((name) => Object.hasOwn(header, name));
  if (foreign !== undefined) throw unknownKey("keys come from the caller's JWK Set only", foreign);
  const named =
    typeof header["kid"] === "string"
      ? readSafely(() => keys.filter((key) => ownProperty(key, "kid") === header["kid"] && isVerifying(key)), "keys")
      : [];
  if (named.length !== 1) throw unknownKey("expected the `kid` of exactly one Ed25519 key of the JWK Set", "kid");
  return named[0]!;
}

/** Whether a key can verify passes. Keys of another type or use are ignored. */
function isVerifying(key: Jwk): boolean {
  const { kty, crv, x, alg, use, key_ops } = Object.fromEntries(
    ["kty", "crv", "x", "alg", "use", "key_ops"].map((name) => [name, ownProperty(key, name)]),
  ) as unknown as Jwk;
  return (
    kty === "OKP" &&
    crv === "Ed25519" &&
    typeof x === "string" &&
    (alg === undefined || ALGORITHMS.includes(alg)) &&
    (use === undefined || use === "sig") &&
    (key_ops === undefined || (Array.isArray(key_ops) && key_ops.includes("verify")))
  );
}

type Imported = Awaited<ReturnType<typeof importJWK>>;
/** Imported keys by the JWK object, with the `x` that was imported. An import costs as much as a verification. */
const imported = new WeakMap<Jwk, { x: string; key: Imported }>();

async function verified(token: string, jwk: Jwk): Promise<Uint8Array> {
  try {
    let known = imported.get(jwk);
    if (known === undefined || known.x !== jwk.x) {
      const { x } = jwk as { x: string };
      known = { x, key: await importJWK(plain({ kty: "OKP", crv: "Ed25519", x }), "EdDSA") };
      imported.set(jwk, known);
    }
    return (await compactVerify(token, known.key, { algorithms: ALGORITHMS })).payload;
  } catch {
    await requireEd25519();
    throw new WicketgateError("bad_signature", "the signature does not hold");
  }
}

function passOf(claims: Record<string, unknown>): Pass {
  const { organization, assistant, capabilities, obtained, version, iat, exp } = claims;
  for (const [name, value] of Object.entries({ organization, assistant }))
    if (typeof value !== "string") throw malformed("expected a string", name);
  if (!Array.isArray(capabilities) || !capabilities.every((name) => typeof name === "string"))
    throw malformed("expected names of capabilities", "capabilities");
  if (!isTime(version) || version === 0) throw malformed("expected a version", "version");
  for (const [name, value] of Object.entries({ iat, exp })) if (!isTime(value)) throw malformed("expected Unix seconds", name);
  if ("nbf" in claims) throw malformed("a pass has no start time: it is valid from its `iat` on", "nbf");
  const [issuedAt, expiresAt] = [iat as number, exp as number];
  if (expiresAt - issuedAt > MAX_LIFETIME) throw malformed(`a pass lives ${MAX_LIFETIME} seconds at most`, "exp");
  return {
    issuer: claims["iss"] as string,
    audience: claims["aud"] as string,
    organization: organization as string,
    assistant: assistant as string,
    capabilities: capabilities as Pass["capabilities"],
    obtained: obtainedOf(obtained),
    version,
    issuedAt,
    expiresAt,
  };
}

function obtainedOf(obtained: unknown): Obtained {
  const [by, digest, origin, user] = ["by", "digest", "origin", "user"].map((name) => ownProperty(obtained, name));
  if ((by === "view_link" || by === "edit_link") && typeof digest === "string") return { by, digest };
  if (by === "embed" && typeof origin === "string") return { by, origin };
  if (by === "member" && typeof user === "string") return { by, user };
  throw malformed("expected the access that the pass was signed for", "obtained");
}

function judge(
  pass: Pass,
  { issuer, audience, organization, assistant, now = Date.now() / 1000, clockTolerance = 0 }: PassTerms,
): void {
  const wrong = (code: "wrong_issuer" | "wrong_audience" | "wrong_organization" | "wrong_assistant", path: string) =>
    new WicketgateError(code, `${path}: not the one expected`, { path });
  if (pass.issuer !== issuer) throw wrong("wrong_issuer", "iss");
  if (pass.audience !== audience) throw wrong("wrong_audience", "aud");
  if (pass.organization !== organization) throw wrong("wrong_organization", "organization");
  if (pass.assistant !== assistant) throw wrong("wrong_assistant", "assistant");
  if (!(now >= pass.issuedAt - clockTolerance))
    throw new WicketgateError("not_yet_valid", "the pass is from the future", { path: "iat" });
  if (!(now < pass.expiresAt + clockTolerance)) throw new WicketgateError("expired", "the pass has expired", { path: "exp" });
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function decoded(segment: string, name: string): string {
  let binary;
  try {
    binary = atob(segment.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    throw malformed(`the ${name} is not base64url`);
  }
  return text(
    Uint8Array.from(binary, (character) => character.charCodeAt(0)),
    name,
  );
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function text(bytes: Uint8Array, name: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed(`the ${name} is not UTF-8`);
  }
}

/** A copy without a prototype, so that no inherited property is found. */
export function plain<T extends object>(value: T): T & Record<string, unknown> {
  return Object.assign(Object.create(null), value);
}

/** Parses a JSON object in its shortest spelling. This refuses duplicate members, about which JSON parsers disagree. */
function object(json: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value) && JSON.stringify(value) === json) return plain(value);
  } catch {
    // Reported below.
  }
  throw malformed(`the ${name} is no JSON object without spaces and repetitions`);
}

function malformed(message: string, path?: string): WicketgateError {
  return new WicketgateError("malformed", path === undefined ? message : `${path}: ${message}`, { path });
}

function unknownKey(message: string, path: string): WicketgateError {
  return new WicketgateError("unknown_key", `${path}: ${message}`, { path });
}

function invalid(path: string, message: string): WicketgateError {
  return new WicketgateError("invalid_options", `${path}: ${message}`, { path });
}
