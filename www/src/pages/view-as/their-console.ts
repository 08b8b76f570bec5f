// What a person's own snapshot would show them, derived from the snapshot of the whole organization.
import type { Accessibility, Organization, Principal } from "wicketgate";

export interface TheirAssistant {
  id: string;
  name: string;
  place: string;
  accessibility: Accessibility;
}

export interface TheirTeam {
  id: string;
  name: string;
  /** The projects that they see in it. */
  projects: { id: string; name: string }[];
}

export function theirAssistants(
  principal: Principal,
  { assistants = [], projects = [], teams = [] }: Organization,
): TheirAssistant[] {
  const visible = new Set<string>(principal.list("assistant.view"));
  const teamNames = new Map(teams.map(({ id, name = id }) => [id, name]));
  const places = new Map(
    projects.map(({ id, name = id, team }) => [id, { team, text: `${teamNames.get(team) ?? team} · ${name}` }]),
  );
  return assistants
    .filter(({ id }) => visible.has(id))
    .map(({ id, name = id, project = "", accessibility }) => {
      const place = places.get(project);
      // People without a capability on the team or the project do not see its name.
      const visiblePlace =
        place && (principal.capabilities({ team: place.team }).length > 0 || principal.capabilities({ project }).length > 0);
      return { id, name, place: visiblePlace ? place.text : "Elsewhere", accessibility };
    });
}

export function theirTeams(principal: Principal, { teams = [], projects = [] }: Organization): TheirTeam[] {
  const theirs = new Map<string, TheirTeam["projects"]>();
  for (const { id, name = id, team } of projects) {
    if (principal.capabilities({ project: id }).length > 0) theirs.set(team, [...(theirs.get(team) ?? []), { id, name }]);
  }
  return teams
    .filter(({ id }) => theirs.has(id) || principal.capabilities({ team: id }).length > 0)
    .map(({ id, name = id }) => ({ id, name, projects: theirs.get(id) ?? [] }));
}
