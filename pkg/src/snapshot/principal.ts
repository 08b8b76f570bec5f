import { names, slotOf, KINDS } from "../core/checking.js";
import type { Clock } from "../lib/clock.js";
import { WicketgateError, call, quote } from "../lib/error.js";
import { ownProperty } from "../lib/options.js";
import { warnAboutQuestion, warnAboutType, isTarget, isString } from "./warnings.js";
import type { AssistantId, Capability, CapabilityOf, IdOf, ProjectId, Question, TeamId, UserId } from "../lib/types.js";
import type { Decision, RawPrincipal } from "../wasm/wicketgate.js";

/** A time in which no answer changes by itself: `from` is part of it, `until` is not. @internal */
export interface Validity {
  from: number;
  until: number;
  /** Number of the period, counted up with each new one. */
  epoch: number;
}

/** The part of a snapshot that its principals need. */
interface PrincipalSnapshot {
  validity(now: number): Validity;
  ids(kind: number): readonly string[];
  readonly [Symbol.toStringTag]: string;
}

/** So many answers are kept at most: more than the targets of the largest organization. */
const MAX_ANSWERS = 1 << 17;

/** Longest id there is. What is longer names nothing, and is not worth remembering. */
const MAX_ID = 128;

/** The validity of nothing. */
const NEVER: Validity = { from: Infinity, until: -Infinity, epoch: -1 };

/** One principal's view of a snapshot: what they may do. Made by {@link Snapshot.as}; `wicketgate/testing` has one for tests. */
export interface Principal {
  /**
   * Whether this may be done: `can("assistant.edit", "helper")`. Organization capabilities take no target.
   * The first question about a target is the core's to answer; from then on it costs a map look-up, until something expires.
   * The system's clock is read once per turn of the event loop. On a client the answer decides what to show; whatever serves data
   * must ask again.
   *
   * What is of the wrong type names nothing, here and in the questions below: it is denied, never an error. In development builds the console
   * says so once, as it does of what is misspelt, not in the snapshot, or of another kind.
   */
  can(...question: Question): boolean;
  /** The same with the reasons: why it is allowed, or the first reason why not. */
  check(...question: Question): Decision;
  /**
   * Does nothing if this may be done.
   * @throws {WicketgateError} `denied` if not; its `decision` says why.
   */
  assert(...question: Question): void;
  /** Every capability held on an assistant, or on `{ team }`, `{ project }`; without a target, on the organization. */
  capabilities(): CapabilityOf<"organization">[];
  capabilities(target: AssistantId | { assistant: AssistantId }): CapabilityOf<"assistant">[];
  capabilities(target: { project: ProjectId }): CapabilityOf<"project">[];
  capabilities(target: { team: TeamId }): CapabilityOf<"team">[];
  /** The ids of all targets on which this may be done, to filter a list with. */
  list<C extends CapabilityOf<"team" | "project" | "assistant">>(capability: C): IdOf<C>[];
  /** Whether this principal may give `user` the organization role `role`: nobody gives what they do not have. */
  canAssignRole(user: UserId, role: string): boolean;
  /** Gives the memory back. Also `using me = snapshot.as()`; otherwise it goes with the object. */
  free(): void;
  [Symbol.dispose](): void;
}

/** The one that the core answers for. */
export class CorePrincipal implements Principal {
  #raw: RawPrincipal | undefined;
  #snapshot: PrincipalSnapshot;
  #who: string;
  #clock: Clock;
  #validity: Validity;
  #epoch: number;
  /** The core's answers so far, by kind and id: what is held there, a bit each. They hold within one epoch. */
  #answers: Map<string | undefined, number>[] = [new Map(), new Map(), new Map(), new Map()];
  /** And what is held on all targets of a kind, in the order of the snapshot's ids, once a list was asked for. */
  #everywhere: (Int32Array | undefined)[] = [];

  constructor(raw: RawPrincipal, snapshot: PrincipalSnapshot, validity: Validity, clock: Clock, who: string) {
    this.#raw = raw;
    this.#snapshot = snapshot;
    this.#validity = validity;
    this.#epoch = validity.epoch;
    this.#clock = clock;
    this.#who = who;
  }

  /** Adapters say with the third argument that the target is not known yet. */
  can(...question: Question): boolean;
  can(capability: string, target?: string, unknown?: boolean): boolean {
    const slot = slotOf(capability);
    if (slot === undefined) {
      warnAboutQuestion(capability, target, (kind) => this.#snapshot.ids(kind));
      return false;
    }
    const now = this.#clock.now();
    const validity = this.#validity;
    if (!(now >= validity.from && now < validity.until && this.#epoch === validity.epoch)) this.#renew(now);
    const held = this.#answers[slot.kind]!.get(target) ?? this.#ask(slot.kind, target, now, unknown ? undefined : capability);
    return (held & slot.bit) !== 0;
  }

  check(...question: Question): Decision;
  check(capability: string, target?: string, unknown?: boolean): Decision {
    const now = this.#clock.exact();
    const raw = this.#live();
    // There is nothing of an empty name.
    const decision = call(() => raw.check(isString(capability) ? capability : "", isTarget(target) ? target : "", now));
    if (!unknown)
      warnAboutQuestion(
        capability,
        target,
        (kind) => this.#snapshot.ids(kind),
        () => decision,
      );
    return decision;
  }

  assert(...question: Question): void {
    const decision = this.check(...question);
    if (!decision.allowed)
      throw new WicketgateError("denied", `${question.map(quote).join(" on ")} is denied: ${decision.denied}`, { decision });
  }

  capabilities(): CapabilityOf<"organization">[];
  capabilities(target: AssistantId | { assistant: AssistantId }): CapabilityOf<"assistant">[];
  capabilities(target: { project: ProjectId }): CapabilityOf<"project">[];
  capabilities(target: { team: TeamId }): CapabilityOf<"team">[];
  capabilities(target?: string | { team?: string; project?: string; assistant?: string }): Capability[] {
    const { kind, id } = place(target);
    const now = this.#clock.exact();
    this.#renew(now);
    const held = this.#answers[kind]!.get(id as string) ?? this.#ask(kind, id, now);
    return names[kind]!.filter((_, place) => (held & (1 << place)) !== 0);
  }

  list<C extends CapabilityOf<"team" | "project" | "assistant">>(capability: C): IdOf<C>[] {
    const slot = slotOf(capability);
    if (slot === undefined || slot.kind === KINDS.organization) {
      warnAboutQuestion(capability, "", (kind) => this.#snapshot.ids(kind));
      return [];
    }
    const { kind, bit } = slot;
    const now = this.#clock.exact();
    this.#renew(now);
    const held = (this.#everywhere[kind] ??= call(() => this.#live().held_everywhere(kind, now)));
    return this.#snapshot.ids(kind).filter((_, position) => (held[position]! & bit) !== 0) as IdOf<C>[];
  }

  canAssignRole(user: UserId, role: string): boolean {
    const now = this.#clock.exact();
    const raw = this.#live();
    warnAboutType("user", user);
    warnAboutType("role", role);
    return isString(user) && isString(role) && call(() => raw.can_assign_role(user, role, now));
  }

  free(): void {
    this.#raw?.free();
    this.#raw = undefined;
    this.#validity = NEVER;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  /**
   * What consoles show. Something of its own, too: proxies that follow plain objects (Vue's) leave what has a tag alone, and its private members work.
   */
  get [Symbol.toStringTag](): string {
    return `Principal ${this.#who} in ${this.#snapshot[Symbol.toStringTag]}`;
  }

  #live(): RawPrincipal {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the principal was freed");
    return this.#raw;
  }

  /** Forgets the answers where time, in whichever direction, has passed something that changes them. */
  #renew(now: number): void {
    this.#live();
    this.#validity = this.#snapshot.validity(now);
    if (this.#epoch === this.#validity.epoch) return;
    this.#epoch = this.#validity.epoch;
    for (const answers of this.#answers) answers.clear();
    this.#everywhere = [];
  }

  /** The core's answer, remembered. Nothing held on what was asked with this capability: whoever develops reads why. */
  #ask(kind: number, target: unknown, now: number, capability?: string): number {
    warnAboutType("target", target);
    if (!isTarget(target) || (target !== undefined && target.length > MAX_ID)) return 0;
    const held = call(() => this.#live().held(kind, target, now));
    const answers = this.#answers[kind]!;
    if (answers.size >= MAX_ANSWERS) answers.clear();
    answers.set(target, held);
    if (held === 0 && capability !== undefined)
      warnAboutQuestion(
        capability,
        target,
        (kind) => this.#snapshot.ids(kind),
        () => call(() => this.#live().check(capability, target, now)),
      );
    return held;
  }
}

/** The kind and id that a target names. */
function place(target: unknown): { kind: number; id: unknown } {
  if (target === undefined) return { kind: KINDS.organization, id: undefined };
  try {
    for (const kind of ["team", "project", "assistant"] as const) {
      const id = ownProperty(target, kind);
      if (id !== undefined) return { kind: KINDS[kind], id };
    }
  } catch {
    // What cannot be looked at names nothing.
  }
  return { kind: KINDS.assistant, id: target };
}
