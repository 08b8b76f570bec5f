"use client";
/**
 * Permission checks in React: {@link Wicketgate} around the app, {@link usePermission} and {@link Can} in it. What is drawn follows the answers
 * by itself.
 *
 * The answers decide what a page shows. Whatever serves data must check again.
 * @module wicketgate/react
 */
import { createContext, createElement, Fragment, type ReactElement, type ReactNode, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Freshness, Live } from "./client.js";
import type { WicketgateError } from "./error.js";
import type { Principal } from "./principal.js";
import type { Snapshot } from "./snapshot.js";
import type { AssistantId, CapabilityOf, ProjectId, Question, TeamId } from "./types.js";
import type { Decision } from "./wasm/wicketgate.js";

/** Who is asked: `live`, a `principal` of a `snapshot`, or the latter until there is the former. */
export interface WicketgateProps {
  /** From `connect`; nothing while it connects. Once there was one, the `principal` that was given beside or before it is not asked any more. */
  live?: Live | undefined;
  /**
   * Who answers without `live`. While a page is hydrated, who was given first answers, whatever else there is by then: give what the
   * server was given, opened from the same token; or nothing, as to the server.
   */
  principal?: Principal | undefined;
  /** The principal's snapshot. What of it expires is seen at once with it, within a minute without it. */
  snapshot?: Snapshot | undefined;
  children?: ReactNode;
}

/** Who answers, of which snapshot, and how fresh that is. */
export interface WicketgateState {
  /** To ask as one likes: `me.list("assistant.view")`. Nothing as long as nobody was given. */
  readonly me: Principal | undefined;
  /** Nothing as long as nobody was given. Deltas change it in place. */
  readonly snapshot: Snapshot | undefined;
  /** That of `live`. Without: `expired` when everything is denied because nobody was given, or what was given has expired, and otherwise `fresh`. */
  readonly freshness: Freshness;
}

/** What {@link Can} asks, as {@link usePermission} does: `on` is an id of the capability's kind; organization capabilities have none. */
export type CanProps = (
  | { do: CapabilityOf<"organization">; on?: never }
  | { do: CapabilityOf<"team">; on: TeamId }
  | { do: CapabilityOf<"project">; on: ProjectId }
  | { do: CapabilityOf<"assistant">; on: AssistantId }
) & {
  /** What is shown if it is allowed. */
  children?: ReactNode;
  /** What is shown if not; nothing by default. */
  fallback?: ReactNode;
};

/** Lets everything in it ask. Where nobody was given yet, everything is denied. */
export function Wicketgate(props: WicketgateProps): ReactElement {
  const [live, principal, snapshot, children] = [own(props, "live"), own(props, "principal"), own(props, "snapshot"), own(props, "children")];
  const [source] = useState(() => new Source(live, principal, snapshot));
  // The source stays, so that only those are drawn anew whose answers are others, and boundaries that are not hydrated yet stay as they are.
  useCommit(() => source.give(live, principal, snapshot), [source, live, principal, snapshot]);
  return createElement(Context.Provider, { value: source }, children);
}

/** Whether this may be done: `usePermission("assistant.edit", "helper")`. Draws anew only when the answer is another one. */
export function usePermission(...question: Question): boolean;
export function usePermission(...[capability, target]: Question): boolean {
  const source = useSource("usePermission");
  const asked = [capability, target] as Question;
  return useSyncExternalStore(source.subscribe, () => can(source.me, asked), () => can(source.first.me, asked));
}

/**
 * The same with the reasons; the same object as long as they are the same. Where nobody was given yet, it is denied as `expired`: there is
 * no snapshot that is valid now.
 */
export function useDecision(...question: Question): Decision;
export function useDecision(...[capability, target]: Question): Decision {
  const source = useSource("useDecision");
  const shown = useRef<Decision>(undefined);
  const [present, first] = useMemo(() => {
    let last: Decision | undefined;
    const ask = (me: Principal | undefined) => {
      const decision = check(me, [capability, target] as Question);
      const before = last ?? shown.current;
      return (last = before !== undefined && JSON.stringify(before) === JSON.stringify(decision) ? before : decision);
    };
    return [() => ask(source.me), () => ask(source.first.me)];
  }, [source, capability, target]);
  const decision = useSyncExternalStore(source.subscribe, present, first);
  useEffect(() => void (shown.current = decision), [decision]);
  return decision;
}

/**
 * Who answers, the snapshot and the freshness. Draws anew with every change, with a new object and, from `live`, a new `me`: what is
 * remembered by either is never of before the change.
 */
export function useWicketgate(): WicketgateState {
  const source = useSource("useWicketgate");
  return useSyncExternalStore(source.subscribe, () => source.state, () => source.first);
}

/** Shows its children where this may be done: `<Can do="assistant.edit" on="helper">…</Can>`. */
export function Can(props: CanProps): ReactElement {
  const question = [props.do, own(props, "on")] as Question;
  return createElement(Fragment, null, usePermission(...question) ? own(props, "children") : own(props, "fallback"));
}

/** A property that was given. */
function own<Props, Name extends keyof Props>(props: Props, name: Name): Props[Name] | undefined {
  return Object.hasOwn(props as object, name) ? (Reflect.get(props as object, name) as Props[Name]) : undefined;
}

/** Longest time between looks at the clock: it may be set, and the computer may sleep. */
const MOST_BETWEEN = 60_000;

const Context = createContext<Source | undefined>(undefined);

function useSource(hook: string): Source {
  const source = useContext(Context);
  if (source === undefined) throw new Error(`${hook}: there is no <Wicketgate> around this component`);
  return source;
}

/** Before anything is seen. Where nothing ever is, React 18 complains of a layout effect. */
const useCommit = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** Who is asked at present, and whom that concerns. One for each {@link Wicketgate}, as long as it is there. */
class Source {
  /** What there was first: what the server saw, and hydration goes by. */
  readonly first: WicketgateState;
  #live: Live | undefined;
  #principal: Principal | undefined;
  #snapshot: Snapshot | undefined;
  /** The principal that a live one took over from. */
  #past: Principal | undefined;
  #state: WicketgateState | undefined;
  #listeners = new Set<() => void>();
  #unfollow: (() => void) | undefined;

  constructor(live: Live | undefined, principal: Principal | undefined, snapshot: Snapshot | undefined) {
    this.first = { me: principal, snapshot, freshness: freshness(principal) };
    this.#set(live, principal, snapshot);
  }

  #set(live: Live | undefined, principal: Principal | undefined, snapshot: Snapshot | undefined): void {
    if (live !== undefined) this.#past = principal ?? this.#principal ?? this.#past;
    this.#live = live;
    this.#principal = principal;
    this.#snapshot = snapshot;
    this.#state = undefined;
  }

  /** Who is to be asked from now on. */
  give(live: Live | undefined, principal: Principal | undefined, snapshot: Snapshot | undefined): void {
    if (live === this.#live && principal === this.#principal && snapshot === this.#snapshot) return;
    this.#unfollow?.();
    this.#set(live, principal, snapshot);
    if (this.#listeners.size > 0) this.#unfollow = this.#follow();
    this.#tell();
  }

  get me(): Principal | undefined {
    if (this.#live !== undefined) return this.#live.me;
    return this.#principal === this.#past ? undefined : this.#principal;
  }

  /** The same object until something changes. */
  get state(): WicketgateState {
    const { me } = this;
    const now = this.#live?.freshness ?? freshness(me);
    if (this.#state === undefined) {
      const live = this.#live?.snapshot;
      // One of its own, since the live one's answers change while it stays: React's compiler, for one, goes by the object.
      this.#state = { me: unlessFreed(() => live?.as()) ?? me, snapshot: live ?? (me && this.#snapshot), freshness: now };
    } else if (this.#state.freshness !== now) {
      this.#state = { ...this.#state, freshness: now };
    }
    return this.#state;
  }

  /** Calls the listener whenever answers may be others, until what is returned is called. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#unfollow === undefined) {
      // Nobody noticed what has happened so far.
      this.#state = undefined;
      this.#unfollow = this.#follow();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#unfollow?.();
      this.#unfollow = undefined;
    };
  };

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #follow(): () => void {
    const changed = () => {
      this.#state = undefined;
      this.#tell();
    };
    const live = this.#live;
    if (live === undefined) return this.#watch(changed);
    const offs = [live.on("change", changed), live.on("signedOut", changed), live.on("freshness", () => this.#tell())];
    return () => offs.forEach((off) => off());
  }

  /** Looks at the clock when something expires. The principal's own clock may be another one, so in between too. */
  #watch(changed: () => void): () => void {
    if (this.me === undefined) return () => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    let epoch: number | undefined;
    /** Plans the next look. Returns whether time has passed something since the last. */
    const plan = (): boolean => {
      const now = Date.now() / 1000;
      const validity = unlessFreed(() => this.#snapshot?.validity(now));
      const wait = validity === undefined ? MOST_BETWEEN : Math.ceil((validity.until - now) * 1000);
      timer = setTimeout(look, Math.min(wait, MOST_BETWEEN));
      const before = epoch;
      epoch = validity?.epoch;
      return before !== epoch;
    };
    const look = () => (plan() ? changed() : this.#tell());
    plan();
    return () => clearTimeout(timer);
  }
}

function can(me: Principal | undefined, question: Question): boolean {
  return unlessFreed(() => me?.can(...question)) ?? false;
}

function check(me: Principal | undefined, question: Question): Decision {
  return unlessFreed(() => me?.check(...question)) ?? { allowed: false, denied: "expired" };
}

/** Without anybody who tells. */
function freshness(me: Principal | undefined): Freshness {
  const decision = check(me, ["team.create"]);
  return !decision.allowed && decision.denied === "expired" ? "expired" : "fresh";
}

/** What was freed while it is still drawn denies, as what was never given. */
function unlessFreed<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if ((error as WicketgateError).code === "freed") return undefined;
    throw error;
  }
}
