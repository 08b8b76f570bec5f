// Roles that people hold on a team or an assistant: whether they count just now, and why not.
import type { Assistant, Holding, Organization, Team } from "wicketgate";
import { authorityTime } from "../../lib/clock";
import { grantsOf } from "../../data/role-grants";

export interface HoldingRow extends Holding {
  /** Somebody may hold several. */
  key: string;
  name: string;
  state: HoldingState;
}

/** `sleeps`: it counts again once what the words say has changed. */
export type HoldingState = { counts: true } | { counts: false; kind: "expired" | "sleeps"; words: string };

const COUNTS: HoldingState = { counts: true };

export function membershipState(member: Holding, facts: Organization): HoldingState {
  return expired(member) ?? inactive(member, facts) ?? COUNTS;
}

/** @param seesMembers whether the facts name the members of its team */
export function grantState(grant: Holding, assistant: Assistant, facts: Organization, seesMembers: boolean): HoldingState {
  const known = expired(grant) ?? inactive(grant, facts);
  if (known) return known;
  if (assistant.accessibility === "only_me") return sleeps("Open to its owner only");
  if (seesMembers && assistant.accessibility === "only_team" && !inTeam(grant.user, teamOf(assistant, facts), facts))
    return sleeps("Not in its team");
  return COUNTS;
}

export function hasExpired({ expires = Infinity }: { expires?: number }): boolean {
  return expires <= authorityTime();
}

export function teamOf({ project }: Assistant, { projects = [], teams = [] }: Organization): Team | undefined {
  const home = projects.find(({ id }) => id === project)?.team;
  return teams.find(({ id }) => id === home);
}

/** As the rules count it: a live membership, having created it while one may, or being a global admin. */
export function inTeam(user: string, team: Team | undefined, facts: Organization): boolean {
  const role = facts.users?.find(({ id }) => id === user)?.role ?? "user";
  if (role === "global_admin") return true;
  if (!team) return false;
  if ((team.members ?? []).some((member) => member.user === user && !hasExpired(member))) return true;
  return team.creator === user && grantsOf(role, facts).has("team.create");
}

function expired(holding: Holding): HoldingState | undefined {
  return hasExpired(holding) ? { counts: false, kind: "expired", words: "Expired" } : undefined;
}

function inactive({ user }: Holding, { users = [] }: Organization): HoldingState | undefined {
  switch (users.find(({ id }) => id === user)?.status) {
    case "invited":
      return sleeps("Has not accepted the invitation");
    case "suspended":
      return sleeps("Suspended");
    default:
      return undefined;
  }
}

function sleeps(words: string): HoldingState {
  return { counts: false, kind: "sleeps", words };
}
