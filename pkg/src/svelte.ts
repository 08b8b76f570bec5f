/**
 * Permission checks in Svelte 5: {@link setWicketgate} in a layout, `getWicketgate().can("assistant.edit", id)` in markup, where it is reactive.
 *
 * The answers decide what a page shows. Whatever serves data must check again.
 * @module wicketgate/svelte
 */
import { getContext, setContext } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import { observe, type Given, type WicketgateState } from "./observer.js";
import type { Asked } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

export type { Connecting, Given, WicketgateState } from "./observer.js";

/** What may be done. Read in markup, `$derived` or `$effect`, each answer is followed. */
export interface Permissions {
  /** Whether this may be done. Nobody who answers, and no target yet: no. */
  can(...asked: Asked): boolean;
  /** The same with the reasons. Where nobody answers, it is denied as `expired`. */
  check(...asked: Asked): Decision;
  /** Who answers, the snapshot and the freshness; another object with every change. */
  readonly state: WicketgateState;
  /** Who is to be asked from now on. */
  give(given: Given): void;
}

const KEY = Symbol.for("wicketgate");

/** Answers by what is given; connects when the first answer is followed, never on a server. */
export function permissions(given?: Given): Permissions {
  const observer = observe(given);
  const follow = createSubscriber((update) => observer.subscribe(update));
  return {
    can: (...asked) => (follow(), observer.can(...asked)),
    check: (...asked) => (follow(), observer.check(...asked)),
    get state() {
      follow();
      return observer.state;
    },
    give: observer.give,
  };
}

/** Lets this component and all in it ask. */
export function setWicketgate(given?: Given): Permissions {
  return setContext(KEY, permissions(given));
}

/** What {@link setWicketgate} gave, of a component around this one. */
export function getWicketgate(): Permissions {
  const found = getContext<Permissions | undefined>(KEY);
  if (found === undefined) throw new Error("getWicketgate: no component around this one has called setWicketgate");
  return found;
}
