// Asks the package what it makes of a token. Everything happens in the page.
import { type Jwk, type JwkSet, open, openHead, type OpenOptions, type Snapshot, WicketgateError } from "wicketgate";
import { type Pass, verifyPass } from "wicketgate/pass";
import { ownProperty } from "../../lib/own-property";
import { bytesOf, type Token } from "./token";
import { type Expectations, type Step, stepsOf, stepsToSignature } from "./steps";

export interface Inspected {
  steps: Step[];
  /** Whether every step that can be made was passed. */
  verifies: boolean;
  /** To be asked. */
  snapshot?: Snapshot;
  error?: WicketgateError;
  /** It is the snapshot that a delta starts from which was refused. */
  baseRefused?: true;
}

export interface Question {
  token: Token;
  keys: JwkSet;
  expected: Expectations;
  /** Unix seconds; nothing for now. */
  at: number | undefined;
  /** What a delta starts from. */
  base: Token | undefined;
}

export async function inspect({ token, keys, expected, at, base }: Question): Promise<Inspected> {
  const options: OpenOptions = { keys, ...(at !== undefined && { now: at }), ...given(expected) };
  try {
    switch (token.kind) {
      case "pass":
        await verifyAsSaid(token, keys, expected, at);
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

/** It is the snapshot that a delta starts from which does not open. */
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

function passed(token: Token, expected: Expectations, snapshot?: Snapshot): Inspected {
  return { steps: stepsOf(token, expected, undefined), verifies: true, ...(snapshot && { snapshot }) };
}

/** Expected of a pass is what it says itself, where the reader expects nothing. */
async function verifyAsSaid(
  { given, claims = {} }: Token,
  keys: JwkSet,
  { issuer, audience, organization }: Expectations,
  at: number | undefined,
): Promise<void> {
  if (typeof given !== "string") throw new WicketgateError("malformed", "a pass has the compact form alone");
  // The signature comes before what it says: with a word that none of its claims is, it is refused for that.
  const said = (name: string) => {
    const claim = ownProperty(claims, name);
    return typeof claim === "string" && claim !== "" ? claim : "?";
  };
  const [capability = "assistant.view"] = Array.isArray(claims["capabilities"])
    ? (claims["capabilities"] as Pass["capabilities"])
    : [];
  await verifyPass(given, {
    keys,
    capability,
    issuer: issuer || said("iss"),
    audience: audience || said("aud"),
    organization: organization || said("organization"),
    assistant: said("assistant"),
    ...(at !== undefined && { now: at }),
  });
}

function given({ issuer, audience, organization }: Expectations): Partial<Expectations> {
  return { ...(issuer !== "" && { issuer }), ...(audience !== "" && { audience }), ...(organization !== "" && { organization }) };
}

/** A delta means something only with what it starts from; who signed it can be told without. */
async function signatureAlone(token: Token, keys: JwkSet): Promise<Inspected> {
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
