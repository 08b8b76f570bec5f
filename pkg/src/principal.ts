import { names, slots, wasm, KINDS } from "./core.js";
import { WicketgateError, call } from "./error.js";
import type { Snapshot, Validity } from "./snapshot.js";
import type { AssistantId, Capability, CapabilityOf, IdOf, ProjectId, Question, TeamId, UserId } from "./types.js";
import type { Decision, RawPrincipal } from "./wasm/wicketgate.js";

/** So many answers are kept at most: more than the targets of the largest organization, so that a hostile list of ids costs no memory. */
const MAX_ANSWERS = 1 << 17;

/** The validity of nothing. */
const NEVER: Validity = { from: Infinity, until: -Infinity, epoch: -1 };

/** One principal's view of a snapshot: what they may do. Made by {@link Snapshot.as}. */
export class Principal {
  #raw: RawPrincipal | undefined;
  #snapshot: Snapshot;
  #now: () => number;
  #validity: Validity;
  #epoch: number;
  /** The core's answers so far, by kind and id: what is held there, a bit each. They hold within one epoch. */
  #answers: Map<string | undefined, number>[] = [new Map(), new Map(), new Map(), new Map()];

  /** @internal */
  constructor(raw: RawPrincipal, snapshot: Snapshot, validity: Validity, now: () => number) {
    this.#raw = raw;
    this.#snapshot = snapshot;
    this.#validity = validity;
    this.#epoch = validity.epoch;
    this.#now = now;
  }

  /**
   * Whether this may be done: `can("assistant.edit", "helper")`. Organization capabilities take no target.
   * The first question about a target is the core's to answer; from then on it costs a map look-up, until something expires.
   * On a client the answer decides what to show. Whatever serves data must ask again.
   */
  can(...question: Question): boolean;
  can(capability: string, target?: string): boolean {
    const slot = slots[capability];
    if (slot === undefined) return false;
    const now = this.#now();
    const validity = this.#validity;
    if (!(now >= validity.from && now < validity.until && this.#epoch === validity.epoch)) this.#renew(now);
    const held = this.#answers[slot.kind]!.get(target) ?? this.#ask(slot.kind, target, now);
    return (held & slot.bit) !== 0;
  }

  /** The same with the reasons: why it is allowed, or the first reason why not. */
  check(...question: Question): Decision;
  check(capability: string, target?: string): Decision {
    return call(() => this.#live().check(capability, target, this.#now()));
  }

  /** Every capability held on an assistant, or on `{ team }`, `{ project }`; without a target, on the organization. */
  capabilities(): CapabilityOf<"organization">[];
  capabilities(target: AssistantId | { assistant: AssistantId }): CapabilityOf<"assistant">[];
  capabilities(target: { project: ProjectId }): CapabilityOf<"project">[];
  capabilities(target: { team: TeamId }): CapabilityOf<"team">[];
  capabilities(target?: string | { team?: string; project?: string; assistant?: string }): Capability[] {
    const { kind, id } = place(target);
    const now = this.#now();
    this.#renew(now);
    const held = this.#answers[kind]!.get(id) ?? this.#ask(kind, id, now);
    return names[kind]!.filter((_, place) => (held & (1 << place)) !== 0);
  }

  /** The ids of all targets on which this may be done, to filter a list with. */
  list<C extends CapabilityOf<"team" | "project" | "assistant">>(capability: C): IdOf<C>[] {
    const raw = this.#live();
    const slot = slots[capability];
    if (slot === undefined) return [];
    const ids = call(() => raw.list(slot.number, this.#now()));
    return (ids === "" ? [] : ids.split("\n")) as IdOf<C>[];
  }

  /** Whether this principal may give `user` the organization role `role`: nobody gives what they do not have. */
  canAssignRole(user: UserId, role: string): boolean {
    return call(() => this.#live().can_assign_role(user, role, this.#now()));
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
  }

  #ask(kind: number, target: string | undefined, now: number): number {
    if (typeof target !== "string" && target !== undefined) return 0;
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
  if (target.team !== undefined) return { kind: KINDS.team, id: target.team };
  if (target.project !== undefined) return { kind: KINDS.project, id: target.project };
  return { kind: KINDS.assistant, id: target.assistant };
}
