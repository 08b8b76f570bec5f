/** Public types that do not come from the core. */
import type { Capabilities } from "../wasm/wicketgate.js";

declare const kind: unique symbol;
/** The id of one kind of thing. Every plain string is accepted; an id of another kind is not. */
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

/** Capabilities of one kind of target, for instance `CapabilityOf<"assistant">`. */
export type CapabilityOf<Kind extends keyof Kinds> = Kinds[Kind];
/** Name of a capability. */
export type Capability = CapabilityOf<keyof Kinds>;
/** Type of the target's id for a capability. */
export type IdOf<C extends Capability> = C extends Kinds["team"]
  ? TeamId
  : C extends Kinds["project"]
    ? ProjectId
    : C extends Kinds["assistant"]
      ? AssistantId
      : never;

/**
 * Arguments of `can`: a capability, and the id of its target; organization capabilities have none. Functions that pass questions on take it as
 * their rest parameter:
 * @example
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

/** A target that is not known yet. */
type Unknown = null | undefined;

/**
 * Arguments of the frameworks' hooks: a {@link Question} whose target may not be known yet, as while a page loads. Then it is denied.
 * @example
 * ```ts
 * function useMayEdit(...question: Asked) {
 *   return usePermission(...question);
 * }
 * ```
 */
export type Asked =
  | [capability: Kinds["organization"], none?: Unknown]
  | [capability: Kinds["team"], team: TeamId | Unknown]
  | [capability: Kinds["project"], project: ProjectId | Unknown]
  | [capability: Kinds["assistant"], assistant: AssistantId | Unknown];

/** {@link Asked} as the properties of a component: `do` is the capability, `on` the target's id; organization capabilities have no `on`. */
export type AskedProps =
  | { do: Kinds["organization"]; on?: Unknown }
  | { do: Kinds["team"]; on: TeamId | Unknown }
  | { do: Kinds["project"]; on: ProjectId | Unknown }
  | { do: Kinds["assistant"]; on: AssistantId | Unknown };

/** The person to ask for: a user, a visitor (with a share-link key, or from an embedding page), or a user who presents a share link. */
export interface Presented {
  /** Id of a signed-in user. */
  user?: UserId | undefined;
  /** Key of a share link. */
  link?: string | undefined;
  /** Origin of the page that embeds the widget. It counts for visitors only. */
  origin?: string | undefined;
}

/** A snapshot with detached content (RFC 7515, appendix F): the payload as plain JSON, which compresses well, and the signature apart. */
export interface DetachedSnapshot {
  /** The JSON text that was signed, unchanged to the byte. */
  payload: string | Uint8Array;
  /** Protected header and signature: `header..signature`, base64url. */
  signature: string;
}
