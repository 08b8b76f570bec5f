// The projects in which the reader may create assistants, or why there are none.
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
      return [
        projects,
        "Every assistant is in a project, and your teams have no projects yet. Create one on the page of the team.",
      ];
    if (facts.plan?.withholds?.includes("assistant.create"))
      return [projects, "The organization’s plan does not include creating assistants. Ask a global admin."];
    return [
      projects,
      "Members of a team create assistants, and none of your teams lets you. Ask the owner of a team or an administrator.",
    ];
  }, [me, facts, names]);
}
