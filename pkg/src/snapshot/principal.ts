import { names, slotOf, KINDS } from "../core/checking.js";
import type { Clock } from "../lib/clock.js";
import { WicketgateError, call, optionalText, quote } from "../lib/error.js";
import { ownProperty, readOptions } from "../lib/options.js";
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
  /** Targets of a kind that are asked about one by one; at the next one, the answers about all of them are read at once. */
  readonly singly: number;
  readonly [Symbol.toStringTag]: string;
}

/** Answers that one principal remembers at most: more than the largest organization has targets. */
const MAX_ANSWERS = 1 << 17;

/** Longest id, in characters. A longer text names no target, and is not remembered. */
const MAX_ID = 128;

/** The validity of a freed principal: every question asks again. */
const NEVER: Validity = { from: Infinity, until: -Infinity, epoch: -1 };

/** A user or visitor to ask: "may this person do this?". Made by `snapshot.as()`; `wicketgate/testing` has a fake one for tests. */
export interface Principal {
  /**
   * Whether the person may do this. Organization capabilities take no target.
   *
   * The core answers the first question about a target; later ones are a map look-up, until something expires. The system's clock is read once per
   * turn of the event loop. On a client the answer decides what to show; a service that returns data must ask again.
   *
   * An argument of the wrong type is denied, here and in the questions below; it is never an error. Development builds write one warning to the
   * console about it, and about a capability or target that is misspelt, of another kind or not in the snapshot.
   * @example
   * ```ts
   * me.can("assistant.edit", "helper"); // true or false
   * me.can("team.create"); // asked of the organization: no target
   * ```
   */
  can(...question: Question): boolean;
  /**
   * Like {@link Principal.can}, with the reasons: all relations that allow it, or the first reason why not.
   * @example
   * ```ts
   * me.check("assistant.edit", "helper"); // { allowed: true, because: [{ relation: "assistant_owner" }] }
   * me.check("assistant.edit", "draft"); // { allowed: false, denied: "only_me" }
   * ```
   */
  check(...question: Question): Decision;
  /**
   * Returns if the person may do this, and throws otherwise.
   * @throws {WicketgateError} `denied`; its `decision` has the reason.
   * @example
   * ```ts
   * me.assert("assistant.delete", "helper");
   * ```
   */
  assert(...question: Question): void;
  /**
   * Returns all capabilities that the person holds on an assistant, a `{ team }` or a `{ project }`; without a target, on the organization.
   * @example
   * ```ts
   * me.capabilities("helper"); // ["assistant.view", "assistant.chat"]
   * me.capabilities({ team: "support" }); // ["team.view"]
   * ```
   */
  capabilities(): CapabilityOf<"organization">[];
  capabilities(target: AssistantId | { assistant: AssistantId }): CapabilityOf<"assistant">[];
  capabilities(target: { project: ProjectId }): CapabilityOf<"project">[];
  capabilities(target: { team: TeamId }): CapabilityOf<"team">[];
  /**
   * Returns the ids of all targets on which the person may do this: to filter a list.
   * @example
   * ```ts
   * const visible = new Set(me.list("assistant.view"));
   * ```
   */
  list<C extends CapabilityOf<"team" | "project" | "assistant">>(capability: C): IdOf<C>[];
  /** Whether the person may give `user` the organization role `role`. Nobody can give a role with capabilities that they do not hold themselves. */
  canAssignRole(user: UserId, role: string): boolean;
  /**
   * Frees the WebAssembly memory. Afterwards every question throws `freed`. `using me = snapshot.as()` calls it at the end of the block; without
   * either, the garbage collector frees the memory at some later time.
   */
  free(): void;
  [Symbol.dispose](): void;
}

/** What stands in the way of giving a user another organization role: the refusals of the authority have the same names. */
export type RoleBound = "own_role" | "beyond_own_role" | "last_global_admin";

/** By the core's numbers. */
const BOUNDS: readonly (RoleBound | undefined)[] = [undefined, "own_role", "beyond_own_role", "last_global_admin"];

/**
 * What stands in the way of a change of a user's organization role, whatever capabilities the person holds: with `user` and `role`, of giving that
 * user that role; with `user` alone, of removing or suspending them; with `role` alone, of inviting people with it. For buttons that say why they do
 * nothing; the authority decides. Unknown users and roles are `beyond_own_role`, and so is everything for a principal that is no user of a snapshot.
 * @example
 * ```ts
 * roleBound(me, { user: "gina" }); // "last_global_admin": she cannot be removed
 * roleBound(me, { role: "application_admin" }); // undefined: nothing stands in the way
 * ```
 */
export function roleBound(me: Principal, change: { user?: UserId; role?: string }): RoleBound | undefined {
  const given = readOptions(change, ["user", "role"]);
  const [user, role] = [optionalText(given.user, "user"), optionalText(given.role, "role")];
  // By its method, not its class: the page may have two copies of the package.
  const bound = (me as Partial<CorePrincipal>).roleBound?.(user, role);
  return bound === undefined ? "beyond_own_role" : BOUNDS[bound];
}

/** The implementation on the core's principal. */
export class CorePrincipal implements Principal {
  #raw: RawPrincipal | undefined;
  #snapshot: PrincipalSnapshot;
  /** Name in logs. */
  #label: string;
  #clock: Clock;
  #validity: Validity;
  #epoch: number;
  /** Answers of the core, by kind and id: the capabilities held there, one bit each. Valid within one period of {@link Validity}. */
  #answers: Map<string | undefined, number>[] = [new Map(), new Map(), new Map(), new Map()];
  /** The same for all targets of a kind, in the order of the snapshot's ids; read when a list is asked for, or after many questions. */
  #everywhere: (Int32Array | undefined)[] = [];
  /** Whether {@link #answers} has all targets of a kind. Any other id is unknown. */
  #complete: boolean[] = [];

  constructor(raw: RawPrincipal, snapshot: PrincipalSnapshot, validity: Validity, clock: Clock, label: string) {
    this.#raw = raw;
    this.#snapshot = snapshot;
    this.#validity = validity;
    this.#epoch = validity.epoch;
    this.#clock = clock;
    this.#label = label;
  }

  /** The third argument is for adapters: the target is not known yet, so no warning is written. */
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
    // No capability and no target has an empty name.
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
    const { kind, id } = kindAndId(target);
    const now = this.#clock.exact();
    this.#renew(now);
    const held = this.#answers[kind]!.get(id as string) ?? this.#ask(kind, id, now);
    return names[kind]!.filter((_, bit) => (held & (1 << bit)) !== 0);
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
    const held = this.#heldEverywhere(kind, now);
    return this.#snapshot.ids(kind).filter((_, position) => (held[position]! & bit) !== 0) as IdOf<C>[];
  }

  canAssignRole(user: UserId, role: string): boolean {
    const now = this.#clock.exact();
    const raw = this.#live();
    warnAboutType("user", user);
    warnAboutType("role", role);
    return isString(user) && isString(role) && call(() => raw.can_assign_role(user, role, now));
  }

  /** Number of the bound. @internal */
  roleBound(user: string | undefined, role: string | undefined): number {
    return call(() => this.#live().role_bound(user, role));
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
   * Text for logs. It also keeps Vue's reactive proxies off this object, which would break its private members: they wrap plain objects only.
   */
  get [Symbol.toStringTag](): string {
    return `Principal ${this.#label} in ${this.#snapshot[Symbol.toStringTag]}`;
  }

  #live(): RawPrincipal {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the principal was freed");
    return this.#raw;
  }

  /** Forgets the answers if the time has left their period, forwards or backwards. */
  #renew(now: number): void {
    this.#live();
    this.#validity = this.#snapshot.validity(now);
    if (this.#epoch === this.#validity.epoch) return;
    this.#epoch = this.#validity.epoch;
    for (const answers of this.#answers) answers.clear();
    this.#everywhere = [];
    this.#complete = [];
  }

  /** The answer about a target that is not remembered. With `capability`, a developer is warned if nothing is held on it. */
  #ask(kind: number, target: unknown, now: number, capability?: string): number {
    warnAboutType("target", target);
    if (!isTarget(target) || (target !== undefined && target.length > MAX_ID)) return 0;
    const held = this.#known(kind, target, now);
    if (held === 0 && capability !== undefined)
      warnAboutQuestion(
        capability,
        target,
        (kind) => this.#snapshot.ids(kind),
        () => call(() => this.#live().check(capability, target, now)),
      );
    return held;
  }

  /** Asks the core: about the target alone, or from some number of targets on about all of its kind. Remembers the answers. */
  #known(kind: number, target: string | undefined, now: number): number {
    const answers = this.#answers[kind]!;
    if (kind !== KINDS.organization && !this.#complete[kind] && answers.size >= this.#snapshot.singly) this.#fill(kind, now);
    if (this.#complete[kind]) return answers.get(target) ?? 0;
    const held = call(() => this.#live().held(kind, target, now));
    if (answers.size >= MAX_ANSWERS) answers.clear();
    answers.set(target, held);
    return held;
  }

  #heldEverywhere(kind: number, now: number): Int32Array {
    return (this.#everywhere[kind] ??= call(() => this.#live().held_everywhere(kind, now)));
  }

  /** Remembers the answers about all targets of a kind. */
  #fill(kind: number, now: number): void {
    const [ids, held] = [this.#snapshot.ids(kind), this.#heldEverywhere(kind, now)];
    const answers = this.#answers[kind]!;
    for (let n = 0; n < ids.length; n++) answers.set(ids[n]!, held[n]!);
    this.#complete[kind] = true;
  }
}

/** Kind and id of a target. */
function kindAndId(target: unknown): { kind: number; id: unknown } {
  if (target === undefined) return { kind: KINDS.organization, id: undefined };
  try {
    for (const kind of ["team", "project", "assistant"] as const) {
      const id = ownProperty(target, kind);
      if (id !== undefined) return { kind: KINDS[kind], id };
    }
  } catch {
    // A target whose properties throw names nothing.
  }
  return { kind: KINDS.assistant, id: target };
}
