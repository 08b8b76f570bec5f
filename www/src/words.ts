// The decisions of the core, in words for people.
import type { Accessibility, Because, CapabilityOf, Decision, Denied, Organization } from "wicketgate";

export const ASSISTANT_ACTIONS: [CapabilityOf<"assistant">, string][] = [
  ["assistant.chat", "Chat"],
  ["assistant.edit", "Edit"],
  ["assistant.share", "Share"],
  ["assistant.delete", "Delete"],
  ["corpus.view", "Knowledge base"],
  ["corpus.manage", "Manage knowledge"],
  ["conversations.view", "Conversations"],
  ["conversations.takeover", "Take over"],
  ["channels.deploy", "Deploy"],
  ["actions.manage", "Actions"],
  ["analytics.view", "Analytics"],
  ["evaluation.run", "Evaluation"],
  ["responses.supporting_content", "Supporting content"],
  ["responses.thought_process", "Thought process"],
];

export const ORGANIZATION_RIGHTS: [CapabilityOf<"organization">, string][] = [
  ["user.invite", "Invite people"],
  ["user.assign_role", "Assign roles"],
  ["user.remove", "Remove people"],
  ["team.create", "Create teams"],
  ["settings.manage", "Settings"],
  ["panel.analytics", "Analytics panel"],
  ["panel.user_settings", "User settings"],
  ["panel.aliases", "Aliases"],
  ["panel.chatlogs", "Chat logs"],
  ["panel.api_keys", "API keys"],
  ["integrations.manage", "Integrations"],
  ["role.define", "Define roles"],
  ["audit.view", "Audit log"],
];

export const ACCESSIBILITY: Record<Accessibility, string> = { only_me: "Only me", only_team: "Only team", public: "Public" };

const ROLES: Record<string, string> = { global_admin: "Global admin", application_admin: "Application admin", user: "User" };

export function roleName(id: string): string {
  return ROLES[id] ?? id.replaceAll("_", " ");
}

/** The roles that somebody may have in the organization. */
export function organizationRoles({ roles }: Organization): string[] {
  return [...Object.keys(ROLES), ...(roles ?? []).filter(({ on }) => on === "organization").map(({ id }) => id)];
}

export function reasonInWords(decision: Decision, facts: Organization): string {
  if (!decision.allowed) return denialInWords(decision.denied, facts);
  const reasons = decision.because.map((reason) => relationInWords(reason, facts));
  return `${reasons.join("; ")}.`.replace(/^./, (first) => first.toUpperCase());
}

function relationInWords({ relation, role, team }: Because, facts: Organization): string {
  const teamName = facts.teams?.find(({ id }) => id === team)?.name ?? team;
  switch (relation) {
    case "global_admin": return "you are a global admin";
    case "team_owner": return `you own the team ${teamName}`;
    case "team_viewer": return `you are a viewer of the team ${teamName}`;
    case "team_role": return `you are ${roleName(role ?? "a member")} in the team ${teamName}`;
    case "project_creator": return "you created its project";
    case "assistant_owner": return "you own it";
    case "assistant_grant": return `you were made its ${roleName(role ?? "editor")}`;
    case "organization_role": return `your role ${roleName(role ?? "")} grants it`;
    case "public": return "it is public";
    case "view_link": return "you have a link to view it";
    case "edit_link": return "you have a link to edit it";
    case "embed": return "this site may embed it";
  }
}

function denialInWords(denied: Denied, facts: Organization): string {
  switch (denied) {
    case "expired": return "What this page knows has expired.";
    case "inactive": return "This account is not active.";
    case "unknown_target": return "There is nothing known about it.";
    case "plan": return `The organization’s plan${facts.plan?.name ? ` (${facts.plan.name})` : ""} does not include it.`;
    case "only_me": return "It is open to its owner alone.";
    case "only_team": return "It is open to its team alone.";
    case "not_granted": return "None of your roles grants it.";
    case "link_invalid": return "The link does not open it.";
    case "link_expired": return "The link has expired.";
    case "origin_not_allowed": return "This site may not embed it.";
  }
}
