// Confirms that a team or a project is deleted, with everything in it.
import { useConsole } from "../../data/console-context";
import { DeleteWithContent } from "./delete-with-content";

interface Props {
  id: string;
  name: string;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteTeam({ id, name, ...handlers }: Props) {
  const { facts } = useConsole();
  const projects = (facts.projects ?? []).filter(({ team }) => team === id);
  return (
    <DeleteWithContent
      {...handlers}
      name={name}
      projects={projects.map((project) => project.id)}
      assistants={assistantsIn(
        projects.map((project) => project.id),
        facts.assistants,
      )}
      command={(cascade) => ({ type: "delete_team", team: id, ...(cascade && { cascade }) })}
      also="Its members lose the access that the team gives them. They stay in the organization."
    />
  );
}

export function DeleteProject({ id, name, ...handlers }: Props) {
  const { facts } = useConsole();
  return (
    <DeleteWithContent
      {...handlers}
      name={name}
      projects={[]}
      assistants={assistantsIn([id], facts.assistants)}
      command={(cascade) => ({ type: "delete_project", project: id, ...(cascade && { cascade }) })}
    />
  );
}

function assistantsIn(projects: string[], assistants: readonly { id: string; project?: string }[] = []): string[] {
  return assistants.filter(({ project }) => project !== undefined && projects.includes(project)).map(({ id }) => id);
}
