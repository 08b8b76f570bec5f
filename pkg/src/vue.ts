/**
 * Permission checks in Vue 3: `app.use(wicketgate, { connect })`, then {@link usePermission} and {@link Can} in components. Components render again
 * when their answers change.
 *
 * The answers decide what a page shows. A service that returns data must check again.
 * @module wicketgate/vue
 */
import { computed, defineComponent, inject, shallowRef, toRaw, toValue, watch } from "vue";
import type { App, ComputedRef, InjectionKey, MaybeRefOrGetter, ShallowRef, SlotsType } from "vue";
import { observe, type Given, type Observer, type WicketgateState } from "./observer.js";
import type { AssistantId, Asked, AskedProps, CapabilityOf, ProjectId, TeamId } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

export type { Connecting, Given, WicketgateState } from "./observer.js";

/** Arguments of {@link usePermission}: the target may be a ref or a getter, and may not be known yet. */
export type AskedOf =
  | [capability: CapabilityOf<"organization">]
  | [capability: CapabilityOf<"team">, team: MaybeRefOrGetter<TeamId | null | undefined>]
  | [capability: CapabilityOf<"project">, project: MaybeRefOrGetter<ProjectId | null | undefined>]
  | [capability: CapabilityOf<"assistant">, assistant: MaybeRefOrGetter<AssistantId | null | undefined>];

/** Properties of {@link Can}. */
export type CanProps = AskedProps & {
  /** Inverts the condition: renders the default slot if it is denied, `fallback` if it is allowed. */
  not?: boolean;
  /** Renders the default slot in any case; it gets the decision. */
  passThrough?: boolean;
};

/** Slots of {@link Can}. `default` and `fallback` get the decision; `loading` is rendered while there is no principal yet. */
export type CanSlots = SlotsType<{ default?: { decision: Decision }; fallback?: { decision: Decision }; loading?: object }>;

/** The observer of an app, and a counter of changes that computed values depend on. */
interface Source {
  observer: Observer;
  changes: ShallowRef<number>;
}

const SOURCE: InjectionKey<Source> = Symbol("wicketgate");

/**
 * The plugin: with `connect`, `live`, or `principal` and `snapshot`. A ref or a getter of these is followed. On a server nothing connects; `principal`
 * answers there.
 * @example
 * ```ts
 * createApp(App).use(wicketgate, { connect: { organization: "acme" } }).mount("#app");
 * ```
 */
export const wicketgate = {
  install(app: App, given: MaybeRefOrGetter<Given> = {}): void {
    // A test may put its fake principal into a reactive object: the raw one is used.
    const source = () => Object.fromEntries(Object.entries(toValue(given)).map(([name, value]) => [name, toRaw(value)])) as Given;
    const provided: Source = { observer: observe(source()), changes: shallowRef(0) };
    app.provide(SOURCE, provided);
    if (typeof window === "undefined") return;
    const changed = () => void provided.changes.value++;
    const unwatch = watch(source, (next) => (provided.observer.give(next), changed()), { flush: "sync" });
    const unsubscribe = provided.observer.subscribe(changed);
    const { unmount } = app;
    app.unmount = () => {
      unmount();
      unwatch();
      unsubscribe();
    };
  },
};

/**
 * Whether the person may do this, as a computed ref. A target that is not known yet is denied.
 * @example
 * ```ts
 * const mayEdit = usePermission("assistant.edit", () => props.id);
 * ```
 */
export function usePermission(...question: AskedOf): ComputedRef<boolean> {
  return answer("usePermission", ({ can }) => can(...valuesOf(question)));
}

/**
 * Like {@link usePermission}, with the reasons. Without a principal, `expired`.
 * @example
 * ```ts
 * const decision = useDecision("assistant.edit", () => props.id);
 * ```
 */
export function useDecision(...question: AskedOf): ComputedRef<Decision> {
  return answer("useDecision", ({ check }, before?: Decision) => {
    const now = check(...valuesOf(question));
    return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
  });
}

/**
 * The principal, the snapshot and the freshness: a new object with every change.
 * @example
 * ```ts
 * const state = useWicketgate();
 * const ids = computed(() => state.value.me?.list("assistant.view") ?? []);
 * ```
 */
export function useWicketgate(): ComputedRef<WicketgateState> {
  return answer("useWicketgate", (observer) => observer.state);
}

/**
 * Renders its default slot if the person may do this, otherwise `fallback`.
 * @example
 * ```html
 * <Can do="assistant.edit" :on="id"><button>Edit</button></Can>
 * ```
 */
export const Can = defineComponent(
  (props: CanProps, { slots }) => {
    // `on` is always there as a property: undefined is a target that is not known yet; organization capabilities ignore it.
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

function valuesOf(question: AskedOf): Asked {
  return question.map((part) => toValue(part as MaybeRefOrGetter<string>)) as Asked;
}
