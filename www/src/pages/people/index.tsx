// Settings → Team: the people of the organization, their roles, and the actions on them.
import { useMemo, useState } from "react";
import { useLocation, useParams } from "wouter";
import type { Status } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useDirectory, useNames } from "../../data/names";
import { useCommand } from "../../data/use-command";
import { CsvButton } from "../../ui/csv-button";
import { Failure } from "../../ui/failure";
import { Page } from "../../ui/page";
import { SearchField, useFound } from "../../ui/search-field";
import { SelectField } from "../../ui/select-field";
import { Tabs } from "../../ui/tabs";
import { ActionButton } from "../../why/action-button";
import { organizationRoles, roleName, STATUS } from "../../why/words";
import { AddUser } from "./add-user";
import { ChangeRole } from "./change-role";
import { Invitations } from "./invitations";
import { InviteMany } from "./invite-many";
import { PeopleTable } from "./people-table";
import { RemovePerson } from "./remove-person";
import { type PersonRow, peopleRows } from "./rows";
import "./people.css";

type OpenDialog = { kind: "add" | "many" } | { kind: "role" | "remove"; row: PersonRow };

const textOf = ({ words }: PersonRow) => words;

export default function People() {
  const { facts } = useConsole();
  const names = useNames();
  const { value: directory, failure, pending, retry } = useDirectory();
  const command = useCommand();
  const { tab = "people" } = useParams();
  const [, navigate] = useLocation();
  const [dialog, setDialog] = useState<OpenDialog>();
  const closeDialog = () => setDialog(undefined);

  const rows = useMemo(() => peopleRows(facts, names, directory), [facts, names, directory]);
  const invitations = directory?.invitations ?? [];

  return (
    <Page
      title="Team"
      description={`${rows.length} people in the organization`}
      actions={
        <>
          <CsvButton
            busy={pending}
            name="people"
            header={["address", "id", "role", "status", "teams", "last active"]}
            rows={() => rows.map(csvRow)}
          />
          <ActionButton do="user.invite" onClick={() => setDialog({ kind: "many" })}>
            Add several
          </ActionButton>
          <ActionButton do="user.invite" variant="primary" onClick={() => setDialog({ kind: "add" })}>
            Add user
          </ActionButton>
        </>
      }
    >
      <Failure failure={failure} title="E-mail addresses and invitations are missing" onRetry={retry} />
      <Failure failure={command.failure} />
      <Tabs
        label="People and invitations"
        selected={tab === "invitations" ? tab : "people"}
        onSelect={(id) => navigate(id === "people" ? "/settings/team" : `/settings/team/${id}`)}
        tabs={[
          {
            id: "people",
            label: "People",
            content: () => (
              <FoundPeople
                rows={rows}
                activity={directory?.activity !== undefined}
                command={command}
                onRole={(row) => setDialog({ kind: "role", row })}
                onRemove={(row) => setDialog({ kind: "remove", row })}
              />
            ),
          },
          {
            id: "invitations",
            label: `Pending invitations (${invitations.length})`,
            content: () => <Invitations invitations={invitations} command={command} />,
          },
        ]}
      />
      {dialog?.kind === "add" && <AddUser onClose={closeDialog} />}
      {dialog?.kind === "many" && <InviteMany onClose={closeDialog} />}
      {dialog?.kind === "role" && <ChangeRole row={dialog.row} onClose={closeDialog} />}
      {dialog?.kind === "remove" && <RemovePerson row={dialog.row} onClose={closeDialog} />}
    </Page>
  );
}

function FoundPeople({ rows, ...table }: Parameters<typeof PeopleTable>[0]) {
  const { facts } = useConsole();
  const names = useNames();
  const [search, setSearch] = useState("");
  const [role, setRole] = useState("");
  const [status, setStatus] = useState<Status | "">("");
  const [team, setTeam] = useState("");
  const kept = useMemo(
    () =>
      rows.filter(
        (row) =>
          (role === "" || row.user.role === role) &&
          (status === "" || row.status === status) &&
          (team === "" || row.teams.includes(team)),
      ),
    [rows, role, status, team],
  );
  const found = useFound(kept, search, textOf);
  const teams = useMemo(() => [...new Set(rows.flatMap((row) => row.teams))], [rows]);

  return (
    <>
      <div className="toolbar">
        <SearchField label="Find a person" value={search} onChange={setSearch} placeholder="E-mail, role, status or team" />
        <SelectField
          label="Role"
          value={role}
          onChange={setRole}
          options={[{ value: "", label: "Any" }, ...organizationRoles(facts).map((id) => ({ value: id, label: roleName(id) }))]}
        />
        <SelectField
          label="Status"
          value={status}
          onChange={setStatus}
          options={[
            { value: "", label: "Any" },
            ...Object.entries(STATUS).map(([value, label]) => ({ value: value as Status, label })),
          ]}
        />
        {teams.length > 0 && (
          <SelectField
            label="Team"
            value={team}
            onChange={setTeam}
            options={[{ value: "", label: "Any" }, ...teams.map((id) => ({ value: id, label: names.team(id) }))]}
          />
        )}
        <p role="status" className="soft found">
          {found.length === rows.length ? "" : `${found.length} of ${rows.length}`}
        </p>
      </div>
      <PeopleTable rows={found} {...table} />
    </>
  );
}

function csvRow({ name, id, role, status, teamNames, lastActive }: PersonRow): (string | undefined)[] {
  return [
    name,
    id,
    role,
    STATUS[status],
    teamNames,
    lastActive === undefined ? undefined : new Date(lastActive * 1000).toISOString(),
  ];
}
