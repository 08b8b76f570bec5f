// The decisions of the core, in words for people.
import type { Accessibility, Decision, Level, Organization, Status } from "wicketgate";
import { builtInRoles } from "wicketgate/contract";
import { reasons, sentencesAboutOthers } from "wicketgate/reasons";

export const ACCESSIBILITY: Record<Accessibility, string> = { only_me: "Only me", only_team: "Only team", public: "Public" };

export const STATUS: Record<Status, string> = { active: "Active", invited: "Invited", suspended: "Suspended" };

/** Decisions in words, to the reader and about somebody the reader looks at. */
const SPOKEN = { you: reasons(), they: reasons(sentencesAboutOthers) };

export const roleName = SPOKEN.you.role;

/** The ids of the built-in roles of a level, in the order of the rules. */
function builtIn(level: Level): string[] {
  return Object.entries(builtInRoles)
    .filter(([, role]) => role.level === level)
    .map(([id]) => id);
}

/** The roles that somebody may have in the organization. */
export function organizationRoles({ roles }: Organization): string[] {
  return [...builtIn("organization"), ...(roles ?? []).filter(({ on }) => on === "organization").map(({ id }) => id)];
}

/** The roles that may be given on a team or an assistant, as a field offers them. */
export function rolesOn(level: "team" | "assistant", { roles }: Organization): { value: string; label: string }[] {
  const custom = (roles ?? []).filter(({ on }) => on === level).map(({ id }) => id);
  // The role that grants less comes first: it is the one that is chosen.
  return [...builtIn(level).reverse(), ...custom].map((value) => ({ value, label: roleName(value) }));
}

/** Why, or why not. Who is spoken of: the reader, or somebody the reader looks at. */
export function reasonInWords(decision: Decision, facts: Organization, who: keyof typeof SPOKEN = "you"): string {
  return SPOKEN[who].why(decision, facts);
}
