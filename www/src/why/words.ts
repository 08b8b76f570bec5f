// The decisions of the core, in words for people.
import type { Accessibility, Because, Decision, Denied, Organization, Status } from "wicketgate";
import { own } from "../data/own";

export const ACCESSIBILITY: Record<Accessibility, string> = { only_me: "Only me", only_team: "Only team", public: "Public" };

const ROLES: Record<string, string> = { global_admin: "Global admin", application_admin: "Application admin", user: "User" };
const OTHER_ROLES: Record<string, string> = { owner: "Owner", viewer: "Viewer", editor: "Editor" };

export const STATUS: Record<Status, string> = { active: "Active", invited: "Invited", suspended: "Suspended" };

export function roleName(id: string): string {
  return own(ROLES, id) ?? own(OTHER_ROLES, id) ?? id.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}

/** The roles that somebody may have in the organization. */
export function organizationRoles({ roles }: Organization): string[] {
  return [...Object.keys(ROLES), ...(roles ?? []).filter(({ on }) => on === "organization").map(({ id }) => id)];
}

/** The roles that may be given on a team or an assistant, as a field offers them. */
export function rolesOn(level: "team" | "assistant", { roles }: Organization): { value: string; label: string }[] {
  const builtIn = level === "team" ? ["viewer", "owner"] : ["editor"];
  const custom = (roles ?? []).filter(({ on }) => on === level).map(({ id }) => id);
  return [...builtIn, ...custom].map((value) => ({ value, label: roleName(value) }));
}

/** Who is spoken of: the reader, or somebody the reader looks at. */
type Who = "you" | "they";

export function reasonInWords(decision: Decision, facts: Organization, who: Who = "you"): string {
  if (!decision.allowed) return denialInWords(decision.denied, facts, who);
  const reasons = decision.because.map((reason) => relationInWords(reason, facts, who));
  return `${reasons.join("; ")}.`.replace(/^./, (first) => first.toUpperCase());
}

function relationInWords({ relation, role, team }: Because, facts: Organization, who: Who): string {
  const teamName = facts.teams?.find(({ id }) => id === team)?.name ?? team;
  switch (relation) {
    case "global_admin": return `${who} are a global admin`;
    case "team_owner": return `${who} own the team ${teamName}`;
    case "team_viewer": return `${who} are a viewer of the team ${teamName}`;
    case "team_role": return `${who} are ${roleName(role ?? "member")} in the team ${teamName}`;
    case "project_creator": return `${who} created its project`;
    case "assistant_owner": return `${who} own it`;
    case "assistant_grant": return `${who} were made its ${roleName(role ?? "editor")}`;
    case "organization_role": return `${who === "you" ? "your" : "their"} role ${roleName(role ?? "")} grants it`;
    case "public": return "it is public";
    case "view_link": return `${who} have a link to view it`;
    case "edit_link": return `${who} have a link to edit it`;
    case "embed": return "this site may embed it";
  }
}

function denialInWords(denied: Denied, facts: Organization, who: Who): string {
  switch (denied) {
    case "expired": return "What this page knows has expired.";
    case "inactive": return "This account is not active.";
    case "unknown_target": return "There is nothing known about it.";
    case "plan": return `The organization’s plan${facts.plan?.name ? ` (${facts.plan.name})` : ""} does not include it.`;
    case "only_me": return "It is open to its owner alone.";
    case "only_team": return "It is open to its team alone.";
    case "not_granted": return `None of ${who === "you" ? "your" : "their"} roles grants it.`;
    case "link_invalid": return "The link does not open it.";
    case "link_expired": return "The link has expired.";
    case "origin_not_allowed": return "This site may not embed it.";
  }
}
