// The teams that the person may see.
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { ActionTable } from "../../ui/action-table";
import type { Column } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { Page } from "../../ui/page";
import { SearchField, useFound } from "../../ui/search-field";
import { ActionButton } from "../../why/action-button";
import { explain } from "../../why/explain";
import { RenameDialog } from "../shared/rename-dialog";
import { CreateTeam } from "./create-team";
import { DeleteTeam } from "./delete-team";
import { type TeamRow, teamRows } from "./rows";
import "../shared/shared.css";

const COLUMNS: Column<TeamRow>[] = [
  {
    id: "name",
    header: "Name",
    value: ({ name }) => name,
    cell: ({ id, name, relation }) => (
      <>
        <Link href={`/teams/${encodeURIComponent(id)}`}>{name}</Link>
        <span className="soft below-tablet">{relation}</span>
      </>
    ),
  },
  { id: "relation", header: "Your role", value: ({ relation }) => relation, width: "11rem", from: "tablet" },
  { id: "members", header: "Members", value: ({ members }) => members ?? "–", width: "7rem", align: "end", from: "tablet" },
  { id: "projects", header: "Projects", value: ({ projects }) => projects, width: "6.5rem", align: "end" },
  { id: "assistants", header: "Assistants", value: ({ assistants }) => assistants, width: "7rem", align: "end", from: "tablet" },
];

const textOf = ({ name }: TeamRow) => name;

export default function Teams() {
  const context = useConsole();
  const { me, facts } = context;
  const names = useNames();
  const [search, setSearch] = useState("");
  const [dialog, setDialog] = useState<{ kind: "create" } | { kind: "rename" | "delete"; row: TeamRow }>();
  const closeDialog = () => setDialog(undefined);
  const rows = useMemo(() => teamRows(me, facts, names), [me, facts, names]);
  const found = useFound(rows, search, textOf);

  function whyNot(capability: "team.edit" | "team.delete", id: string): string | undefined {
    const decision = me.check(capability, id);
    return decision.allowed ? undefined : explain(decision, [capability, id], context, names);
  }

  return (
    <Page
      title="Teams"
      description="A team has members, each with a role, and projects, which contain assistants."
      actions={
        <ActionButton do="team.create" variant="primary" onClick={() => setDialog({ kind: "create" })}>
          New team
        </ActionButton>
      }
    >
      {rows.length > 0 && (
        <div className="toolbar">
          <SearchField label="Search" value={search} onChange={setSearch} placeholder="Name" />
        </div>
      )}
      <ActionTable
        caption="Teams"
        columns={COLUMNS}
        rows={found}
        rowId={({ id }) => id}
        rowName={({ name }) => name}
        initialSort={{ column: "name" }}
        actions={(row) => [
          {
            id: "rename",
            label: "Rename",
            whyNot: whyNot("team.edit", row.id),
            onAction: () => setDialog({ kind: "rename", row }),
          },
          {
            id: "delete",
            label: "Delete",
            danger: true,
            whyNot: whyNot("team.delete", row.id),
            onAction: () => setDialog({ kind: "delete", row }),
          },
        ]}
        empty={
          rows.length === 0 ? (
            <Empty title="You are not in a team.">
              <p>The owner of a team can add you.</p>
            </Empty>
          ) : (
            <Empty title={`No team matches “${search.trim()}”.`} />
          )
        }
      />
      {dialog?.kind === "create" && <CreateTeam onClose={closeDialog} />}
      {dialog?.kind === "rename" && (
        <RenameDialog
          name={dialog.row.name}
          command={(name) => ({ type: "edit_team", team: dialog.row.id, name })}
          onClose={closeDialog}
        />
      )}
      {dialog?.kind === "delete" && <DeleteTeam id={dialog.row.id} name={dialog.row.name} onClose={closeDialog} />}
    </Page>
  );
}
