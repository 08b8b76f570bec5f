// Names for ids: the e-mail address of a person, the name of a team, project, assistant or API key. The id itself where there is no name.
import { useMemo } from "react";
import type { Directory } from "./api";
import { useConsole } from "./console-context";
import { type FeedResult, useFeed } from "./feed";

export interface Names {
  person: (id: string) => string;
  team: (id: string) => string;
  project: (id: string) => string;
  assistant: (id: string) => string;
  api_key: (id: string) => string;
  /** "Team · project"; "Elsewhere" for a project that the reader does not see. */
  place: (project: string | undefined) => string;
}

/** Addresses, invitations, activity and API keys. Not requested for people who may not have them. */
export function useDirectory(): FeedResult<Directory> {
  const { directory, version, me } = useConsole();
  return useFeed(
    directory,
    version,
    (["panel.user_settings", "user.invite", "panel.api_keys"] as const).some((capability) => me.can(capability)),
  );
}

export function useNames(): Names {
  const { facts } = useConsole();
  const { value } = useDirectory();
  return useMemo(() => {
    const people = new Map(
      [...(facts.users ?? []), ...(value?.organization.users ?? [])].map(({ id, email }) => [id, email ?? id]),
    );
    const [teams, projects, assistants] = [facts.teams, facts.projects, facts.assistants].map(
      (things: { id: string; name?: string }[] = []) => new Map(things.map(({ id, name }) => [id, name ?? id])),
    ) as [Map<string, string>, Map<string, string>, Map<string, string>];
    const keys = new Map(value?.api_keys?.map(({ id, name }) => [id, name]));
    const teamOfProject = new Map(facts.projects?.map(({ id, team }) => [id, team]));
    const team = (id: string) => teams.get(id) ?? id;
    const project = (id: string) => projects.get(id) ?? id;
    return {
      person: (id) => people.get(id) ?? id,
      team,
      project,
      assistant: (id) => assistants.get(id) ?? id,
      api_key: (id) => keys.get(id) ?? id,
      place: (id) => (id !== undefined && teamOfProject.has(id) ? `${team(teamOfProject.get(id)!)} · ${project(id)}` : "Elsewhere"),
    };
  }, [facts, value]);
}
