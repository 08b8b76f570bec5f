/// <reference lib="esnext.disposable" preserve="true" />
import { applyChanges } from "./changes.js";
import type { Clock } from "../lib/clock.js";
import { forMembers, runtime, slotOf } from "../core/checking.js";
import type { Runtime } from "../core/runtime.js";
import { WicketgateError, call, optionalText, requiredText } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import { warnAboutQuestion, warnAboutType, isTarget } from "./warnings.js";
import { OPTIONS, partsOf, prepare, seemsForMember, type OpenOptions, type Prepared } from "./opening.js";
import { CorePrincipal, type Principal, type Validity } from "./principal.js";
import type { DetachedSnapshot, Presented, Question, UserId } from "../lib/types.js";
import type {
  Bindings,
  Change,
  Changes,
  Head,
  JwkSet,
  Organization,
  RawSnapshot,
  Scope,
  SnapshotInfo,
} from "../wasm/wicketgate.js";

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
  const parts = partsOf(token);
  // Elsewhere than in pages the token is not looked at: one module is at hand.
  const small = forMembers();
  const loaded = small !== runtime && seemsForMember(parts) ? small : runtime;
  await loaded.init();
  const prepared = prepare(parts, options);
  if (loaded !== runtime) {
    try {
      return opened(loaded, prepared);
    } catch (error) {
      // The token holds, but it is no member snapshot.
      if (!(error instanceof WicketgateError && error.code === "wrong_scope")) throw error;
      await runtime.init();
    }
  }
  return opened(runtime, prepared);
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
  const loaded = forMembers();
  loaded.require();
  return opened(loaded, prepare(partsOf(token), options));
}

function opened({ core }: Runtime<Bindings>, prepared: Prepared): Snapshot {
  return new OpenSnapshot(prepared.ask(core.open), prepared);
}

/** Bytes of a small token: the answers about all that it names take less than a millisecond. */
const SMALL = 1 << 18;

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
  return prepare(partsOf(token), options).ask(runtime.core.open_head);
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
  /** See `PrincipalSnapshot`. @internal */
  readonly singly: number;

  constructor(raw: RawSnapshot, { clock, read, bytes }: Prepared) {
    this.#raw = raw;
    this.#clock = clock;
    this.#options = read;
    this.#info = infoOf(raw);
    // A single question costs about as much as ten answers that are read together, which are some hundred bytes of a token each.
    this.singly = bytes <= SMALL && this.subject !== undefined ? 0 : bytes >> 10;
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
    prepare(partsOf(delta), { ...this.#options, keys }).ask((...converted) => raw.apply(...converted));
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
    const [raw, olderRaw] = [this.#live(), (older as OpenSnapshot).#live()];
    // The two modules have their own memories; the smaller one holds no workspace.
    if (raw.constructor !== olderRaw.constructor)
      throw new WicketgateError("wrong_scope", "only workspace snapshots can be compared");
    return call(() => raw.diff(olderRaw, now));
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
