// The projects of a team, and their assistants.
import { useMemo, useState } from "react";
import { limits } from "wicketgate/contract";
import { Link } from "wouter";
import type { Project, Team } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { ActionTable } from "../../ui/action-table";
import type { Column } from "../../ui/data-table";
import { DialogForm } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { TextField } from "../../ui/text-field";
import { ActionButton } from "../../why/action-button";
import { explain } from "../../why/explain";
import { RenameDialog } from "../shared/rename-dialog";
import { DeleteProject } from "./delete-team";

interface ProjectRow {
  id: string;
  name: string;
  /** The assistants that the reader sees. */
  assistants: { id: string; name: string }[];
}

/** At most this many are named. */
const NAMED = 5;

const COLUMNS: Column<ProjectRow>[] = [
  {
    id: "name",
    header: "Project",
    value: ({ name }) => name,
    cell: ({ name, assistants }) => (
      <>
        {name}
        <span className="soft below-tablet">{assistants.length === 1 ? "1 assistant" : `${assistants.length} assistants`}</span>
      </>
    ),
  },
  { id: "count", header: "Assistants", value: ({ assistants }) => assistants.length, width: "7rem", align: "end", from: "tablet" },
  {
    id: "assistants",
    header: "Names",
    cell: ({ assistants }) => <AssistantNames assistants={assistants} />,
    width: "50%",
    from: "tablet",
  },
];

export function ProjectsTab({ team, projects }: { team: Team; projects: readonly Project[] }) {
  const context = useConsole();
  const { me, facts } = context;
  const names = useNames();
  const [dialog, setDialog] = useState<{ kind: "create" } | { kind: "rename" | "delete"; row: ProjectRow }>();
  const closeDialog = () => setDialog(undefined);
  const rows = useMemo(() => {
    const visible = new Set(me.list("assistant.view"));
    return projects.map(
      ({ id }): ProjectRow => ({
        id,
        name: names.project(id),
        assistants: (facts.assistants ?? [])
          .filter((one) => one.project === id && visible.has(one.id))
          .map((one) => ({ id: one.id, name: names.assistant(one.id) })),
      }),
    );
  }, [me, facts, projects, names]);

  function whyNot(capability: "project.edit" | "project.delete", id: string): string | undefined {
    const decision = me.check(capability, id);
    return decision.allowed ? undefined : explain(decision, [capability, id], context, names);
  }

  return (
    <section className="card">
      <div className="card-head">
        <div>
          <h2>Projects</h2>
          <p className="soft">Each assistant is in one project, and so in the project’s team.</p>
        </div>
        <ActionButton do="project.create" on={team.id} variant="primary" onClick={() => setDialog({ kind: "create" })}>
          New project
        </ActionButton>
      </div>
      <ActionTable
        caption="Projects"
        columns={COLUMNS}
        rows={rows}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        initialSort={{ column: "name" }}
        actions={(row) => [
          {
            id: "rename",
            label: "Rename",
            whyNot: whyNot("project.edit", row.id),
            onAction: () => setDialog({ kind: "rename", row }),
          },
          {
            id: "delete",
            label: "Delete",
            danger: true,
            whyNot: whyNot("project.delete", row.id),
            onAction: () => setDialog({ kind: "delete", row }),
          },
        ]}
        empty={
          <Empty title="There are no projects yet.">
            <p>Create one first: every assistant is in a project.</p>
          </Empty>
        }
      />
      {dialog?.kind === "create" && <CreateProject team={team.id} onClose={closeDialog} />}
      {dialog?.kind === "rename" && (
        <RenameDialog
          name={dialog.row.name}
          command={(name) => ({ type: "edit_project", project: dialog.row.id, name })}
          onClose={closeDialog}
        />
      )}
      {dialog?.kind === "delete" && <DeleteProject id={dialog.row.id} name={dialog.row.name} onClose={closeDialog} />}
    </section>
  );
}

function AssistantNames({ assistants }: Pick<ProjectRow, "assistants">) {
  const rest = assistants.length - NAMED;
  return (
    <span className="soft">
      {assistants.slice(0, NAMED).map(({ id, name }, at) => (
        <span key={id}>
          {at > 0 && ", "}
          <Link href={`/assistants/${encodeURIComponent(id)}`}>{name}</Link>
        </span>
      ))}
      {rest > 0 && ` and ${rest} more`}
    </span>
  );
}

function CreateProject({ team, onClose }: { team: string; onClose: () => void }) {
  const names = useNames();
  const command = useCommand();
  const [name, setName] = useState("");

  async function create(): Promise<void> {
    if (await command.send({ type: "create_project", team, name: name.trim() }, () => `The project ${name.trim()} is created.`))
      onClose();
  }

  return (
    <DialogForm
      title={`New project in ${names.team(team)}`}
      submit="Create"
      busy={command.busy}
      failure={command.failure}
      onSubmit={() => void create()}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} required maxLength={limits.nameCharacters} autoFocus />
    </DialogForm>
  );
}
