/** Types of the interface that are not the core's own. */
import type { Capabilities } from "../wasm/wicketgate.js";

declare const kind: unique symbol;
/** A string that is known to name one kind of thing. Any string will do; an id of another kind will not. */
type Id<Kind extends string> = string & { readonly [kind]?: Kind };

/** A user's id. */
export type UserId = Id<"user">;
/** A team's id. */
export type TeamId = Id<"team">;
/** A project's id. */
export type ProjectId = Id<"project">;
/** An assistant's id. */
export type AssistantId = Id<"assistant">;

interface Kinds {
  organization: Capabilities["Organization"];
  team: Capabilities["Team"];
  project: Capabilities["Project"];
  assistant: Capabilities["Assistant"];
}

/** The capabilities that are asked of a kind of target. */
export type CapabilityOf<Kind extends keyof Kinds> = Kinds[Kind];
/** Every capability there is. */
export type Capability = CapabilityOf<keyof Kinds>;
/** The id that a capability is asked with. */
export type IdOf<C extends Capability> = C extends Kinds["team"]
  ? TeamId
  : C extends Kinds["project"]
    ? ProjectId
    : C extends Kinds["assistant"]
      ? AssistantId
      : never;

/**
 * A capability and the target it is asked of; organization capabilities have none. Functions and components that pass questions on take it as
 * their rest parameter, and accept what `can` accepts:
 *
 * ```ts
 * function guard(me: Principal, ...question: Question) {
 *   if (!me.can(...question)) throw new Response("forbidden", { status: 403 });
 * }
 * guard(me, "assistant.edit", "helper");
 * ```
 */
export type Question =
  | [capability: Kinds["organization"]]
  | [capability: Kinds["team"], team: TeamId]
  | [capability: Kinds["project"], project: ProjectId]
  | [capability: Kinds["assistant"], assistant: AssistantId];

/** What is not known yet. */
type Unknown = null | undefined;

/**
 * A question whose target may not be known yet, as while a page loads: then it is denied. What the hooks and components of frameworks ask, and so
 * what a wrapper of them takes: `function useMayEdit(...asked: Asked) { return usePermission(...asked); }`.
 */
export type Asked =
  | [capability: Kinds["organization"], none?: Unknown]
  | [capability: Kinds["team"], team: TeamId | Unknown]
  | [capability: Kinds["project"], project: ProjectId | Unknown]
  | [capability: Kinds["assistant"], assistant: AssistantId | Unknown];

/** The same as the properties of a component: `on` is an id of the capability's kind; organization capabilities have none. */
export type AskedProps =
  | { do: Kinds["organization"]; on?: Unknown }
  | { do: Kinds["team"]; on: TeamId | Unknown }
  | { do: Kinds["project"]; on: ProjectId | Unknown }
  | { do: Kinds["assistant"]; on: AssistantId | Unknown };

/** Who asks: a user, a visitor (with a share-link key, or from an embedding page), or a user who presents a link. */
export interface Presented {
  /** The id of a signed-in user. */
  user?: UserId | undefined;
  /** A share-link key. */
  link?: string | undefined;
  /** The origin of the page that embeds the widget; counts for visitors only. */
  origin?: string | undefined;
}
