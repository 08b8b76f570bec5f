/**
 * Permission checks in Vue 3: `app.use(wicketgate, { connect })`, then {@link usePermission} and {@link Can} in components. What is drawn follows the answers
 * by itself.
 *
 * The answers decide what a page shows. Whatever serves data must check again.
 * @module wicketgate/vue
 */
import { computed, defineComponent, inject, shallowRef, toRaw, toValue, watch } from "vue";
import type { App, ComputedRef, InjectionKey, MaybeRefOrGetter, ShallowRef, SlotsType } from "vue";
import { observe, type Given, type Observer, type WicketgateState } from "./observer.js";
import type { AssistantId, Asked, AskedProps, CapabilityOf, ProjectId, TeamId } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

export type { Connecting, Given, WicketgateState } from "./observer.js";

/** A question whose target may be a ref or a getter, and may not be known yet. */
export type AskedOf =
  | [capability: CapabilityOf<"organization">]
  | [capability: CapabilityOf<"team">, team: MaybeRefOrGetter<TeamId | null | undefined>]
  | [capability: CapabilityOf<"project">, project: MaybeRefOrGetter<ProjectId | null | undefined>]
  | [capability: CapabilityOf<"assistant">, assistant: MaybeRefOrGetter<AssistantId | null | undefined>];

/** What {@link Can} asks, and what it draws. */
export type CanProps = AskedProps & {
  /** Turns it round: the default slot is drawn if it is denied, `fallback` if it is allowed. */
  not?: boolean;
  /** Draws the default slot in any case, which decides by the decision that it is given. */
  passThrough?: boolean;
};

/** The slots of {@link Can}. Each is given the decision; `loading` is drawn while nobody answers yet, where it is there. */
export type CanSlots = SlotsType<{ default?: { decision: Decision }; fallback?: { decision: Decision }; loading?: object }>;

/** Everybody in an app, and the count of changes that computed values go by. */
interface Source {
  observer: Observer;
  changes: ShallowRef<number>;
}

const SOURCE: InjectionKey<Source> = Symbol("wicketgate");

/**
 * The plugin: `app.use(wicketgate, { connect: { … } })`, or with `live`, or `principal` and `snapshot`. A ref or a getter of those is followed. On a server nothing
 * connects; `principal` answers there.
 */
export const wicketgate = {
  install(app: App, given: MaybeRefOrGetter<Given> = {}): void {
    // A fake of a test may be in the user's reactive objects; what it is in does not matter here.
    const asked = () => Object.fromEntries(Object.entries(toValue(given)).map(([name, value]) => [name, toRaw(value)])) as Given;
    const source: Source = { observer: observe(asked()), changes: shallowRef(0) };
    app.provide(SOURCE, source);
    if (typeof window === "undefined") return;
    const changed = () => void source.changes.value++;
    const unwatch = watch(asked, (now) => (source.observer.give(now), changed()), { flush: "sync" });
    const unsubscribe = source.observer.subscribe(changed);
    const { unmount } = app;
    app.unmount = () => {
      unmount();
      unwatch();
      unsubscribe();
    };
  },
};

/** Whether this may be done: `usePermission("assistant.edit", () => props.id)`. A target that is not known yet is denied. */
export function usePermission(...asked: AskedOf): ComputedRef<boolean> {
  return answer("usePermission", ({ can }) => can(...valuesOf(asked)));
}

/** The same with the reasons. Where nobody answers, it is denied as `expired`. */
export function useDecision(...asked: AskedOf): ComputedRef<Decision> {
  return answer("useDecision", ({ check }, before?: Decision) => {
    const now = check(...valuesOf(asked));
    return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
  });
}

/** Who answers, the snapshot and the freshness; another object with every change. */
export function useWicketgate(): ComputedRef<WicketgateState> {
  return answer("useWicketgate", (observer) => observer.state);
}

/** Draws its default slot where this may be done, `fallback` elsewhere: `<Can do="assistant.edit" :on="id">…</Can>`. */
export const Can = defineComponent(
  (props: CanProps, { slots }) => {
    // `on` that is given and undefined is a target that is not known yet; of what is asked of the organization it says nothing.
    const decision = useDecision(...([() => props.do, () => props.on] as unknown as AskedOf));
    const state = useWicketgate();
    return () => {
      const { loading, fallback } = slots;
      if (loading && !props.passThrough && state.value.freshness === "loading") return loading({});
      const shown = props.passThrough || decision.value.allowed !== (props.not ?? false);
      return (shown ? slots.default : fallback)?.({ decision: decision.value });
    };
  },
  {
    name: "Can",
    props: { do: { type: String, required: true }, on: String, not: Boolean, passThrough: Boolean } as never,
    slots: {} as CanSlots,
  },
);

function answer<Answer>(name: string, ask: (observer: Observer, before?: Answer) => Answer): ComputedRef<Answer> {
  const source = inject(SOURCE, undefined);
  if (source === undefined)
    throw new Error(`${name}: the app does not use the plugin wicketgate, or this is outside of a setup function`);
  return computed((before?: Answer) => (source.changes.value, ask(source.observer, before)));
}

function valuesOf(asked: AskedOf): Asked {
  return asked.map((part) => toValue(part as MaybeRefOrGetter<string>)) as Asked;
}
