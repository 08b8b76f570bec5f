// The keys that sign. What a key may do follows from its times alone, so nothing has to happen at the right moment:
// next (published) → current (signs) → retired (published until all it signed has expired) → gone.
import type { Jwk, JwkSet } from "wicketgate";
import { generateKeyPair, type KeyPair } from "wicketgate/authority";
import { KEY_LEAD, KEY_RETIREMENT } from "../lifetimes";
import { Problem } from "../problem";
import type { KeyRow, Storage } from "./storage";

export interface KeyState {
  kid: string;
  state: "next" | "current" | "retired";
  /** Unix seconds. */
  signsFrom: number;
  signsUntil?: number;
  publishedUntil?: number;
}

export class Keys {
  readonly #storage: Storage;
  /** The key that is configured, in place of those that are made here. */
  readonly #configured: Jwk | undefined;

  private constructor(storage: Storage, configured: Jwk | undefined) {
    this.#storage = storage;
    this.#configured = configured;
  }

  /** Reads them; makes the first. */
  static async load(storage: Storage, secret: string | undefined, now: number): Promise<Keys> {
    const keys = new Keys(storage, secret === undefined ? undefined : parseSecret(secret));
    keys.tidy(now);
    if (keys.#configured) keys.#adopt(keys.#configured, now);
    else if (!keys.#find(now)?.secret) {
      const pair = await generateKeyPair();
      keys.#retire(now);
      keys.#put(pair, now);
    }
    return keys;
  }

  /** The private key that signs now. */
  signing(now: number): Jwk {
    const secret = this.#configured ?? this.#find(now)?.secret;
    if (!secret) throw new Error("no key signs");
    return secret;
  }

  published(): JwkSet {
    return { keys: this.#storage.keys().map((row) => ({ ...row.public, alg: "EdDSA", use: "sig" })) };
  }

  /**
   * A new key, which signs once everybody knows it. `atOnce` is for a key that somebody else has: the others leave the set
   * now, what they signed is refused as soon as the reader fetches the set again.
   */
  async rotate(now: number, atOnce: boolean): Promise<KeyState[]> {
    if (this.#configured) throw new Problem("key_is_configured", "the key is the secret `SIGNING_KEY`: put another one there");
    // Before anything is looked at: after it nothing waits, so two rotations do not mix.
    const pair = await generateKeyPair();
    this.tidy(now);
    if (atOnce) {
      for (const { kid } of this.#storage.keys()) this.#storage.deleteKey(kid);
      this.#put(pair, now);
    } else {
      if (this.#storage.keys().some(({ signsFrom }) => signsFrom > now)) {
        throw new Problem("rotation_in_progress", "a new key is published and does not sign yet");
      }
      const from = now + KEY_LEAD;
      this.#retire(from);
      this.#put(pair, from);
    }
    return this.states(now);
  }

  states(now: number): KeyState[] {
    return this.#storage.keys().map(({ public: _public, secret: _secret, ...row }) => ({
      ...row,
      state: row.signsFrom > now ? "next" : row.signsUntil !== undefined && row.signsUntil <= now ? "retired" : "current",
    }));
  }

  /** Forgets the private half of what no longer signs, and all of what is no longer published. */
  tidy(now: number): void {
    for (const { secret, ...row } of this.#storage.keys()) {
      if (row.publishedUntil !== undefined && row.publishedUntil <= now) this.#storage.deleteKey(row.kid);
      else if (secret && row.signsUntil !== undefined && row.signsUntil <= now) this.#storage.putKey(row);
    }
  }

  #find(now: number): KeyRow | undefined {
    return this.#storage
      .keys()
      .find(({ signsFrom, signsUntil }) => signsFrom <= now && (signsUntil === undefined || now < signsUntil));
  }

  #retire(from: number): void {
    for (const row of this.#storage.keys()) {
      if (row.signsUntil === undefined) this.#storage.putKey({ ...row, signsUntil: from, publishedUntil: from + KEY_RETIREMENT });
    }
  }

  #put({ publicKey, privateKey }: KeyPair, signsFrom: number): void {
    this.#storage.putKey({ kid: kidOf(publicKey), public: publicKey, secret: privateKey, signsFrom });
  }

  #adopt(configured: Jwk, now: number): void {
    const kid = kidOf(configured);
    const known = this.#storage.keys().find((row) => row.kid === kid);
    if (known && known.signsUntil === undefined) return;
    this.#retire(now);
    // Named members only: whatever else the secret holds stays secret.
    const { kty, crv, x } = configured as Required<Jwk>;
    this.#storage.putKey({ kid, public: { kty, crv, x, kid }, signsFrom: now });
  }
}

function kidOf({ kid }: Jwk): string {
  if (!kid) throw new Error("a key has no `kid`");
  return kid;
}

function parseSecret(secret: string): Jwk {
  try {
    const { kty, crv, x, d, kid } = JSON.parse(secret) as Required<Jwk>;
    if (kty === "OKP" && crv === "Ed25519" && [x, d, kid].every((member) => typeof member === "string" && member !== "")) {
      return { kty, crv, x, d, kid };
    }
  } catch {
    // Not repeated: the message would quote the secret.
  }
  throw new Error("SIGNING_KEY is no private Ed25519 JWK with a kid");
}
