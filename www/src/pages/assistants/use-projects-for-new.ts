// Where the reader may create assistants: in which projects, or why in none.
import { useMemo } from "react";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";

export function useProjectsForNew(): [projects: { value: string; label: string }[], whyNot: string | undefined] {
  const { me, facts } = useConsole();
  const names = useNames();
  return useMemo(() => {
    const teams = new Set(me.list("assistant.create"));
    const projects = (facts.projects ?? [])
      .filter(({ team }) => teams.has(team))
      .map(({ id }) => ({ value: id as string, label: names.place(id) }))
      .sort((one, other) => one.label.localeCompare(other.label));
    if (projects.length > 0) return [projects, undefined];
    if (teams.size > 0)
      return [projects, "Assistants are in projects, and your teams have none yet: create one on the page of the team."];
    if (facts.plan?.withholds?.includes("assistant.create"))
      return [projects, "The organization’s plan does not include creating assistants: ask a global admin."];
    return [
      projects,
      "Assistants are created by the members of a team, and you are in none that lets you: ask the owner of a team, or an administrator.",
    ];
  }, [me, facts, names]);
}
