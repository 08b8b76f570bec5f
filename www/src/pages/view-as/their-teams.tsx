// The teams that the person sees, with their projects and buttons.
import type { Organization, Principal } from "wicketgate";
import { Empty } from "../../ui/empty";
import { TheirButtons } from "./their-buttons";
import type { TheirTeam } from "./their-console";

interface Props {
  teams: TheirTeam[];
  principal: Principal;
  name: string;
  facts: Organization;
}

export function TheirTeams({ teams, ...shared }: Props) {
  if (teams.length === 0) return <Empty title="They see no teams." />;
  return teams.map(({ id, name, projects }) => (
    <details key={id} className="card their-team" open={teams.length === 1}>
      <summary>
        <h2>{name}</h2>
        <span className="soft">{projects.length === 1 ? "1 project" : `${projects.length} projects`}</span>
      </summary>
      <TheirButtons {...shared} kind="team" target={id} />
      {projects.map((project) => (
        <section key={project.id} aria-label={project.name}>
          <h3>{project.name}</h3>
          <TheirButtons {...shared} kind="project" target={project.id} />
        </section>
      ))}
    </details>
  ));
}
