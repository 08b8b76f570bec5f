// The decisions of the core, in words for people.
import type { Accessibility, Decision, Organization, Status } from "wicketgate";
import { reasons, sentencesAboutOthers } from "wicketgate/reasons";

export const ACCESSIBILITY: Record<Accessibility, string> = { only_me: "Only me", only_team: "Only team", public: "Public" };

/** The built-in roles that somebody may have in the organization. */
const ROLES = ["global_admin", "application_admin", "user"];

export const STATUS: Record<Status, string> = { active: "Active", invited: "Invited", suspended: "Suspended" };

/** Decisions in words, to the reader and about somebody the reader looks at. */
const SPOKEN = { you: reasons(), they: reasons(sentencesAboutOthers) };

export const roleName = SPOKEN.you.role;

/** The roles that somebody may have in the organization. */
export function organizationRoles({ roles }: Organization): string[] {
  return [...ROLES, ...(roles ?? []).filter(({ on }) => on === "organization").map(({ id }) => id)];
}

/** The roles that may be given on a team or an assistant, as a field offers them. */
export function rolesOn(level: "team" | "assistant", { roles }: Organization): { value: string; label: string }[] {
  const builtIn = level === "team" ? ["viewer", "owner"] : ["editor"];
  const custom = (roles ?? []).filter(({ on }) => on === level).map(({ id }) => id);
  return [...builtIn, ...custom].map((value) => ({ value, label: roleName(value) }));
}

/** Why, or why not. Who is spoken of: the reader, or somebody the reader looks at. */
export function reasonInWords(decision: Decision, facts: Organization, who: keyof typeof SPOKEN = "you"): string {
  return SPOKEN[who].why(decision, facts);
}
