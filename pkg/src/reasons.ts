/**
 * Decisions in words: a sentence for every reason why and why not, a label for every capability and built-in role. In English, and in other languages with
 * {@link Sentences} of theirs. Without the WebAssembly module.
 * @module wicketgate/reasons
 */
import { type BuiltInRole, capabilityLabels } from "./contract.js";
import type { Decision, Denied, Organization, Relation } from "./wasm/wicketgate.js";
import type { Capability } from "./lib/types.js";

/** Names to speak with, where a reason has them. */
export interface Named {
  /** What the role is called. */
  role: string;
  /** What the team is called. */
  team: string;
  /** What the organization's plan is called, if it is known. */
  plan: string | undefined;
}

/** As it is, or with names in it. */
export type Sentence = string | ((named: Named) => string);

/** What is said. Complete: a language in which one is missing does not compile. */
export interface Sentences {
  /** Why not, as whole sentences. */
  denied: Record<Denied, Sentence>;
  /** Why, each as it stands after another and a semicolon. */
  because: Record<Relation, Sentence>;
  /** What capabilities are called. */
  capabilities: Record<Capability, string>;
  /** What the built-in roles are called. Custom roles are called by their ids. */
  roles: Record<BuiltInRole, string>;
}

/** English, to the person that it is about. */
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

/** English, to somebody else: an administrator who looks at a person's rights. */
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

/** Speaks of decisions. Made by {@link reasons}. */
export interface Reasons {
  /** Why, or why not: "You own it; you are a viewer of the team Support." With the facts, teams and the plan have names. */
  why(this: void, decision: Decision, facts?: Pick<Organization, "teams" | "plan">): string;
  /** What a capability is called. */
  label(this: void, capability: Capability | (string & {})): string;
  /** What a role is called. */
  role(this: void, id: string): string;
}

/** Speaks with these sentences: `reasons().why(me.check("assistant.edit", "helper"), snapshot.facts())`. */
export function reasons(said: Sentences = sentences): Reasons {
  const role = (id: string) => own(said.roles, id) ?? capital(id.replaceAll("_", " "));
  const say = (sentence: Sentence | undefined, id: string, named: Named) =>
    typeof sentence === "function" ? sentence(named) : (sentence ?? id);
  return {
    role,
    label: (capability) => own(said.capabilities, capability) ?? capability,
    why(decision, facts) {
      const plan = facts?.plan?.name || undefined;
      if (!decision.allowed) return say(own(said.denied, decision.denied), decision.denied, { role: "", team: "", plan });
      const because = decision.because.map(({ relation, role: held = "", team = "" }) =>
        say(own(said.because, relation), relation, {
          role: role(held),
          team: facts?.teams?.find(({ id }) => id === team)?.name ?? team,
          plan,
        }),
      );
      return capital(`${because.join("; ")}.`);
    },
  };
}

/** A name that was put in, and none that stands on a prototype. */
function own<Value>(record: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? (Reflect.get(record, name) as Value) : undefined;
}

function capital(text: string): string {
  return text.replace(/^./u, (first) => first.toUpperCase());
}
