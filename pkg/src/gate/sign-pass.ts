/** Signs passes with the gate's own key. */
import { CompactSign, compactVerify, importJWK } from "jose";
import { WicketgateError } from "../lib/error.js";
import { ownProperty } from "../lib/options.js";
import type { Jwk, JwkSet } from "../wasm/wicketgate.js";
import { requireEd25519 } from "./ed25519.js";
import { MAX_LIFETIME, MAX_PASS, PASS_TYPE, plain } from "./read-pass.js";
import type { PassOptions, SignedAccess } from "./types.js";

/** Default lifetime of a pass, in seconds: so long a back end that only verifies accepts it after the access was withdrawn. */
const LIFETIME = 5 * 60;
/** Part of its lifetime in which a pass is reused for the same admission: a signature costs as much as the rest of a request. */
const FRESH = 1 / 30;
/** A signed pass and its remaining lifetime in seconds. */
export type SignedPass = Readonly<{ pass: string; expiresIn: number }>;
type Imported = Awaited<ReturnType<typeof importJWK>>;

/**
 * Signs passes for accesses that somebody else has decided: the gate by its snapshots, or a server of the platform. Whoever holds the gate's keys can
 * sign any pass.
 * @example
 * ```ts
 * const signer = new PassSigner({ keys: privateKeys, issuer: "https://gate.acme.example", audience: "https://api.acme.example" }, "acme");
 * const { pass, expiresIn } = await signer.sign({ assistant, capabilities, obtained: { by: "member", user }, version, until }, Date.now() / 1000);
 * ```
 */
export class PassSigner {
  readonly #organization: string;
  readonly #issuer: string;
  readonly #audience: string;
  readonly #expiresIn: number;
  readonly #private: Jwk;
  readonly #public: JwkSet;
  #key: Imported | undefined;
  /** The last pass of each admission. */
  readonly #signed = new WeakMap<SignedAccess, { iat: number; exp: number; signed: SignedPass }>();

  constructor({ keys, issuer, audience, expiresIn = LIFETIME }: PassOptions, organization: string) {
    if (!Number.isSafeInteger(expiresIn) || expiresIn < 1 || expiresIn > MAX_LIFETIME) {
      throw new WicketgateError("invalid_options", `passes.expiresIn: expected seconds, ${MAX_LIFETIME} at most`, {
        path: "passes.expiresIn",
      });
    }
    this.#organization = organization;
    this.#issuer = issuer;
    this.#audience = audience;
    this.#expiresIn = expiresIn;
    const set = ownProperty(keys, "keys") as Jwk[];
    this.#public = { keys: publicKeys(set) };
    this.#private = Object.assign(Object.create(null), set[0]);
    if (typeof this.#private.d !== "string") throw invalidKey(0, "not a private key");
  }

  /** The public keys of all key pairs, for verifiers. */
  get publicKeys(): JwkSet {
    return this.#public;
  }

  /** A pass that is valid from `now` on, at most until the admission ends by itself. */
  async sign(admission: SignedAccess, now: number): Promise<SignedPass> {
    const iat = Math.floor(now);
    const last = this.#signed.get(admission);
    // `iat >= last.iat`: after the clock was set back, a pass from the future is not reused.
    if (last !== undefined && iat >= last.iat && iat - last.iat < Math.max(1, (last.exp - last.iat) * FRESH)) {
      const expiresIn = last.exp - iat;
      if (last.signed.expiresIn !== expiresIn) last.signed = { pass: last.signed.pass, expiresIn };
      return last.signed;
    }
    const { assistant, capabilities, obtained, version, until } = admission;
    const exp = Math.min(iat + this.#expiresIn, Math.floor(until));
    if (!(exp > iat)) throw new WicketgateError("expired", "the admission has expired: no pass can be signed for it");
    const payload = JSON.stringify({
      iss: this.#issuer,
      aud: this.#audience,
      iat,
      exp,
      organization: this.#organization,
      assistant,
      capabilities,
      obtained,
      version,
    });
    const pass = await sign(payload, this.#private.kid!, (this.#key ??= await this.#import()));
    if (pass.length > MAX_PASS) throw new WicketgateError("too_large", `the pass would have more than ${MAX_PASS} characters`);
    const signed = { pass, expiresIn: exp - iat };
    // Only frozen admissions are remembered: others may change.
    if (Object.isFrozen(admission) && Object.isFrozen(capabilities) && Object.isFrozen(obtained))
      this.#signed.set(admission, { iat, exp, signed });
    return signed;
  }

  /** Imports and tries the key, so that a public and private half that do not match fail here and not in every back end. */
  async #import(): Promise<Imported> {
    const { kid, x, d } = this.#private as { kid: string; x: string; d: string };
    try {
      const key = await importJWK(plain({ kty: "OKP", crv: "Ed25519", x, d }), "EdDSA");
      await compactVerify(await sign("", kid, key), await importJWK(plain({ kty: "OKP", crv: "Ed25519", x }), "EdDSA"));
      return key;
    } catch {
      await requireEd25519();
      // Without a cause: the error may contain the key.
      throw invalidKey(0, "not an Ed25519 key pair");
    }
  }
}

const utf8 = new TextEncoder();

function sign(payload: string, kid: string, key: Imported): Promise<string> {
  return new CompactSign(utf8.encode(payload)).setProtectedHeader({ alg: "EdDSA", typ: PASS_TYPE, kid }).sign(key);
}

function publicKeys(keys: unknown): Jwk[] {
  if (!Array.isArray(keys) || keys.length === 0)
    throw new WicketgateError("invalid_options", "passes.keys: expected a private JWK Set", { path: "passes.keys" });
  return keys.map((key: Jwk, index) => {
    const [kty, crv, x, kid] = ["kty", "crv", "x", "kid"].map((name) => ownProperty(key, name));
    if (kty !== "OKP" || crv !== "Ed25519" || typeof x !== "string") throw invalidKey(index, "expected an Ed25519 key");
    if (typeof kid !== "string" || kid === "") throw invalidKey(index, "the `kid` is missing");
    if (keys.some((other, before) => before < index && ownProperty(other, "kid") === kid))
      throw invalidKey(index, "another key has the same `kid`");
    return { kty, crv, x, kid, alg: "EdDSA", use: "sig" };
  });
}

/** Names the position only: a message never repeats a key. */
function invalidKey(index: number, message: string): WicketgateError {
  const path = `passes.keys.keys[${index}]`;
  return new WicketgateError("invalid_key", `${path}: ${message}`, { path });
}
