// Roles that people hold on a team or an assistant: whether each is in effect now, and why not.
import type { Assistant, Holding, Organization, Team } from "wicketgate";
import { authorityTime } from "../../lib/clock";
import { grantsOf } from "../../data/role-grants";

export interface HoldingRow extends Holding {
  /** Unique: a person may hold several roles. */
  key: string;
  name: string;
  state: HoldingState;
}

/** `dormant`: not in effect for the reason in `words`; in effect again when that changes. */
export type HoldingState = { inEffect: true } | { inEffect: false; kind: "expired" | "dormant"; words: string };

const IN_EFFECT: HoldingState = { inEffect: true };

export function membershipState(member: Holding, facts: Organization): HoldingState {
  return expired(member) ?? inactive(member, facts) ?? IN_EFFECT;
}

/** @param seesMembers whether the facts name the members of its team */
export function grantState(grant: Holding, assistant: Assistant, facts: Organization, seesMembers: boolean): HoldingState {
  const known = expired(grant) ?? inactive(grant, facts);
  if (known) return known;
  if (assistant.accessibility === "only_me") return dormant("Open to its owner only");
  if (seesMembers && assistant.accessibility === "only_team" && !inTeam(grant.user, teamOf(assistant, facts), facts))
    return dormant("Not in its team");
  return IN_EFFECT;
}

export function hasExpired({ expires = Infinity }: { expires?: number }): boolean {
  return expires <= authorityTime();
}

export function teamOf({ project }: Assistant, { projects = [], teams = [] }: Organization): Team | undefined {
  const home = projects.find(({ id }) => id === project)?.team;
  return teams.find(({ id }) => id === home);
}

/** Whether the rules count the person as in the team: by a membership, as its creator who may create teams, or as a global admin. */
export function inTeam(user: string, team: Team | undefined, facts: Organization): boolean {
  const role = facts.users?.find(({ id }) => id === user)?.role ?? "user";
  if (role === "global_admin") return true;
  if (!team) return false;
  if ((team.members ?? []).some((member) => member.user === user && !hasExpired(member))) return true;
  return team.creator === user && grantsOf(role, facts).has("team.create");
}

function expired(holding: Holding): HoldingState | undefined {
  return hasExpired(holding) ? { inEffect: false, kind: "expired", words: "Expired" } : undefined;
}

function inactive({ user }: Holding, { users = [] }: Organization): HoldingState | undefined {
  switch (users.find(({ id }) => id === user)?.status) {
    case "invited":
      return dormant("Has not accepted the invitation");
    case "suspended":
      return dormant("Suspended");
    default:
      return undefined;
  }
}

function dormant(words: string): HoldingState {
  return { inEffect: false, kind: "dormant", words };
}
