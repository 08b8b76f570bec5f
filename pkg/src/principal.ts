import { names, slots, wasm, KINDS } from "./core.js";
import type { Clock } from "./clock.js";
import { WicketgateError, call, optionalText, requiredText } from "./error.js";
import type { Snapshot, Validity } from "./snapshot.js";
import type { AssistantId, Capability, CapabilityOf, IdOf, ProjectId, Question, TeamId, UserId } from "./types.js";
import type { Decision, RawPrincipal } from "./wasm/wicketgate.js";

/** So many answers are kept at most: more than the targets of the largest organization. */
const MAX_ANSWERS = 1 << 17;

/** Longest id there is. What is longer names nothing, and is not worth remembering. */
const MAX_ID = 128;

/** The validity of nothing. */
const NEVER: Validity = { from: Infinity, until: -Infinity, epoch: -1 };

/** One principal's view of a snapshot: what they may do. Made by {@link Snapshot.as}. */
export class Principal {
  #raw: RawPrincipal | undefined;
  #snapshot: Snapshot;
  #clock: Clock;
  #validity: Validity;
  #epoch: number;
  /** The core's answers so far, by kind and id: what is held there, a bit each. They hold within one epoch. */
  #answers: Map<string | undefined, number>[] = [new Map(), new Map(), new Map(), new Map()];
  /** And what is held on all targets of a kind, in the order of the snapshot's ids, once a list was asked for. */
  #everywhere: (Int32Array | undefined)[] = [];

  /** @internal */
  constructor(raw: RawPrincipal, snapshot: Snapshot, validity: Validity, clock: Clock) {
    this.#raw = raw;
    this.#snapshot = snapshot;
    this.#validity = validity;
    this.#epoch = validity.epoch;
    this.#clock = clock;
  }

  /**
   * Whether this may be done: `can("assistant.edit", "helper")`. Organization capabilities take no target.
   * The first question about a target is the core's to answer; from then on it costs a map look-up, until something expires.
   * The system's clock is read once per turn of the event loop. On a client the answer decides what to show; whatever serves data
   * must ask again.
   */
  can(...question: Question): boolean;
  can(capability: string, target?: string): boolean {
    const slot = slots.get(capability);
    if (slot === undefined) return false;
    const now = this.#clock.now();
    const validity = this.#validity;
    if (!(now >= validity.from && now < validity.until && this.#epoch === validity.epoch)) this.#renew(now);
    const held = this.#answers[slot.kind]!.get(target) ?? this.#ask(slot.kind, target, now);
    return (held & slot.bit) !== 0;
  }

  /** The same with the reasons: why it is allowed, or the first reason why not. */
  check(...question: Question): Decision;
  check(capability: string, target?: string): Decision {
    const now = this.#clock.exact();
    return call(() => this.#live().check(requiredText(capability, "capability"), optionalText(target, "target"), now));
  }

  /** Every capability held on an assistant, or on `{ team }`, `{ project }`; without a target, on the organization. */
  capabilities(): CapabilityOf<"organization">[];
  capabilities(target: AssistantId | { assistant: AssistantId }): CapabilityOf<"assistant">[];
  capabilities(target: { project: ProjectId }): CapabilityOf<"project">[];
  capabilities(target: { team: TeamId }): CapabilityOf<"team">[];
  capabilities(target?: string | { team?: string; project?: string; assistant?: string }): Capability[] {
    const { kind, id } = place(target);
    const now = this.#clock.exact();
    this.#renew(now);
    const held = this.#answers[kind]!.get(id) ?? this.#ask(kind, id, now);
    return names[kind]!.filter((_, place) => (held & (1 << place)) !== 0);
  }

  /** The ids of all targets on which this may be done, to filter a list with. */
  list<C extends CapabilityOf<"team" | "project" | "assistant">>(capability: C): IdOf<C>[] {
    const slot = slots.get(capability);
    if (slot === undefined || slot.kind === KINDS.organization) return [];
    const { kind, bit } = slot;
    const now = this.#clock.exact();
    this.#renew(now);
    const held = (this.#everywhere[kind] ??= call(() => this.#live().held_everywhere(kind, now)));
    return this.#snapshot.ids(kind).filter((_, position) => (held[position]! & bit) !== 0) as IdOf<C>[];
  }

  /** Whether this principal may give `user` the organization role `role`: nobody gives what they do not have. */
  canAssignRole(user: UserId, role: string): boolean {
    const now = this.#clock.exact();
    return call(() => this.#live().can_assign_role(requiredText(user, "user"), requiredText(role, "role"), now));
  }

  /** Gives the memory back. Also `using me = snapshot.as()`; otherwise it goes with the object. */
  free(): void {
    this.#raw?.free();
    this.#raw = undefined;
    this.#validity = NEVER;
  }

  [Symbol.dispose](): void {
    this.free();
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

  #ask(kind: number, target: string | undefined, now: number): number {
    if (target !== undefined && (typeof target !== "string" || target.length > MAX_ID)) return 0;
    const held = call(() => this.#live().held(kind, target, now));
    const answers = this.#answers[kind]!;
    if (answers.size >= MAX_ANSWERS) answers.clear();
    answers.set(target, held);
    return held;
  }
}

/** The kind and id that a target names. */
function place(target: string | { team?: string; project?: string; assistant?: string } | undefined): { kind: number; id: string | undefined } {
  if (target === undefined) return { kind: KINDS.organization, id: undefined };
  if (typeof target === "string") return { kind: KINDS.assistant, id: target };
  if (typeof target !== "object" || target === null) throw new WicketgateError("invalid_options", "target: expected an id, or one of team, project, assistant", { path: "target" });
  if (target.team !== undefined) return { kind: KINDS.team, id: target.team };
  if (target.project !== undefined) return { kind: KINDS.project, id: target.project };
  return { kind: KINDS.assistant, id: target.assistant };
}
