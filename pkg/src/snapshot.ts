/// <reference lib="esnext.disposable" preserve="true" />
import { systemNow } from "./clock.js";
import { runtime, slots, wasm } from "./core.js";
import { WicketgateError, call } from "./error.js";
import { Principal } from "./principal.js";
import type { Presented, Question, UserId } from "./types.js";
import type { Change, Expect, JwkSet, Organization, RawSnapshot, Scope, SnapshotInfo } from "./wasm/wicketgate.js";

/** How a snapshot is opened. Only `keys` is required; whatever is given must hold. */
export interface OpenOptions extends Expect {
  /** The keys that may have signed it. Keys come from here alone. */
  keys: JwkSet;
  /** The time, in Unix seconds, or what tells it; by default the system's clock, read once per turn of the event loop. */
  now?: number | (() => number);
}

/** A snapshot as it travels best: the payload as it is, which compresses, and `header..signature` (RFC 7515 appendix F). */
export interface DetachedSnapshot {
  /** The JSON text that was signed, byte for byte. */
  payload: string | Uint8Array;
  /** `header..signature` */
  signature: string;
}

/** The time in which no answer changes by itself. @internal */
export interface Validity {
  from: number;
  until: number;
  /** Counts the times. */
  epoch: number;
}

/**
 * Verifies a snapshot and opens it.
 * @throws {WicketgateError} with the code of the first step that fails.
 */
export async function open(token: string | DetachedSnapshot, options: OpenOptions): Promise<Snapshot> {
  await runtime.init();
  return openSync(token, options);
}

/**
 * The same at once, where the WebAssembly module is loaded already.
 * @throws {WicketgateError} also `not_initialized`.
 */
export function openSync(token: string | DetachedSnapshot, options: OpenOptions): Snapshot {
  runtime.require();
  const { keys, now, issuer, audience, organization, minVersion, clockTolerance, maxBytes, ...unknown } = options;
  const misspelt = Object.keys(unknown)[0];
  if (misspelt !== undefined) throw new WicketgateError("invalid_options", `there is no option \`${misspelt}\``, { path: misspelt });
  const clock = clockOf(now);
  const expect = JSON.stringify({ issuer, audience, organization, minVersion, clockTolerance, maxBytes });
  const [payload, signature] = typeof token === "string" ? [token, undefined] : [text(token?.payload), String(token?.signature)];
  const raw = call(() => wasm.open(payload, signature, JSON.stringify(keys) ?? "null", expect, clock()));
  return new Snapshot(raw, clock);
}

/** The clock that the option asks for. What is no number is no time, and denies. */
function clockOf(now: OpenOptions["now"]): () => number {
  if (now === undefined) return systemNow;
  if (typeof now === "number") return () => now;
  if (typeof now !== "function") throw new WicketgateError("invalid_options", "now: expected a number or a function", { path: "now" });
  return () => {
    const time: unknown = now();
    return typeof time === "number" ? time : NaN;
  };
}

/** The text of a payload. Bytes that are no UTF-8 cannot be what was signed. */
function text(payload: string | Uint8Array): string {
  if (typeof payload === "string") return payload;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  } catch (cause) {
    throw new WicketgateError("malformed", "the payload is not UTF-8", { cause });
  }
}

/** An opened snapshot: verified facts. Made by {@link open}. */
export class Snapshot {
  #raw: RawSnapshot | undefined;
  #now: () => number;
  #info: SnapshotInfo;
  #validity: Validity = { from: Infinity, until: -Infinity, epoch: 0 };

  /** @internal */
  constructor(raw: RawSnapshot, now: () => number) {
    this.#raw = raw;
    this.#now = now;
    this.#info = call(() => raw.info());
  }

  /** Which facts it carries: `workspace` (everything), `member` (what concerns its subject) or `gate` (public assistants). */
  get scope(): Scope {
    return this.#info.scope;
  }

  /** The version of the organization's facts; it only grows. Remember the highest, and pass it as `minVersion`. */
  get version(): number {
    return this.#info.version;
  }

  /** From when on it denies everything, in Unix seconds. */
  get expiresAt(): number {
    return this.#info.expiresAt;
  }

  /** When it was issued, in Unix seconds, if the issuer says. */
  get issuedAt(): number | undefined {
    return this.#info.issuedAt;
  }

  /** The organization's id. */
  get organization(): string {
    return this.#info.organization;
  }

  /** The user it is for, in member scope. */
  get subject(): UserId | undefined {
    return this.#info.subject;
  }

  /** The name of these exact facts, if the issuer gave one. */
  get state(): string | undefined {
    return this.#info.state;
  }

  /**
   * Somebody's view. In member scope its subject; otherwise the user, or the visitor, who presents this.
   * @throws {WicketgateError} `wrong_scope` for anybody but the subject in member scope.
   */
  as(presented: Presented = {}): Principal {
    const raw = this.#live();
    const principal = call(() => raw.principal(presented.user, presented.link, presented.origin));
    return new Principal(principal, this, this.#validity, this.#now);
  }

  /** The verified facts, read afresh: names, teams and so on, to draw with. To decide, ask a {@link Principal}. */
  facts(): Organization {
    return JSON.parse(call(() => this.#live().document())) as Organization;
  }

  /**
   * Every user who may do this.
   * @throws {WicketgateError} `wrong_scope` unless the scope is `workspace`.
   */
  whoCan(...question: Question): UserId[];
  whoCan(capability: string, target?: string): UserId[] {
    const raw = this.#live();
    const slot = slots[capability];
    if (slot === undefined) return [];
    const ids = call(() => raw.who_can(slot.number, target, this.#now()));
    return ids === "" ? [] : ids.split("\n");
  }

  /**
   * Who gained or lost what since an older snapshot of the same organization, by the facts alone.
   * @throws {WicketgateError} `wrong_scope` unless both are of scope `workspace`.
   */
  diff(older: Snapshot): Change[] {
    return call(() => this.#live().diff(older.#live(), this.#now()));
  }

  /** Gives the memory back; its principals can be asked no more. Also `using snapshot = await open(…)`; otherwise it goes with the object. */
  free(): void {
    this.#raw?.release();
    this.#raw?.free();
    this.#raw = undefined;
    this.#validity.until = -Infinity;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  /** The time around `now` in which no answer changes; one object, renewed in place. @internal */
  validity(now: number): Validity {
    const raw = this.#live();
    const validity = this.#validity;
    if (!(now >= validity.from && now < validity.until)) {
      const [from, until] = call(() => raw.steady(now)) as unknown as [number, number];
      validity.from = from;
      validity.until = until;
      validity.epoch++;
    }
    return validity;
  }

  #live(): RawSnapshot {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the snapshot was freed");
    return this.#raw;
  }
}
