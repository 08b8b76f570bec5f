/**
 * Permission checks in Svelte 5: {@link setWicketgate} in a layout, `getWicketgate().can("assistant.edit", id)` in markup, where it is reactive.
 *
 * The answers decide what a page shows. A service that returns data must check again.
 * @module wicketgate/svelte
 */
import { getContext, setContext } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import { observe, type Given, type WicketgateState } from "./observer.js";
import type { Asked } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

export type { Connecting, Given, WicketgateState } from "./observer.js";

/** Answers that are reactive in markup, `$derived` and `$effect`. */
export interface Permissions {
  /** Whether the person may do this. False without a principal, and while the target is not known yet. */
  can(...question: Asked): boolean;
  /** Like {@link Permissions.can}, with the reasons. Without a principal, `expired`. */
  check(...question: Asked): Decision;
  /** The principal, the snapshot and the freshness: a new object with every change. */
  readonly state: WicketgateState;
  /** Replaces the source of answers. */
  give(given: Given): void;
}

const KEY = Symbol.for("wicketgate");

/**
 * Creates reactive answers without a component, for instance in a module. It connects when the first answer is observed, never on a server.
 * @example
 * ```ts
 * export const may = permissions({ connect: { organization: "acme" } });
 * ```
 */
export function permissions(given?: Given): Permissions {
  const observer = observe(given);
  const follow = createSubscriber((update) => observer.subscribe(update));
  return {
    can: (...question) => (follow(), observer.can(...question)),
    check: (...question) => (follow(), observer.check(...question)),
    get state() {
      follow();
      return observer.state;
    },
    give: observer.give,
  };
}

/**
 * Provides the answers for this component and all components inside.
 * @example
 * ```ts
 * setWicketgate({ connect: { organization: "acme" } });
 * ```
 */
export function setWicketgate(given?: Given): Permissions {
  return setContext(KEY, permissions(given));
}

/**
 * The answers that a component around this one provided by {@link setWicketgate}.
 * @example
 * ```ts
 * const may = getWicketgate();
 * const mayEdit = $derived(may.can("assistant.edit", id));
 * ```
 */
export function getWicketgate(): Permissions {
  const found = getContext<Permissions | undefined>(KEY);
  if (found === undefined) throw new Error("getWicketgate: no component around this one has called setWicketgate");
  return found;
}
