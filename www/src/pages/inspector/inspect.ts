// Opens a token with the package. Everything happens in the page.
import { type Jwk, type JwkSet, open, openHead, type OpenOptions, type Snapshot, WicketgateError } from "wicketgate";
import { type Pass, verifyPass } from "wicketgate/pass";
import { ownProperty } from "../../lib/own-property";
import { bytesOf, type Token } from "./token";
import { type Expectations, type Step, stepsOf, stepsToSignature } from "./steps";

export interface Inspection {
  steps: Step[];
  /** Whether every possible step passed. */
  verifies: boolean;
  /** The opened snapshot, for questions. */
  snapshot?: Snapshot;
  error?: WicketgateError;
  /** Not the delta was refused, but the snapshot that it starts from. */
  baseRefused?: true;
}

export interface InspectionInput {
  token: Token;
  keys: JwkSet;
  expected: Expectations;
  /** Unix seconds; `undefined` for now. */
  at: number | undefined;
  /** The snapshot that a delta starts from. */
  base: Token | undefined;
}

export async function inspect({ token, keys, expected, at, base }: InspectionInput): Promise<Inspection> {
  const options: OpenOptions = { keys, ...(at !== undefined && { now: at }), ...given(expected) };
  try {
    switch (token.kind) {
      case "pass":
        await verifyPassToken(token, keys, expected, at);
        return passed(token, expected);
      case "head":
        await openHead(token.given, options);
        return passed(token, expected);
      case "delta": {
        if (!base) return await signatureAlone(token, keys);
        const snapshot = await opened(base, options);
        snapshot.apply(token.given);
        return passed(token, expected, snapshot);
      }
      default:
        return passed(token, expected, await open(token.given, options));
    }
  } catch (error) {
    if (error instanceof BaseError) return { steps: [], verifies: false, error: error.reason, baseRefused: true };
    if (!(error instanceof WicketgateError)) throw error;
    return { steps: stepsOf(token, expected, error), verifies: false, error };
  }
}

/** The snapshot that a delta starts from does not open. */
class BaseError extends Error {
  constructor(readonly reason: WicketgateError) {
    super(reason.message);
  }
}

async function opened(base: Token, options: OpenOptions): Promise<Snapshot> {
  try {
    return await open(base.given, options);
  } catch (error) {
    throw error instanceof WicketgateError ? new BaseError(error) : error;
  }
}

function passed(token: Token, expected: Expectations, snapshot?: Snapshot): Inspection {
  return { steps: stepsOf(token, expected, undefined), verifies: true, ...(snapshot && { snapshot }) };
}

/** Where the reader expects nothing, the pass's own claims are expected. */
async function verifyPassToken(
  { given, claims = {} }: Token,
  keys: JwkSet,
  { issuer, audience, organization }: Expectations,
  at: number | undefined,
): Promise<void> {
  if (typeof given !== "string") throw new WicketgateError("malformed", "a pass has the compact form alone");
  // The package checks the signature first. An expectation that is no claim lets it go on to there, and refuse the claim afterwards.
  const claimed = (name: string) => {
    const claim = ownProperty(claims, name);
    return typeof claim === "string" && claim !== "" ? claim : "?";
  };
  const [capability = "assistant.view"] = Array.isArray(claims["capabilities"])
    ? (claims["capabilities"] as Pass["capabilities"])
    : [];
  await verifyPass(given, {
    keys,
    capability,
    issuer: issuer || claimed("iss"),
    audience: audience || claimed("aud"),
    organization: organization || claimed("organization"),
    assistant: claimed("assistant"),
    ...(at !== undefined && { now: at }),
  });
}

function given({ issuer, audience, organization }: Expectations): Partial<Expectations> {
  return { ...(issuer !== "" && { issuer }), ...(audience !== "" && { audience }), ...(organization !== "" && { organization }) };
}

/** Without the snapshot that a delta starts from, only its signature can be verified. */
async function signatureAlone(token: Token, keys: JwkSet): Promise<Inspection> {
  const error = await signatureError(token, keys);
  return { steps: stepsToSignature(token, error), verifies: error === undefined, ...(error && { error }) };
}

async function signatureError({ header = {}, signed, signature }: Token, { keys }: JwkSet): Promise<WicketgateError | undefined> {
  if (header["alg"] !== "EdDSA" && header["alg"] !== "Ed25519")
    return new WicketgateError("unsupported_algorithm", "expected the algorithm EdDSA");
  const named = keys.filter(({ kid, kty, crv }: Jwk) => kid === header["kid"] && kty === "OKP" && crv === "Ed25519");
  if (named.length !== 1) return new WicketgateError("unknown_key", "expected the `kid` of exactly one key");
  const bad = new WicketgateError("bad_signature", "the signature does not hold");
  const bytes = bytesOf(signature);
  try {
    const key = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: named[0]!.x! }, "Ed25519", false, ["verify"]);
    return bytes && (await crypto.subtle.verify("Ed25519", key, bytes, new TextEncoder().encode(signed))) ? undefined : bad;
  } catch {
    return bad;
  }
}
