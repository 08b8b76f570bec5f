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
import type { Presented, Question, UserId } from "../lib/types.js";
import { open as openCore, open_head } from "../wasm/wicketgate.js";
import type { Change, Changes, Expect, Head, JwkSet, Organization, RawSnapshot, Scope, SnapshotInfo } from "../wasm/wicketgate.js";

/** How a snapshot is opened. Only `keys` is required; whatever is given must hold. */
export interface OpenOptions extends Expect {
  /** The keys that may have signed it. Keys come from here alone. */
  keys: JwkSet;
  /**
   * The time, in Unix seconds, or what tells it. By default the system's clock; `can` reads it once per turn of the event loop
   * (and after every 64 questions), everything else each time.
   */
  now?: number | (() => number);
}

/** A snapshot as it travels best: the payload as it is, which compresses, and `header..signature` (RFC 7515 appendix F). */
export interface DetachedSnapshot {
  /** The JSON text that was signed, byte for byte. */
  payload: string | Uint8Array;
  /** `header..signature` */
  signature: string;
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
  const { clock, meant, ask } = prepare(token, options);
  return new OpenSnapshot(ask(openCore), clock, meant);
}

/**
 * Verifies a signed head, which says cheaply what is current.
 * @throws {WicketgateError} with the code of the first step that fails.
 */
export async function openHead(token: string | DetachedSnapshot, options: OpenOptions): Promise<Head> {
  await runtime.init();
  return prepare(token, options).ask(open_head);
}

/** What of the core takes a token, a JWK Set, what is expected and the time. */
type Opening<T> = (token: Uint8Array, signature: string | undefined, keys: string, expect: string, now: number) => T;

/** Reads a token and the options, once each, into what the core takes; `meant` are the options as they are now. */
function prepare(
  token: string | DetachedSnapshot,
  options: OpenOptions,
): { clock: Clock; meant: OpenOptions; ask: <T>(opening: Opening<T>) => T } {
  runtime.require();
  const meant = readOptions(options, OPTIONS);
  for (const name of MEANT) {
    if (name in meant && meant[name] === undefined) {
      throw new WicketgateError("invalid_options", `${name}: is undefined; leave it out to expect nothing`, { path: name });
    }
  }
  const clock = clockOf(meant.now);
  const keys = jsonOf(meant.keys, "invalid_options", "keys");
  const expect = Object.create(null) as Expect;
  for (const name of EXPECT) if (name in meant) expect[name] = meant[name] as never;
  const expected = jsonOf(expect, "invalid_options");
  const now = inSeconds(clock.exact());
  const { payload, signature } = formOf(token);
  // What is too long must not get into the module's memory, which never shrinks. Characters are never more than bytes.
  const limit = Number.isSafeInteger(meant.maxBytes) ? Math.min(meant.maxBytes!, MOST_BYTES) : DEFAULT_MAX_BYTES;
  const length = payload.length + (signature?.length ?? 0);
  if (length > limit) throw new WicketgateError("too_large", `the token has ${length} bytes, the limit is ${limit}`);
  // Nothing of the caller's runs from here on: what the bytes are in cannot shrink any more.
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  return { clock, meant, ask: (opening) => call(() => opening(bytes, signature, keys, expected, now)) };
}

/** A compact token, or a payload and its signature. */
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

/** Longest token accepted by default: the core's own bound, which stands here again so that nothing longer reaches it. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** Longest token ever accepted. */
const MOST_BYTES = 512 * 1024 * 1024;

const EXPECT = ["issuer", "audience", "organization", "minEpoch", "minVersion", "clockTolerance", "maxBytes"] as const;
const OPTIONS = ["keys", "now", ...EXPECT] as const;
/** Given as `undefined`, these were meant to be checked: an unset variable must not switch a check off. */
const MEANT = ["issuer", "audience", "organization"] as const;

/** The clock that the option asks for. */
function clockOf(now: OpenOptions["now"]): Clock {
  if (now === undefined) return systemClock;
  if (typeof now === "number") return callersClock(() => now);
  if (typeof now === "function") return callersClock(now);
  throw new WicketgateError("invalid_options", "now: expected a number or a function", { path: "now" });
}

/** An opened snapshot: verified facts. Made by {@link open}. */
export interface Snapshot {
  /** Which facts it carries: `workspace` (everything), `member` (what concerns its subject) or `gate` (public assistants). */
  readonly scope: Scope;
  /** The epoch of the organization's facts: an authority that goes back to an earlier state begins a later one. The first is 0. */
  readonly epoch: number;
  /**
   * The version of the organization's facts; within an epoch it only grows. Remember the highest of the latest epoch, and pass both as
   * `minEpoch` and `minVersion`.
   */
  readonly version: number;
  /** `exp`, in Unix seconds: from then on, or the clock tolerance later, it denies everything. */
  readonly expiresAt: number;
  /** When it was issued, in Unix seconds, if the issuer says. */
  readonly issuedAt: number | undefined;
  /** The organization's id. */
  readonly organization: string;
  /** The user it is for, in member scope. */
  readonly subject: UserId | undefined;
  /** The name of these exact facts, if the issuer gave one. */
  readonly state: string | undefined;
  /**
   * Somebody's view: the user's, or the visitor's, who presents this. Without anything, that of the subject in member scope, of a
   * visitor elsewhere.
   * @throws {WicketgateError} `wrong_scope` for anybody but the subject in member scope, and for users in gate scope.
   */
  as(presented?: Presented): Principal;
  /**
   * Turns this into the later snapshot that a signed delta leads to, at the cost of what changed: this object and its principals
   * answer anew. It is held to what this was opened with; `keys` are those of now, if they have changed.
   * @throws {WicketgateError} `wrong_state` if the delta starts from another snapshot, otherwise as {@link open}; then this is what it was.
   */
  apply(delta: string | DetachedSnapshot, options?: { keys?: JwkSet }): void;
  /** The verified facts, read afresh: names, teams and so on, to draw with. To decide, ask a {@link Principal}. */
  facts(): Organization;
  /**
   * Every user who may do this.
   * @throws {WicketgateError} `wrong_scope` unless the scope is `workspace`.
   */
  whoCan(...question: Question): UserId[];
  /**
   * Who gained or lost what since an older snapshot of the same organization, by the facts alone.
   * @throws {WicketgateError} `wrong_scope` unless both are of scope `workspace`.
   */
  diff(older: Snapshot): Change[];
  /** Gives the memory back; its principals can be asked no more. Also `using snapshot = await open(…)`; otherwise it goes with the object. */
  free(): void;
  [Symbol.dispose](): void;
}

/** The one that the core opened. */
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

  /** The digest of a share-link key, base64url; nothing for what is no key. @internal */
  digest(link: string): string | undefined {
    return call(() => this.#live().digest(requiredText(link, "link")));
  }

  /**
   * The view of a visitor who presented the key of this digest before, and whose pass says so. Never a digest that somebody brings:
   * snapshots show them.
   * @internal
   */
  holder(digest: string): Principal {
    const principal = call(() => this.#live().holder(digest));
    return new CorePrincipal(principal, this, this.#validity, this.#clock, VISITOR);
  }

  apply(delta: string | DetachedSnapshot, options: { keys?: JwkSet } = {}): void {
    const raw = this.#live();
    // The options of opening may be given once more: what was expected then counts.
    const { keys = this.#options.keys } = readOptions<Partial<OpenOptions>>(options, OPTIONS);
    prepare(delta, { ...this.#options, keys }).ask((...given) => raw.apply(...given));
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
    // There is nothing of an empty name.
    const asked = isTarget(target) ? target : "";
    return lines(call(() => raw.who_can(slot.number, asked, now)));
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

  /** The ids of the targets of a kind, in the order of the facts; read once. @internal */
  ids(kind: number): string[] {
    return (this.#ids[kind] ??= lines(call(() => this.#live().ids(kind))));
  }

  #live(): RawSnapshot {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the snapshot was freed");
    return this.#raw;
  }
}

/** How a visitor is called on the console: not by what was presented, which is a secret. */
const VISITOR = "visitor";
const PRESENTED = ["user", "link", "origin"] as const;

/** What the core says of a snapshot; what it does not say is absent, whatever stands on `Object.prototype`. */
function infoOf(raw: RawSnapshot): SnapshotInfo {
  return Object.assign(
    Object.create(null),
    call(() => raw.info()),
  );
}

/** What the core gave as one line each. */
function lines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}
