/**
 * Permission checks in Angular: `provideWicketgate({ connect })` in the application's configuration, {@link injectPermission} and `*wicketgateCan` in components.
 *
 * The answers decide what a page shows. A service that returns data must check again.
 * @module wicketgate/angular
 */
import {
  computed,
  DestroyRef,
  Directive,
  effect,
  type EmbeddedViewRef,
  type EnvironmentProviders,
  inject,
  InjectionToken,
  Input,
  makeEnvironmentProviders,
  NgZone,
  PLATFORM_ID,
  signal,
  type Signal,
  TemplateRef,
  untracked,
  ViewContainerRef,
} from "@angular/core";
import { observe, type Given, type Observer, type WicketgateState } from "./observer.js";
import type { AssistantId, Asked, Capability, CapabilityOf, ProjectId, TeamId } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

export type { Connecting, Given, WicketgateState } from "./observer.js";

type Target<Id> = () => Id | null | undefined;

/** Arguments of {@link injectPermission}: the target is a signal or a function, and may not be known yet. */
export type AskedOf =
  | [capability: CapabilityOf<"organization">]
  | [capability: CapabilityOf<"team">, team: Target<TeamId>]
  | [capability: CapabilityOf<"project">, project: Target<ProjectId>]
  | [capability: CapabilityOf<"assistant">, assistant: Target<AssistantId>];

interface Source {
  observer: Observer;
  /** Counter of changes, which computed values depend on. */
  changes: Signal<number>;
}

const SOURCE = new InjectionToken<Source>("wicketgate");

/**
 * Provides the answers for the application. `given` may be a function, which is called in an injection context. On a server nothing connects;
 * `principal` answers there.
 * @example
 * ```ts
 * bootstrapApplication(App, { providers: [provideWicketgate({ connect: { organization: "acme" } })] });
 * ```
 */
export function provideWicketgate(given: Given | (() => Given) = {}): EnvironmentProviders {
  return makeEnvironmentProviders([{ provide: SOURCE, useFactory: () => sourceOf(typeof given === "function" ? given() : given) }]);
}

function sourceOf(given: Given): Source {
  const observer = observe(given);
  const changes = signal(0);
  const zone = inject(NgZone);
  if (inject(PLATFORM_ID) === "browser") {
    // Outside of the zone, because with its timers the application would never become stable.
    zone.runOutsideAngular(() => {
      inject(DestroyRef).onDestroy(observer.subscribe(() => zone.run(() => changes.update((count) => count + 1))));
    });
  }
  return { observer, changes };
}

/**
 * Whether the person may do this, as a signal. A target that is not known yet is denied.
 * @example
 * ```ts
 * mayEdit = injectPermission("assistant.edit", () => this.id());
 * ```
 */
export function injectPermission(...question: AskedOf): Signal<boolean> {
  return answer(({ can }) => can(...valuesOf(question)));
}

/**
 * Like {@link injectPermission}, with the reasons. Without a principal, `expired`.
 * @example
 * ```ts
 * decision = injectDecision("assistant.edit", () => this.id());
 * ```
 */
export function injectDecision(...question: AskedOf): Signal<Decision> {
  return answer(({ check }) => check(...valuesOf(question)), areEqual);
}

function areEqual(one: Decision, other: Decision): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * The principal, the snapshot and the freshness: a new object with every change.
 * @example
 * ```ts
 * state = injectWicketgate();
 * ids = computed(() => this.state().me?.list("assistant.view") ?? []);
 * ```
 */
export function injectWicketgate(): Signal<WicketgateState> {
  return answer((observer) => observer.state);
}

/**
 * Returns a function that replaces the source of answers.
 * @example
 * ```ts
 * give = injectGive();
 * signedIn(live: Live) {
 *   this.give({ live });
 * }
 * ```
 */
export function injectGive(): (given: Given) => void {
  return inject(SOURCE).observer.give;
}

function answer<Answer>(ask: (observer: Observer) => Answer, equal?: (one: Answer, other: Answer) => boolean): Signal<Answer> {
  const { observer, changes } = inject(SOURCE);
  return computed(() => (changes(), ask(observer)), equal && { equal });
}

function valuesOf([capability, target]: AskedOf): Asked {
  return (target === undefined ? [capability] : [capability, target()]) as Asked;
}

/** Context of the template: the decision, as in `*wicketgateCan="'assistant.edit'; on: id; let decision"`. */
export interface WicketgateCanContext {
  /** The decision. */
  $implicit: Decision;
}

/**
 * Renders its template if the person may do this. `not: true` inverts the condition.
 * @example
 * ```html
 * <button *wicketgateCan="'assistant.edit'; on: id; else: denied">Edit</button>
 * <ng-template #denied>Read only</ng-template>
 * ```
 */
@Directive({ selector: "[wicketgateCan]", standalone: true })
export class WicketgateCan {
  /** The capability. */
  @Input({ required: true }) set wicketgateCan(capability: Capability) {
    this.#capability.set(capability);
  }
  /** Id of the target; none for organization capabilities. While it is `undefined`, the others are denied. */
  @Input() set wicketgateCanOn(target: string | null | undefined) {
    this.#target.set(target);
  }
  /** Inverts the condition: renders the template if it is denied. */
  @Input() set wicketgateCanNot(not: boolean) {
    this.#not.set(not);
  }
  /** Template for the other case. */
  @Input() set wicketgateCanElse(template: TemplateRef<WicketgateCanContext> | null | undefined) {
    this.#else.set(template);
  }

  #capability = signal<Capability | undefined>(undefined);
  #target = signal<string | null | undefined>(undefined);
  #not = signal(false);
  #else = signal<TemplateRef<WicketgateCanContext> | null | undefined>(undefined);

  constructor() {
    const template = inject<TemplateRef<WicketgateCanContext>>(TemplateRef);
    const container = inject(ViewContainerRef);
    const decided = answer(({ check }) => check(...([this.#capability(), this.#target()] as Asked)), areEqual);
    let rendered: TemplateRef<WicketgateCanContext> | null | undefined;
    let view: EmbeddedViewRef<WicketgateCanContext> | undefined;
    effect(() => {
      const $implicit = decided();
      const shown = $implicit.allowed !== this.#not() ? template : this.#else();
      untracked(() => {
        if (shown !== rendered) {
          container.clear();
          view = shown ? container.createEmbeddedView(shown, { $implicit }) : undefined;
          rendered = shown;
        } else if (view !== undefined) {
          view.context.$implicit = $implicit;
        }
        view?.markForCheck();
      });
    });
  }

  /** Tells the template compiler the type of the context. */
  static ngTemplateContextGuard(_: WicketgateCan, context: unknown): context is WicketgateCanContext {
    return true;
  }
}
