// The assistants that the reader may see, with search, filters and a button for a new one.
import { useMemo, useState } from "react";
import { Link } from "wouter";
import type { Accessibility } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { useNames } from "../../data/names";
import { Badge } from "../../ui/badge";
import { type Column, DataTable } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { Page } from "../../ui/page";
import { SearchField, useFound } from "../../ui/search-field";
import { SelectField } from "../../ui/select-field";
import { DeniableButton } from "../../why/action-button";
import { ACCESSIBILITY } from "../../why/words";
import { CreateAssistant } from "./create-assistant";
import { type AssistantRow, TONES, visibleAssistants } from "./rows";
import { useProjectsForNew } from "./use-projects-for-new";
import "../shared/shared.css";
import "./assistants.css";

const COLUMNS: Column<AssistantRow>[] = [
  {
    id: "name",
    header: "Name",
    value: ({ name }) => name,
    cell: ({ id, name, place }) => (
      <>
        <Link href={`/assistants/${encodeURIComponent(id)}`}>{name}</Link>
        <span className="soft below-tablet">{place}</span>
      </>
    ),
  },
  { id: "place", header: "Team and project", value: ({ place }) => place, from: "tablet" },
  { id: "relation", header: "Your role", value: ({ relation }) => relation, width: "10rem", from: "desktop" },
  {
    id: "accessibility",
    header: "Open to",
    value: ({ accessibility }) => ACCESSIBILITY[accessibility],
    width: "8rem",
    cell: ({ accessibility }) => <Badge tone={TONES[accessibility]}>{ACCESSIBILITY[accessibility]}</Badge>,
  },
];

const OWNERS = [
  { value: "", label: "Anybody" },
  { value: "mine", label: "Me" },
] as const;

const textOf = ({ name, place }: AssistantRow) => `${name} ${place}`;

export default function Assistants() {
  const { me, facts, subject } = useConsole();
  const names = useNames();
  const [search, setSearch] = useState("");
  const [team, setTeam] = useState("");
  const [accessibility, setAccessibility] = useState<Accessibility | "">("");
  const [owner, setOwner] = useState<"" | "mine">("");
  const [creating, setCreating] = useState(false);
  const [projects, whyNot] = useProjectsForNew();

  const rows = useMemo(() => visibleAssistants(me, facts, names, subject), [me, facts, names, subject]);
  const teams = useMemo(
    () =>
      [...new Set(rows.map((row) => row.team))]
        .filter((id) => id !== undefined)
        .sort((one, other) => names.team(one).localeCompare(names.team(other))),
    [rows, names],
  );
  const kept = useMemo(
    () =>
      rows.filter(
        (row) =>
          (team === "" || row.team === team) &&
          (accessibility === "" || row.accessibility === accessibility) &&
          (owner === "" || row.mine),
      ),
    [rows, team, accessibility, owner],
  );
  const found = useFound(kept, search, textOf);

  return (
    <Page
      title="Assistants"
      description={`${rows.length} visible to you`}
      actions={
        <DeniableButton variant="primary" whyNot={whyNot} onClick={() => setCreating(true)}>
          New assistant
        </DeniableButton>
      }
    >
      <div className="toolbar">
        <SearchField label="Search" value={search} onChange={setSearch} placeholder="Name, team or project" />
        {teams.length > 1 && (
          <SelectField
            label="Team"
            value={team}
            onChange={setTeam}
            options={[{ value: "", label: "Any" }, ...teams.map((id) => ({ value: id as string, label: names.team(id) }))]}
          />
        )}
        <SelectField
          label="Open to"
          value={accessibility}
          onChange={setAccessibility}
          options={[
            { value: "", label: "Any" },
            ...Object.entries(ACCESSIBILITY).map(([value, label]) => ({ value: value as Accessibility, label })),
          ]}
        />
        <SelectField label="Owner" value={owner} onChange={setOwner} options={OWNERS} />
        <p role="status" className="soft found">
          {found.length === rows.length ? "" : `${found.length} of ${rows.length}`}
        </p>
      </div>
      <DataTable
        caption="Assistants"
        columns={COLUMNS}
        rows={found}
        rowId={({ id }) => id}
        initialSort={{ column: "name" }}
        empty={
          rows.length === 0 ? (
            <Empty title="You see no assistants.">
              <p>Assistants appear here when you join a team, or when somebody shares one with you.</p>
            </Empty>
          ) : (
            <Empty title={search.trim() === "" ? "No assistant matches." : `No assistant matches “${search.trim()}”.`}>
              <p>Change the search or the filters.</p>
            </Empty>
          )
        }
      />
      {creating && <CreateAssistant projects={projects} onClose={() => setCreating(false)} />}
    </Page>
  );
}
