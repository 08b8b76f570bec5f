// The two axes of the matrix: all people and all assistants, with the text that is searched.
import type { Accessibility, Organization, Status } from "wicketgate";
import { authorityTime } from "../../lib/clock";
import { roleName } from "../../why/words";

export interface PersonOnAxis {
  id: string;
  name: string;
  role: string;
  status: Status;
  teams: ReadonlySet<string>;
  words: string;
}

export interface AssistantOnAxis {
  id: string;
  name: string;
  /** "Team · project" */
  place: string;
  team: string | undefined;
  accessibility: Accessibility;
  words: string;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

export function peopleOf({ users = [], teams = [] }: Organization): PersonOnAxis[] {
  const memberships = new Map<string, Set<string>>();
  const now = authorityTime();
  for (const team of teams) {
    for (const { user, expires = Infinity } of team.members ?? []) {
      if (expires <= now) continue;
      const held = memberships.get(user) ?? new Set();
      memberships.set(user, held.add(team.id));
    }
  }
  return users
    .map(({ id, email = id, role, status = "active" }) => ({
      id,
      name: email,
      role,
      status,
      teams: memberships.get(id) ?? new Set<string>(),
      words: `${email} ${id} ${roleName(role)}`,
    }))
    .sort((one, other) => collator.compare(one.name, other.name));
}

/** Sorted by team and project, so that related assistants are side by side. */
export function assistantsOf({ assistants = [], projects = [], teams = [] }: Organization): AssistantOnAxis[] {
  const teamNames = new Map(teams.map(({ id, name = id }) => [id, name]));
  const places = new Map(
    projects.map(({ id, name = id, team }) => [id, { team, place: `${teamNames.get(team) ?? team} · ${name}` }]),
  );
  return assistants
    .map(({ id, name = id, project = "", accessibility }) => {
      const { team, place } = places.get(project) ?? { team: undefined, place: "Elsewhere" };
      return { id, name, place, team, accessibility, words: `${name} ${id} ${place}` };
    })
    .sort((one, other) => collator.compare(one.place, other.place) || collator.compare(one.name, other.name));
}
