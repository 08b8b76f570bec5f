/** Verifies tokens at the corrected time, and keeps the clock of the snapshot that they opened. */
import { WicketgateError, type ErrorCode } from "../lib/error.js";
import { ownProperty } from "../lib/options.js";
import { parsed } from "../lib/responses.js";
import type { Principal } from "../snapshot/principal.js";
import { openSync, type OpenSnapshot } from "../snapshot/snapshot.js";
import type { DetachedSnapshot } from "../lib/types.js";
import type { JwkSet } from "../wasm/wicketgate.js";
import { expectations } from "./connect-options.js";
import type { Arrival, Memory } from "./memory.js";
import { subjectOf } from "./subject.js";
import type { ConnectOptions } from "./types.js";

/** Codes of a token that may be valid at another time. */
const WRONG_TIME: readonly ErrorCode[] = ["expired", "not_yet_valid"];
/** Later than the expiry of every snapshot. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** A signed document and the way it came. */
export interface Signed {
  readonly token: DetachedSnapshot;
  /** The keys that may have signed it. */
  readonly keys: JwkSet;
  /** The answer that brought it; undefined if another page did. */
  readonly arrival?: Arrival | undefined;
}

/** An opened snapshot and the clock that it reads. */
export class VerifiedSnapshot {
  readonly snapshot: OpenSnapshot;
  readonly #me: Principal | undefined;
  /** Names what is followed: issuer, organization and subject, as JSON. */
  readonly identity: string;
  readonly #memory: Memory;
  #now: () => number;

  /**
   * Opens a snapshot.
   * @param options what the token must say, and be of; `base` stands for the issuer where none is expected.
   * @param identity what it must be of by name; undefined: anything.
   * @throws {WicketgateError} the codes of `openSync`; `wrong_scope`, `other_user`, `rolled_back`.
   */
  constructor(
    { token, keys, arrival }: Signed,
    options: ConnectOptions,
    base: string,
    memory: Memory,
    identity: string | undefined,
  ) {
    const expect = expectations(options);
    this.#memory = memory;
    // The latest time seen does not count yet: this token may prove that it was wrong.
    this.#now = () => memory.now();
    const open = () => openSync(token, { ...expect, keys, now: () => this.#now() }) as OpenSnapshot;
    const snapshot = this.#atProvenTime(token, arrival, open);
    this.snapshot = snapshot;
    this.identity = JSON.stringify([expect.issuer ?? base, snapshot.organization, snapshot.subject]);
    try {
      subjectOf(options).require(snapshot);
      if (identity !== undefined && identity !== this.identity)
        throw new WicketgateError("other_user", "somebody else has signed in");
      memory.admit(`wicketgate:${this.identity}`, snapshot, arrival);
    } catch (error) {
      snapshot.free();
      throw error;
    }
    this.#now = () => memory.time();
    this.#me = snapshot.scope === "member" ? snapshot.as() : undefined;
  }

  /** The person whose snapshot it is. @throws {WicketgateError} `wrong_scope` for the whole organization */
  get me(): Principal {
    if (this.#me === undefined) throw new WicketgateError("wrong_scope", "me: the snapshot is nobody's own; ask `as({ user })`");
    return this.#me;
  }

  /**
   * Applies a delta in place. Returns whether answers may have changed.
   * @throws {WicketgateError} the codes of `Snapshot.apply`; then nothing has changed.
   */
  apply({ token, keys, arrival }: Signed): boolean {
    const { snapshot } = this;
    const { version, state } = snapshot;
    this.#atProvenTime(token, arrival, () => snapshot.apply(token, { keys }));
    this.#memory.note(snapshot, arrival);
    return version !== snapshot.version || state !== snapshot.state;
  }

  /** The snapshot was replaced, or the client stops: old references deny everything from now on. */
  retire(): void {
    this.#now = () => END_OF_TIME;
  }

  /**
   * Verifies at the time that the clock tells. If that is too late or too early for the token, verifies once more at the time that the token would
   * prove. Only a token that verifies there is the authority's word; the memory may still find that it is an old one.
   */
  #atProvenTime<T>({ payload }: DetachedSnapshot, arrival: Arrival | undefined, verify: () => T): T {
    try {
      return verify();
    } catch (error) {
      const wrongTime = error instanceof WicketgateError && WRONG_TIME.includes(error.code);
      const issuedAt = arrival !== undefined && wrongTime ? ownProperty(parsed(payload), "iat") : undefined;
      const proven = Number.isSafeInteger(issuedAt) ? this.#memory.proven(issuedAt as number, arrival) : undefined;
      if (proven === undefined) throw error;
      const now = this.#now;
      this.#now = () => proven;
      try {
        return verify();
      } finally {
        this.#now = now;
      }
    }
  }
}
