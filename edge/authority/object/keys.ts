// The keys that sign. A key's times alone decide what it may do, so nothing has to run at the right moment:
// next (published) → current (signs) → retired (published until everything it signed has expired) → gone.
import type { Jwk, JwkSet } from "wicketgate";
import { generateKeyPair, type KeyPair } from "wicketgate/authority";
import { KEY_LEAD, KEY_RETIREMENT } from "../lifetimes";
import { Problem } from "../problem";
import type { KeyState } from "../wire";
import type { KeyRow, KeyTable } from "./tables/key-table";

export class Keys {
  readonly #table: KeyTable;
  /** The configured secret `SIGNING_KEY`. It signs instead of the keys that are made here. */
  #configured: Jwk | undefined;

  constructor(table: KeyTable) {
    this.#table = table;
  }

  /** Takes the configured key, or makes the first key if there is none. To be called once, before anything signs. */
  async load(secret: string | undefined, now: number): Promise<void> {
    this.#configured = secret === undefined ? undefined : parseSecret(secret);
    this.tidy(now);
    if (this.#configured) this.#adopt(this.#configured, now);
    else if (!this.#find(now)?.secret) {
      const pair = await generateKeyPair();
      this.#retire(now);
      this.#put(pair, now);
    }
  }

  /** The private key that signs now. */
  signing(now: number): Jwk {
    const secret = this.#configured ?? this.#find(now)?.secret;
    if (!secret) throw new Error("no key signs");
    return secret;
  }

  published(): JwkSet {
    return { keys: this.#table.all().map((row) => ({ ...row.public, alg: "EdDSA", use: "sig" })) };
  }

  /**
   * Makes a new key. It signs after `KEY_LEAD` seconds, when every reader has fetched the set again. `atOnce` is for a stolen key: the new key
   * signs now and the others leave the set; a reader refuses their signatures as soon as it fetches the set again.
   */
  async rotate(now: number, atOnce: boolean): Promise<KeyState[]> {
    if (this.#configured) throw new Problem("key_is_configured", "the key is the secret `SIGNING_KEY`: replace that secret");
    // First, because no `await` may come after reading the table: two rotations must not mix.
    const pair = await generateKeyPair();
    this.tidy(now);
    if (atOnce) {
      for (const { kid } of this.#table.all()) this.#table.delete(kid);
      this.#put(pair, now);
    } else {
      if (this.#table.all().some(({ signsFrom }) => signsFrom > now)) {
        throw new Problem("rotation_in_progress", "a new key is published already and does not sign yet");
      }
      const from = now + KEY_LEAD;
      this.#retire(from);
      this.#put(pair, from);
    }
    return this.states(now);
  }

  states(now: number): KeyState[] {
    return this.#table.all().map(({ public: _public, secret: _secret, ...row }) => ({
      ...row,
      state: row.signsFrom > now ? "next" : row.signsUntil !== undefined && row.signsUntil <= now ? "retired" : "current",
    }));
  }

  /** Deletes private halves that no longer sign, and keys that are no longer published. */
  tidy(now: number): void {
    for (const { secret, ...row } of this.#table.all()) {
      if (row.publishedUntil !== undefined && row.publishedUntil <= now) this.#table.delete(row.kid);
      else if (secret && row.signsUntil !== undefined && row.signsUntil <= now) this.#table.put(row);
    }
  }

  #find(now: number): KeyRow | undefined {
    return this.#table
      .all()
      .find(({ signsFrom, signsUntil }) => signsFrom <= now && (signsUntil === undefined || now < signsUntil));
  }

  #retire(from: number): void {
    for (const row of this.#table.all()) {
      if (row.signsUntil === undefined) this.#table.put({ ...row, signsUntil: from, publishedUntil: from + KEY_RETIREMENT });
    }
  }

  #put({ publicKey, privateKey }: KeyPair, signsFrom: number): void {
    this.#table.put({ kid: kidOf(publicKey), public: publicKey, secret: privateKey, signsFrom });
  }

  #adopt(configured: Jwk, now: number): void {
    const kid = kidOf(configured);
    const known = this.#table.all().find((row) => row.kid === kid);
    if (known && known.signsUntil === undefined) return;
    this.#retire(now);
    // Named members only: the private half and unknown members must not be published.
    const { kty, crv, x } = configured as Required<Jwk>;
    this.#table.put({ kid, public: { kty, crv, x, kid }, signsFrom: now });
  }
}

function kidOf({ kid }: Jwk): string {
  if (!kid) throw new Error("the key has no `kid`");
  return kid;
}

function parseSecret(secret: string): Jwk {
  try {
    const { kty, crv, x, d, kid } = JSON.parse(secret) as Required<Jwk>;
    if (kty === "OKP" && crv === "Ed25519" && [x, d, kid].every((member) => typeof member === "string" && member !== "")) {
      return { kty, crv, x, d, kid };
    }
  } catch {
    // The parser's message is not repeated, because it would quote the secret.
  }
  throw new Error("SIGNING_KEY must be a private Ed25519 JWK with a `kid`");
}
