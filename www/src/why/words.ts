// Decisions, roles and states in words.
import type { Accessibility, Decision, Level, Organization, Status } from "wicketgate";
import { builtInRoles, type KeyScopeName } from "wicketgate/contract";
import { reasons, sentencesAboutOthers } from "wicketgate/reasons";
import { ownProperty } from "../lib/own-property";

export const ACCESSIBILITY: Record<Accessibility, string> = { only_me: "Only me", only_team: "Only team", public: "Public" };

export const STATUS: Record<Status, string> = { active: "Active", invited: "Invited", suspended: "Suspended" };

/** What an API key may be used for, in a word or two. `keyScopes` of the contract has the meanings. */
export const SCOPES: Record<KeyScopeName, string> = {
  commands: "Commands",
  act_as: "On behalf of users",
  read: "Reading",
  digests: "Digests of links",
  events: "Audit log",
  passes: "Passes",
  provision: "Provisioning (SCIM)",
};

/** "Commands, Audit log"; the name of a scope that this page does not know. */
export function scopesInWords(scopes: readonly string[]): string {
  return scopes.map((scope) => ownProperty(SCOPES, scope) ?? scope).join(", ");
}

/** Sentences to the reader, and about another person. */
const PHRASES = { you: reasons(), they: reasons(sentencesAboutOthers) };

export const roleName = PHRASES.you.role;

/** The ids of the built-in roles of a level, in the order of the rules. */
function builtIn(level: Level): string[] {
  return Object.entries(builtInRoles)
    .filter(([, role]) => role.level === level)
    .map(([id]) => id);
}

/** Every role in the organization: the built-in ones, then the custom ones. */
export function organizationRoles({ roles }: Organization): string[] {
  return [...builtIn("organization"), ...(roles ?? []).filter(({ on }) => on === "organization").map(({ id }) => id)];
}

/** The roles on a team or an assistant, as options of a field. */
export function rolesOn(level: "team" | "assistant", { roles }: Organization): { value: string; label: string }[] {
  const custom = (roles ?? []).filter(({ on }) => on === level).map(({ id }) => id);
  // The role that grants less comes first: it is the one that is chosen.
  return [...builtIn(level).reverse(), ...custom].map((value) => ({ value, label: roleName(value) }));
}

/** The reason for a decision. @param who whether the sentence is to the reader ("you") or about another person ("they") */
export function reasonInWords(decision: Decision, facts: Organization, who: keyof typeof PHRASES = "you"): string {
  return PHRASES[who].why(decision, facts);
}
