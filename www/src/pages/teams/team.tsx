// One team: its members, its projects, and what the person may do in it.
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { Empty } from "../../ui/empty";
import { Page } from "../../ui/page";
import { Tabs } from "../../ui/tabs";
import { ActionButton } from "../../why/action-button";
import { capabilitiesOf } from "../../data/capabilities";
import { RightsList } from "../../why/rights-list";
import { RenameDialog } from "../shared/rename-dialog";
import { DeleteTeam } from "./delete-team";
import { MembersTab } from "./members-tab";
import { ProjectsTab } from "./projects-tab";
import { teamRows } from "./rows";
import "../shared/shared.css";

const PARENT = { title: "Teams", path: "/teams" };

export default function TeamPage() {
  const { id = "", tab = "members" } = useParams();
  const { me, facts } = useConsole();
  const names = useNames();
  const [, navigate] = useLocation();
  const [dialog, setDialog] = useState<"rename" | "delete">();
  const closeDialog = () => setDialog(undefined);
  const team = facts.teams?.find((one) => one.id === id);
  if (!team) {
    return (
      <Page title="Team" parent={PARENT}>
        <Empty title="This team does not exist, or you can’t see it.">
          <p>The owner of a team can add you.</p>
        </Empty>
      </Page>
    );
  }

  const name = names.team(id);
  const relation = teamRows(me, { ...facts, teams: [team] }, names)[0]?.relation;
  const projects = (facts.projects ?? []).filter((project) => project.team === id);
  const tabs = [
    { id: "members", label: "Members", content: () => <MembersTab team={team} /> },
    { id: "projects", label: `Projects (${projects.length})`, content: () => <ProjectsTab team={team} projects={projects} /> },
    {
      id: "rights",
      label: "What you may do",
      content: () => (
        <section className="card">
          <h2>What you may do here</h2>
          <RightsList questions={capabilitiesOf("team").map((capability) => [capability, id])} />
        </section>
      ),
    },
  ];
  return (
    <Page
      title={name}
      parent={PARENT}
      description={`Your role: ${relation}`}
      actions={
        <>
          <ActionButton do="team.edit" on={id} onClick={() => setDialog("rename")}>
            Rename
          </ActionButton>
          <ActionButton do="team.delete" on={id} variant="danger" onClick={() => setDialog("delete")}>
            Delete
          </ActionButton>
        </>
      }
    >
      <Tabs
        label="About this team"
        tabs={tabs}
        selected={tabs.some((one) => one.id === tab) ? tab : "members"}
        onSelect={(next) => navigate(`/teams/${encodeURIComponent(id)}${next === "members" ? "" : `/${next}`}`)}
      />
      {dialog === "rename" && (
        <RenameDialog name={name} command={(wanted) => ({ type: "edit_team", team: id, name: wanted })} onClose={closeDialog} />
      )}
      {dialog === "delete" && <DeleteTeam id={id} name={name} onClose={closeDialog} onDeleted={() => navigate("/teams")} />}
    </Page>
  );
}
