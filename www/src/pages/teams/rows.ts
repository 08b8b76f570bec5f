// The teams that the reader may see, with the number of things that they see in each.
import type { Organization, Principal } from "wicketgate";
import type { Names } from "../../data/names";
import { roleName } from "../../why/words";
import { hasExpired } from "../shared/holdings";

export interface TeamRow {
  id: string;
  name: string;
  /** The reader's role in it: "Owner". */
  relation: string;
  /** `undefined` if the reader sees only their own membership. */
  members: number | undefined;
  projects: number;
  assistants: number;
}

export function teamRows(me: Principal, { teams = [], projects = [], assistants = [] }: Organization, names: Names): TeamRow[] {
  const home = new Map(projects.map(({ id, team }) => [id, team]));
  const count = (ids: (string | undefined)[]) => {
    const counts = new Map<string, number>();
    for (const id of ids) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  };
  const inTeams = count(projects.map(({ team }) => team));
  const visible = new Set(me.list("assistant.view"));
  const within = count(assistants.filter(({ id }) => visible.has(id)).map(({ project }) => home.get(project ?? "")));
  return teams.map(({ id, members = [] }) => ({
    id,
    name: names.team(id),
    relation: relationTo(id, me),
    members: me.can("team.manage_members", id)
      ? new Set(members.filter((member) => !hasExpired(member)).map(({ user }) => user)).size
      : undefined,
    projects: inTeams.get(id) ?? 0,
    assistants: within.get(id) ?? 0,
  }));
}

function relationTo(team: string, me: Principal): string {
  const decision = me.check("team.view", team);
  const because = decision.allowed ? decision.because : [];
  const closest = because.find(({ relation }) => relation.startsWith("team_")) ?? because[0];
  if (!closest) return "Not a member";
  switch (closest.relation) {
    case "team_owner":
      return "Owner";
    case "team_viewer":
      return "Viewer";
    case "global_admin":
      return "Global admin";
    default:
      return roleName(closest.role ?? "");
  }
}
