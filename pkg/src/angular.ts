/**
 * Permission checks in Angular: `provideWicketgate({ connect })` in the application's configuration, {@link injectPermission} and `*wicketgateCan` in components.
 *
 * The answers decide what a page shows. Whatever serves data must check again.
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

/** A question whose target is a signal or a function, and may not be known yet. */
export type AskedOf =
  | [capability: CapabilityOf<"organization">]
  | [capability: CapabilityOf<"team">, team: Target<TeamId>]
  | [capability: CapabilityOf<"project">, project: Target<ProjectId>]
  | [capability: CapabilityOf<"assistant">, assistant: Target<AssistantId>];

interface Source {
  observer: Observer;
  /** Counts the changes: computed values go by it. */
  changes: Signal<number>;
}

const SOURCE = new InjectionToken<Source>("wicketgate");

/**
 * Lets everything ask. What is given may be a function, which is called in an injection context. On a server nothing connects; `principal` answers there.
 */
export function provideWicketgate(given: Given | (() => Given) = {}): EnvironmentProviders {
  return makeEnvironmentProviders([{ provide: SOURCE, useFactory: () => sourceOf(typeof given === "function" ? given() : given) }]);
}

function sourceOf(given: Given): Source {
  const observer = observe(given);
  const changes = signal(0);
  const zone = inject(NgZone);
  if (inject(PLATFORM_ID) === "browser") {
    // Outside: its timers would keep the application from ever being stable.
    zone.runOutsideAngular(() => {
      inject(DestroyRef).onDestroy(observer.subscribe(() => zone.run(() => changes.update((count) => count + 1))));
    });
  }
  return { observer, changes };
}

/** Whether this may be done: `mayEdit = injectPermission("assistant.edit", () => this.id())`. A target that is not known yet is denied. */
export function injectPermission(...asked: AskedOf): Signal<boolean> {
  return answer(({ can }) => can(...valuesOf(asked)));
}

/** The same with the reasons. Where nobody answers, it is denied as `expired`. */
export function injectDecision(...asked: AskedOf): Signal<Decision> {
  return answer(({ check }) => check(...valuesOf(asked)), same);
}

function same(one: Decision, other: Decision): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Who answers, the snapshot and the freshness; another object with every change. */
export function injectWicketgate(): Signal<WicketgateState> {
  return answer((observer) => observer.state);
}

/** Says who is to be asked from now on: `const give = injectGive()`, then `give({ live })`. */
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

/** What the template is given: `*wicketgateCan="'assistant.edit'; on: id; let decision"`. */
export interface WicketgateCanContext {
  $implicit: Decision;
}

/** Draws its template where this may be done: `*wicketgateCan="'assistant.edit'; on: id; else: denied"`. `not: true` turns it round. */
@Directive({ selector: "[wicketgateCan]", standalone: true })
export class WicketgateCan {
  /** The capability. */
  @Input({ required: true }) set wicketgateCan(capability: Capability) {
    this.#capability.set(capability);
  }
  /** The id of what it is asked of; none for what is asked of the organization. While it is `undefined`, the rest is denied. */
  @Input() set wicketgateCanOn(target: string | null | undefined) {
    this.#target.set(target);
  }
  /** Turns it round: draws where this is denied. */
  @Input() set wicketgateCanNot(not: boolean) {
    this.#not.set(not);
  }
  /** What is drawn instead. */
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
    const decided = answer(({ check }) => check(...([this.#capability(), this.#target()] as Asked)), same);
    let drawn: TemplateRef<WicketgateCanContext> | null | undefined;
    let view: EmbeddedViewRef<WicketgateCanContext> | undefined;
    effect(() => {
      const $implicit = decided();
      const shown = $implicit.allowed !== this.#not() ? template : this.#else();
      untracked(() => {
        if (shown !== drawn) {
          container.clear();
          view = shown ? container.createEmbeddedView(shown, { $implicit }) : undefined;
          drawn = shown;
        } else if (view !== undefined) {
          view.context.$implicit = $implicit;
        }
        view?.markForCheck();
      });
    });
  }

  /** For the compiler of templates: what the template is given. */
  static ngTemplateContextGuard(_: WicketgateCan, context: unknown): context is WicketgateCanContext {
    return true;
  }
}
