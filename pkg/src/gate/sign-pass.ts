/** Signs passes, with a key of the gate's own. */
import { CompactSign, compactVerify, importJWK } from "jose";
import { WicketgateError } from "../lib/error.js";
import { ownProperty } from "../lib/options.js";
import type { Jwk, JwkSet } from "../wasm/wicketgate.js";
import { requireEd25519 } from "./ed25519.js";
import { MAX_LIFETIME, MAX_PASS, PASS_TYPE, plain } from "./read-pass.js";
import type { Admitted, PassOptions } from "./types.js";

/** Seconds that a pass lasts unless told otherwise: so long a back end that only verifies goes on after a revocation. */
const LIFETIME = 5 * 60;
/** The first part of its life, in which a pass is given again to whoever asks for the same: a signature costs as much as all the rest. */
const FRESH = 1 / 30;
/** A pass, and the seconds that are left of it. */
export type Given = Readonly<{ pass: string; expiresIn: number }>;
type Imported = Awaited<ReturnType<typeof importJWK>>;

export class Signer {
  readonly #organization: string;
  readonly #issuer: string;
  readonly #audience: string;
  readonly #expiresIn: number;
  readonly #private: Jwk;
  readonly #public: JwkSet;
  #key: Imported | undefined;
  /** What was given last for an admission. */
  readonly #given = new WeakMap<Admitted, { iat: number; exp: number; given: Given }>();

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

  /** The public halves of all keys, for others to verify with. */
  get publicKeys(): JwkSet {
    return this.#public;
  }

  /** A pass from `now` on, for no longer than the admission lasts by itself. */
  async sign(admission: Admitted, now: number): Promise<Given> {
    const iat = Math.floor(now);
    const last = this.#given.get(admission);
    // Never one from the future: a clock that was set back.
    if (last !== undefined && iat >= last.iat && iat - last.iat < Math.max(1, (last.exp - last.iat) * FRESH)) {
      const expiresIn = last.exp - iat;
      if (last.given.expiresIn !== expiresIn) last.given = { pass: last.given.pass, expiresIn };
      return last.given;
    }
    const { assistant, capabilities, obtained, version, until } = admission;
    const exp = Math.min(iat + this.#expiresIn, Math.floor(until));
    if (!(exp > iat)) throw new WicketgateError("expired", "what the pass would be given for has expired");
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
    const given = { pass, expiresIn: exp - iat };
    // What may still change is signed each time.
    if (Object.isFrozen(admission) && Object.isFrozen(capabilities) && Object.isFrozen(obtained))
      this.#given.set(admission, { iat, exp, given });
    return given;
  }

  /** Tries the key, so that halves that do not belong together are found here and not in every back end. */
  async #import(): Promise<Imported> {
    const { kid, x, d } = this.#private as { kid: string; x: string; d: string };
    try {
      const key = await importJWK(plain({ kty: "OKP", crv: "Ed25519", x, d }), "EdDSA");
      await compactVerify(await sign("", kid, key), await importJWK(plain({ kty: "OKP", crv: "Ed25519", x }), "EdDSA"));
      return key;
    } catch {
      await requireEd25519();
      // What was thrown may hold the key.
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
  return keys.map((key: Jwk, place) => {
    const [kty, crv, x, kid] = ["kty", "crv", "x", "kid"].map((name) => ownProperty(key, name));
    if (kty !== "OKP" || crv !== "Ed25519" || typeof x !== "string") throw invalidKey(place, "expected an Ed25519 key");
    if (typeof kid !== "string" || kid === "") throw invalidKey(place, "the `kid` is missing");
    if (keys.some((other, before) => before < place && ownProperty(other, "kid") === kid))
      throw invalidKey(place, "there is another key of that `kid`");
    return { kty, crv, x, kid, alg: "EdDSA", use: "sig" };
  });
}

/** The place alone: a message never repeats a key. */
function invalidKey(place: number, message: string): WicketgateError {
  const path = `passes.keys.keys[${place}]`;
  return new WicketgateError("invalid_key", `${path}: ${message}`, { path });
}
