/// <reference lib="esnext.disposable" preserve="true" />
import { applyChanges } from "./changes.js";
import { bytesOf } from "../lib/bytes.js";
import { callersClock, inSeconds, systemClock, type Clock } from "../lib/clock.js";
import { runtime, slotOf } from "../core/checking.js";
import { WicketgateError, call, optionalText, requiredText } from "../lib/error.js";
import { ownProperty, readSafely, readOptions } from "../lib/options.js";
import { jsonOf } from "../lib/json.js";
import { warnAboutQuestion, warnAboutType, isTarget } from "./warnings.js";
import { CorePrincipal, type Principal, type Validity } from "./principal.js";
import type { DetachedSnapshot, Presented, Question, UserId } from "../lib/types.js";
import { open as openCore, open_head } from "../wasm/wicketgate.js";
import type { Change, Changes, Expect, Head, JwkSet, Organization, RawSnapshot, Scope, SnapshotInfo } from "../wasm/wicketgate.js";

/** Options of {@link open}. Only `keys` is required; every other claim that is given here must hold. */
export interface OpenOptions extends Expect {
  /** Public keys that may have signed the snapshot (JWK Set, RFC 7517). No other keys are used. */
  keys: JwkSet;
  /**
   * Time in Unix seconds, or a function that returns it. Default: the system's clock, which `can` reads once per turn of the event loop (and after
   * every 64 questions) and every other method at each call.
   */
  now?: number | (() => number);
}

/**
 * Verifies a snapshot and opens it. Loads the WebAssembly module first if necessary.
 * @throws {WicketgateError} with the code of the first step that fails: `bad_signature`, `expired`, `wrong_audience` and others.
 * @example
 * ```ts
 * const snapshot = await open(token, { keys, issuer: "https://authority.acme.example", organization: "acme" });
 * snapshot.as().can("assistant.edit", "helper"); // true or false
 * ```
 */
export async function open(token: string | DetachedSnapshot, options: OpenOptions): Promise<Snapshot> {
  await runtime.init();
  return openSync(token, options);
}

/**
 * Like {@link open}, without waiting: the WebAssembly module must be loaded already.
 * @throws {WicketgateError} the codes of {@link open}, and `not_initialized`.
 * @example
 * ```ts
 * await init();
 * const me = openSync(token, { keys }).as();
 * ```
 */
export function openSync(token: string | DetachedSnapshot, options: OpenOptions): Snapshot {
  const { clock, read, ask } = prepare(token, options);
  return new OpenSnapshot(ask(openCore), clock, read);
}

/**
 * Verifies a signed head: a short token that names the current version, so that a reader need not fetch a snapshot to compare.
 * @throws {WicketgateError} with the code of the first step that fails.
 * @example
 * ```ts
 * const head = await openHead(token, { keys, organization: "acme" });
 * if (head.version > snapshot.version) await fetchAgain();
 * ```
 */
export async function openHead(token: string | DetachedSnapshot, options: OpenOptions): Promise<Head> {
  await runtime.init();
  return prepare(token, options).ask(open_head);
}

/** A function of the core that takes a token, a JWK Set, the expectations and the time in Unix seconds. */
type Opening<T> = (token: Uint8Array, signature: string | undefined, keys: string, expect: string, now: number) => T;

/** Calls such a function. */
export type Ask = <T>(opening: Opening<T>) => T;

/** Reads the token and each option once, and converts them for the core. `read`: the options as they were read. @internal */
export function prepare(token: string | DetachedSnapshot, options: OpenOptions): { clock: Clock; read: OpenOptions; ask: Ask } {
  runtime.require();
  const read = readOptions(options, OPTIONS);
  for (const name of NEVER_UNSET) {
    if (name in read && read[name] === undefined) {
      throw new WicketgateError("invalid_options", `${name}: is undefined; leave it out to expect nothing`, { path: name });
    }
  }
  const clock = clockOf(read.now);
  const keys = jsonOf(read.keys, "invalid_options", "keys");
  const expect = Object.create(null) as Expect;
  for (const name of EXPECT) if (name in read) expect[name] = read[name] as never;
  const expected = jsonOf(expect, "invalid_options");
  const now = inSeconds(clock.exact());
  const { payload, signature } = formOf(token);
  // Checked before the token is copied into the module's memory, which never shrinks. A text has at least as many bytes as characters.
  const limit = Number.isSafeInteger(read.maxBytes) ? Math.min(read.maxBytes!, MOST_BYTES) : DEFAULT_MAX_BYTES;
  const length = payload.length + (signature?.length ?? 0);
  if (length > limit) throw new WicketgateError("too_large", `the token has ${length} bytes, the limit is ${limit}`);
  // No code of the caller runs from here on, so the buffer of the bytes cannot shrink any more.
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  return { clock, read, ask: (opening) => call(() => opening(bytes, signature, keys, expected, now)) };
}

/** The payload and the signature; a compact token is a payload alone. */
function formOf(token: string | DetachedSnapshot): { payload: string | Uint8Array; signature: string | undefined } {
  if (typeof token === "string") return { payload: token, signature: undefined };
  const [payload, signature] = readSafely(
    () => [ownProperty(token, "payload"), ownProperty(token, "signature")],
    undefined,
    "malformed",
  );
  if (typeof signature !== "string")
    throw new WicketgateError("malformed", "expected a compact token, or a payload and its signature");
  const text = typeof payload === "string" ? payload : bytesOf(payload);
  if (text === undefined) throw new WicketgateError("malformed", "expected a payload of text or bytes");
  return { payload: text, signature };
}

/** Longest token that is accepted by default, in bytes. The core has the same limit; here it keeps longer tokens out of the module's memory. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** Longest token that `maxBytes` can allow, in bytes. */
const MOST_BYTES = 512 * 1024 * 1024;

const EXPECT = ["issuer", "audience", "organization", "minEpoch", "minVersion", "clockTolerance", "maxBytes"] as const;
const OPTIONS = ["keys", "now", ...EXPECT] as const;
/** An unset variable must not switch a check off: `undefined` is refused for these options. */
const NEVER_UNSET = ["issuer", "audience", "organization"] as const;

/** The clock for the option `now`. */
function clockOf(now: OpenOptions["now"]): Clock {
  if (now === undefined) return systemClock;
  if (typeof now === "number") return callersClock(() => now);
  if (typeof now === "function") return callersClock(now);
  throw new WicketgateError("invalid_options", "now: expected a number or a function", { path: "now" });
}

/** An opened snapshot: the verified facts of one organization. Made by {@link open}. */
export interface Snapshot {
  /** Which facts it carries: `workspace` (all), `overview`, `member` (those that concern its subject) or `gate` (one public assistant). */
  readonly scope: Scope;
  /** Epoch of the organization's facts, from 0. It grows when the authority is restored to an earlier state: versions start again from there. */
  readonly epoch: number;
  /**
   * Version of the organization's facts, from 1. Within an epoch it only grows. To refuse older snapshots, remember the highest version of the latest
   * epoch, and pass both as `minVersion` and `minEpoch`.
   */
  readonly version: number;
  /** The claim `exp`, in Unix seconds: from then on (plus the clock tolerance) the snapshot denies everything. */
  readonly expiresAt: number;
  /** The claim `iat`, in Unix seconds: when it was issued. Undefined if the issuer did not say. */
  readonly issuedAt: number | undefined;
  /** Id of the organization. */
  readonly organization: string;
  /** The user of a member snapshot; undefined in other scopes. */
  readonly subject: UserId | undefined;
  /** Hash that names these exact facts, if the issuer gave one. A delta starts from it. */
  readonly state: string | undefined;
  /**
   * Returns a principal to ask. Without an argument: the subject of a member snapshot, or a visitor who presents nothing in other scopes.
   * @throws {WicketgateError} `wrong_scope` in member scope for anybody but the subject, and in gate scope for users.
   * @example
   * ```ts
   * const me = snapshot.as(); // member snapshot: its subject
   * const ana = workspace.as({ user: "ana" });
   * const visitor = gate.as({ link: "the key of a share link" });
   * ```
   */
  as(presented?: Presented): Principal;
  /**
   * Applies a signed delta in place: this object and its principals answer by the later facts. The cost is proportional to the change. The delta
   * must hold to the options of {@link open}; `keys` replaces the keys, if they have changed since.
   * @throws {WicketgateError} `wrong_state` if the delta starts from another snapshot; otherwise the codes of {@link open}. Then nothing has changed.
   * @example
   * ```ts
   * const delta = await fetch(`/v1/delta?from=${snapshot.version}`);
   * snapshot.apply({ payload: await delta.text(), signature: delta.headers.get("Wicketgate-Signature")! });
   * ```
   */
  apply(delta: string | DetachedSnapshot, options?: { keys?: JwkSet }): void;
  /** Returns a new copy of the verified facts: names, teams and so on, to display. To decide, ask a {@link Principal}. */
  facts(): Organization;
  /**
   * Returns the ids of all users who may do this, sorted.
   * @throws {WicketgateError} `wrong_scope` unless the scope is `workspace`.
   * @example
   * ```ts
   * workspace.whoCan("assistant.edit", "helper"); // ["ana", "olga"]
   * ```
   */
  whoCan(...question: Question): UserId[];
  /**
   * Returns which users gained or lost which capabilities since an older snapshot of the same organization.
   * @throws {WicketgateError} `wrong_scope` unless both are of scope `workspace`.
   * @example
   * ```ts
   * for (const change of newer.diff(older)) console.log(change);
   * ```
   */
  diff(older: Snapshot): Change[];
  /**
   * Frees the WebAssembly memory. Afterwards this object and its principals throw `freed`. `using snapshot = await open(…)` calls it at the end of
   * the block; without either, the garbage collector frees the memory at some later time.
   */
  free(): void;
  [Symbol.dispose](): void;
}

/** The implementation on the core's snapshot. */
export class OpenSnapshot implements Snapshot {
  #raw: RawSnapshot | undefined;
  #clock: Clock;
  #options: OpenOptions;
  #info: SnapshotInfo;
  #ids: (string[] | undefined)[] = [];
  #validity: Validity = { from: Infinity, until: -Infinity, epoch: 0 };

  constructor(raw: RawSnapshot, clock: Clock, options: OpenOptions) {
    this.#raw = raw;
    this.#clock = clock;
    this.#options = options;
    this.#info = infoOf(raw);
  }

  get scope(): Scope {
    return this.#info.scope;
  }

  get epoch(): number {
    return this.#info.epoch;
  }

  get version(): number {
    return this.#info.version;
  }

  get expiresAt(): number {
    return this.#info.expiresAt;
  }

  get issuedAt(): number | undefined {
    return this.#info.issuedAt;
  }

  get organization(): string {
    return this.#info.organization;
  }

  get subject(): UserId | undefined {
    return this.#info.subject;
  }

  get state(): string | undefined {
    return this.#info.state;
  }

  as(presented?: Presented): Principal {
    const raw = this.#live();
    const { user, link, origin }: Presented =
      presented === undefined
        ? { user: this.subject, link: undefined, origin: undefined }
        : readOptions(presented, PRESENTED, "principal");
    const principal = call(() =>
      raw.principal(optionalText(user, "user"), optionalText(link, "link"), optionalText(origin, "origin")),
    );
    return new CorePrincipal(principal, this, this.#validity, this.#clock, user ?? VISITOR);
  }

  /** Digest of a share-link key, base64url; undefined if the text is no key. @internal */
  digest(link: string): string | undefined {
    return call(() => this.#live().digest(requiredText(link, "link")));
  }

  /**
   * Principal of a visitor who presented the key of this digest before. Only for digests of verified passes, never for one that a request brings:
   * snapshots show digests to everybody.
   * @internal
   */
  holder(digest: string): Principal {
    const principal = call(() => this.#live().holder(digest));
    return new CorePrincipal(principal, this, this.#validity, this.#clock, VISITOR);
  }

  apply(delta: string | DetachedSnapshot, options: { keys?: JwkSet } = {}): void {
    const raw = this.#live();
    // The other options of opening may be given once more; the expectations of opening count.
    const { keys = this.#options.keys } = readOptions<Partial<OpenOptions>>(options, OPTIONS);
    prepare(delta, { ...this.#options, keys }).ask((...converted) => raw.apply(...converted));
    this.#info = infoOf(raw);
    this.#ids = [];
    this.#validity.until = -Infinity;
  }

  facts(): Organization {
    const [facts, ...deltas] = call(() => this.#live().documents()).map((text) => JSON.parse(text)) as [Organization, ...Changes[]];
    return deltas.length > 0 ? applyChanges(facts, deltas) : facts;
  }

  whoCan(...question: Question): UserId[];
  whoCan(capability: string, target?: string): UserId[] {
    const now = this.#clock.exact();
    const raw = this.#live();
    const slot = slotOf(capability);
    if (slot === undefined) {
      warnAboutQuestion(capability, target, (kind) => this.ids(kind));
      return [];
    }
    warnAboutType("target", target);
    // No target has an empty id.
    const id = isTarget(target) ? target : "";
    return lines(call(() => raw.who_can(slot.number, id, now)));
  }

  diff(older: Snapshot): Change[] {
    const now = this.#clock.exact();
    return call(() => this.#live().diff((older as OpenSnapshot).#live(), now));
  }

  free(): void {
    this.#raw?.release();
    this.#raw?.free();
    this.#raw = undefined;
    this.#validity.until = -Infinity;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  get [Symbol.toStringTag](): string {
    return `Snapshot ${this.organization}, ${this.scope}, version ${this.version}`;
  }

  /** The period around `now` in which no answer changes: one object, renewed in place. @internal */
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

  /** Ids of the targets of a kind, in the order of the facts; read from the core once. @internal */
  ids(kind: number): string[] {
    return (this.#ids[kind] ??= lines(call(() => this.#live().ids(kind))));
  }

  #live(): RawSnapshot {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the snapshot was freed");
    return this.#raw;
  }
}

/** Name of a visitor in logs. The presented link key is a secret and stays out. */
const VISITOR = "visitor";
const PRESENTED = ["user", "link", "origin"] as const;

/** The core's description of a snapshot, without a prototype: a field that the core left out is not looked up on `Object.prototype`. */
function infoOf(raw: RawSnapshot): SnapshotInfo {
  return Object.assign(
    Object.create(null),
    call(() => raw.info()),
  );
}

/** The lines of a text: how the core returns lists of ids. */
function lines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}
