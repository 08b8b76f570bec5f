/**
 * Decisions in words: a sentence for every reason why and why not, and a label for every capability and built-in role. In English; for other
 * languages pass your own {@link Sentences}. Without the WebAssembly module.
 * @module wicketgate/reasons
 */
import { type BuiltInRole, capabilityLabels } from "./contract.js";
import type { Decision, Denied, Organization, Relation } from "./wasm/wicketgate.js";
import type { Capability } from "./lib/types.js";

/** Names that a sentence can contain. */
export interface Named {
  /** Name of the role. */
  role: string;
  /** Name of the team. */
  team: string;
  /** Name of the organization's plan, if it is known. */
  plan: string | undefined;
}

/** A sentence, or a function that puts names into it. */
export type Sentence = string | ((named: Named) => string);

/** The sentences of one language. TypeScript refuses a language in which one is missing. */
export interface Sentences {
  /** Reasons why not: whole sentences. */
  denied: Record<Denied, Sentence>;
  /** Reasons why: clauses in lower case, which are joined by semicolons. */
  because: Record<Relation, Sentence>;
  /** Labels of capabilities. */
  capabilities: Record<Capability, string>;
  /** Labels of the built-in roles. Custom roles are shown by their ids. */
  roles: Record<BuiltInRole, string>;
}

/** English sentences that address the person that the decision is about. */
export const sentences: Sentences = {
  denied: {
    expired: "What this page knows has expired.",
    inactive: "This account is not active.",
    unknown_target: "There is nothing known about it.",
    plan: ({ plan }) => `The organization’s plan${plan === undefined ? "" : ` (${plan})`} does not include it.`,
    only_me: "It is open to its owner alone.",
    only_team: "It is open to its team alone.",
    not_granted: "None of your roles grants it.",
    link_invalid: "The link does not open it.",
    link_expired: "The link has expired.",
    origin_not_allowed: "This site may not embed it.",
  },
  because: {
    global_admin: "you are a global admin",
    team_owner: ({ team }) => `you own the team ${team}`,
    team_viewer: ({ team }) => `you are a viewer of the team ${team}`,
    team_role: ({ role, team }) => `you are ${role} in the team ${team}`,
    project_creator: "you created its project",
    assistant_owner: "you own it",
    assistant_grant: ({ role }) => `you were made its ${role}`,
    organization_role: ({ role }) => `your role ${role} grants it`,
    public: "it is public",
    view_link: "you have a link to view it",
    edit_link: "you have a link to edit it",
    embed: "this site may embed it",
  },
  capabilities: capabilityLabels,
  roles: {
    global_admin: "Global admin",
    application_admin: "Application admin",
    user: "User",
    owner: "Owner",
    viewer: "Viewer",
    editor: "Editor",
  },
};

/** English sentences about another person, for an administrator. */
export const sentencesAboutOthers: Sentences = {
  ...sentences,
  denied: { ...sentences.denied, not_granted: "None of their roles grants it." },
  because: {
    ...sentences.because,
    global_admin: "they are a global admin",
    team_owner: ({ team }) => `they own the team ${team}`,
    team_viewer: ({ team }) => `they are a viewer of the team ${team}`,
    team_role: ({ role, team }) => `they are ${role} in the team ${team}`,
    project_creator: "they created its project",
    assistant_owner: "they own it",
    assistant_grant: ({ role }) => `they were made its ${role}`,
    organization_role: ({ role }) => `their role ${role} grants it`,
    view_link: "they have a link to view it",
    edit_link: "they have a link to edit it",
  },
};

/** Words for decisions, capabilities and roles. Made by {@link reasons}. */
export interface Reasons {
  /** The reasons of a decision: "You own it; you are a viewer of the team Support." `facts` supplies the names of teams and of the plan. */
  why(this: void, decision: Decision, facts?: Pick<Organization, "teams" | "plan">): string;
  /** Label of a capability. */
  label(this: void, capability: Capability | (string & {})): string;
  /** Label of a role. */
  role(this: void, id: string): string;
}

/**
 * Returns functions that put decisions into words.
 * @example
 * ```ts
 * const { why } = reasons();
 * why(me.check("assistant.edit", "helper"), snapshot.facts()); // "You own it."
 * ```
 */
export function reasons(words: Sentences = sentences): Reasons {
  const role = (id: string) => own(words.roles, id) ?? capital(id.replaceAll("_", " "));
  const say = (sentence: Sentence | undefined, id: string, named: Named) =>
    typeof sentence === "function" ? sentence(named) : (sentence ?? id);
  return {
    role,
    label: (capability) => own(words.capabilities, capability) ?? capability,
    why(decision, facts) {
      const plan = facts?.plan?.name || undefined;
      if (!decision.allowed) return say(own(words.denied, decision.denied), decision.denied, { role: "", team: "", plan });
      const because = decision.because.map(({ relation, role: held = "", team = "" }) =>
        say(own(words.because, relation), relation, {
          role: role(held),
          team: facts?.teams?.find(({ id }) => id === team)?.name ?? team,
          plan,
        }),
      );
      return capital(`${because.join("; ")}.`);
    },
  };
}

/** An own property of a record; inherited ones do not count. */
function own<Value>(record: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? (Reflect.get(record, name) as Value) : undefined;
}

function capital(text: string): string {
  return text.replace(/^./u, (first) => first.toUpperCase());
}
