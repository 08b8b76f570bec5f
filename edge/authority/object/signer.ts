// Signs what the object answers: snapshots, deltas, heads, for members and for the gate.
import { detach, type DetachedPieces, issue, type Projection } from "wicketgate/authority";
import { audiences } from "wicketgate/contract";
import { GATE, GATE_HEAD, MEMBER, MEMBER_WINDOW } from "../lifetimes";
import type { Detached, Tagged } from "../messages";
import { bodyOf, lengthOf } from "./bodies";
import { clock } from "./clock";
import type { History } from "./history";
import type { Keys } from "./keys";
import type { OwnSettings } from "./own-settings";

/** The whole organization, without or with the digests of links. */
export type Whole = "overview" | "workspace";

/** Bytes of the longest snapshot that is kept in memory. */
const MAX_KEPT = 8 * 1024 * 1024;

export class Signer {
  readonly #settings: OwnSettings;
  readonly #keys: Keys;
  readonly #history: History;
  /** The last signed snapshot of the whole organization. It is equal for all its readers, and all of them ask after every change. */
  #whole: { etag: string; signed: DetachedPieces } | undefined;

  constructor(settings: OwnSettings, keys: Keys, history: History) {
    this.#settings = settings;
    this.#keys = keys;
    this.#history = history;
  }

  /** A member's snapshot; only its entity tag if that is among `matches`. */
  async member(user: string, matches: string[], now: number): Promise<Tagged> {
    const etag = this.#etag(user, now);
    return matches.includes(etag) ? { etag } : { etag, token: sent(this.#snapshot({ member: user }, now)) };
  }

  /** The part of a member's snapshot that decides about one assistant. */
  async memberAt(user: string, assistant: string, now: number): Promise<Tagged> {
    const etag = this.#etag(`${user}.${encodeURIComponent(assistant)}`, now);
    return { etag, token: sent(this.#snapshot({ member_at: { user, assistant } }, now)) };
  }

  /** The whole organization; only its entity tag if that is among `matches`. */
  async whole(content: Whole, matches: string[], now: number): Promise<Tagged> {
    const etag = this.#etag(content === "overview" ? "" : `.${content}`, now);
    if (matches.includes(etag)) return { etag };
    if (this.#whole?.etag === etag) return { etag, token: sent(this.#whole.signed) };
    // The old one is dropped first: there is no room for two large ones.
    this.#whole = undefined;
    const signed = this.#snapshot(content, now);
    if (lengthOf(signed.payload) <= MAX_KEPT) this.#whole = { etag, signed };
    return { etag, token: sent(signed) };
  }

  /** The whole organization as it was at an earlier version, signed now. */
  async past(facts: string, version: number, now: number): Promise<Detached> {
    return detach(await issue(facts, { ...this.#claims(now), version, scope: "overview" }));
  }

  async delta(scope: Whole | { member: string }, from: number, now: number): Promise<Detached> {
    return detach(this.#history.directory.delta(from, { ...this.#claims(now), scope }));
  }

  async head(now: number): Promise<Detached> {
    return detach(this.#history.directory.headToken(this.#claims(now)));
  }

  /** The snapshot of one public assistant, not detached. */
  gate(assistant: string): string {
    return this.#history.directory.snapshot({ ...this.#gateClaims(clock()), expiresIn: GATE, scope: { gate: [assistant] } });
  }

  /** Says from which version on a snapshot of this assistant is current. */
  async gateHead(assistant: string, version: number): Promise<Detached> {
    const claims = { ...this.#gateClaims(clock()), expiresIn: GATE_HEAD, assistant: { id: assistant, version } };
    return detach(this.#history.directory.headToken(claims));
  }

  #snapshot(scope: Projection, now: number): DetachedPieces {
    return this.#history.directory.pieces.snapshot({ ...this.#claims(now), scope });
  }

  /**
   * Names everything in a snapshot but its times, and those to the window. The reader is part of it, because every member reads at the
   * same address.
   */
  #etag(reader: string, now: number): string {
    const { kid = "" } = this.#keys.signing(now);
    const state = this.#history.directory.state(now);
    return `"${reader}.${state}.${Math.floor(now / MEMBER_WINDOW)}.${encodeURIComponent(kid)}"`;
  }

  #claims(now: number) {
    return {
      key: this.#keys.signing(now),
      issuer: this.#settings.current.issuer,
      audience: audiences.member,
      issuedAt: now,
      expiresIn: MEMBER,
    };
  }

  #gateClaims(now: number) {
    return { ...this.#claims(now), audience: audiences.gate };
  }
}

function sent({ payload, signature }: DetachedPieces): Detached {
  return { payload: bodyOf(payload), signature };
}
