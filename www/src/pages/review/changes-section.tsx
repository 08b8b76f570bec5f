// What changed since an earlier review.
import { useMemo, useState } from "react";
import { Link } from "wouter";
import type { Review } from "../../data/api";
import { useNames } from "../../data/names";
import type { Overview } from "../../data/overview";
import { ActionTable } from "../../ui/action-table";
import { Badge } from "../../ui/badge";
import { type CsvCell, CsvButton } from "../../ui/csv-button";
import type { Column } from "../../ui/data-table";
import { DialogForm } from "../../ui/dialog";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { SearchField, useFound } from "../../ui/search-field";
import { SelectField } from "../../ui/select-field";
import { labelsOf } from "../../data/capabilities";
import { listOf } from "../../lib/sentences";
import { timeInWords } from "../../lib/time";
import { type ChangeRow, changesSince } from "./changes";
import { useOverviewAt } from "./reviews";

/** At most this many people are named in a row. */
const NAMED = 3;

const textOf = ({ people, on, target = "", gained, lost }: ChangeRow) =>
  `${people.join(" ")} ${on} ${target} ${labelsOf(gained)} ${labelsOf(lost)}`;

export function ChangesSection({ overview, reviews }: { overview: Overview; reviews: readonly Review[] }) {
  const kept = reviews.filter(({ snapshot }) => snapshot);
  const [chosen, setChosen] = useState<string>();
  const since = kept.find(({ version }) => String(version) === chosen) ?? kept[0];
  if (!since) {
    return (
      <Empty title="There are no reviews yet.">
        <p>Mark this review as done. After that, this tab shows who gained or lost access since then.</p>
      </Empty>
    );
  }
  return (
    <div className="page">
      {kept.length > 1 && (
        <div className="toolbar">
          <SelectField
            label="Since the review of"
            value={String(since.version)}
            onChange={setChosen}
            options={kept.map(({ version, at }) => ({ value: String(version), label: timeInWords(at) }))}
          />
        </div>
      )}
      <ChangesSince key={since.version} overview={overview} review={since} />
    </div>
  );
}

function ChangesSince({ overview, review }: { overview: Overview; review: Review }) {
  const names = useNames();
  const { value: then, failure, retry } = useOverviewAt(review.version);
  const rows = useMemo(() => (then ? changesSince(overview, then, names) : []), [overview, then, names]);
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState<ChangeRow>();
  const found = useFound(rows, search, textOf);

  if (failure) return <Failure failure={failure} title="The state at that review could not be fetched" onRetry={retry} />;
  if (!then) return <Loading what="Comparing" />;
  return (
    <>
      {rows.length > 0 && (
        <div className="toolbar">
          <SearchField label="Search these" value={search} onChange={setSearch} placeholder="Name, right" />
          <CsvButton
            name={`access-changes-${new Date().toISOString().slice(0, 10)}`}
            label="Export these changes"
            header={HEADER}
            rows={() => rows.flatMap(csvRows)}
          />
        </div>
      )}
      <ActionTable
        caption={`Changes since ${timeInWords(review.at)}`}
        columns={COLUMNS}
        rows={found}
        rowId={({ key }) => key}
        rowName={({ people, on }) => `${listOf(people, NAMED)}, ${on}`}
        actions={(row) => [{ id: "people", label: "Show everybody affected", onAction: () => setShown(row) }]}
        empty={<Empty title={rows.length > 0 ? "No matches." : `Nobody gained or lost access since ${timeInWords(review.at)}.`} />}
      />
      {shown && (
        <DialogForm
          title={`${shown.people.length === 1 ? "One person" : `${shown.people.length} people`}: ${shown.on}`}
          onClose={() => setShown(undefined)}
        >
          <GainedAndLost {...shown} />
          <ul className="everybody" tabIndex={0} aria-label="People">
            {shown.people.map((person) => (
              <li key={person}>{person}</li>
            ))}
          </ul>
        </DialogForm>
      )}
    </>
  );
}

const HEADER = ["person", "gained", "lost", "on", "on (id)"];

function csvRows({ people, gained, lost, kind, on, target }: ChangeRow): CsvCell[][] {
  return people.map((person) => [person, labelsOf(gained), labelsOf(lost), on, target && `${kind}:${target}`]);
}

const COLUMNS: Column<ChangeRow>[] = [
  {
    id: "who",
    header: "Who",
    value: ({ people }) => people[0],
    cell: ({ people, on }) => (
      <>
        {listOf(people, NAMED)}
        <span className="soft below-tablet">{on}</span>
      </>
    ),
  },
  { id: "what", header: "Gained or lost", cell: (row) => <GainedAndLost {...row} /> },
  { id: "on", header: "On", value: ({ on }) => on, cell: (row) => <On {...row} />, width: "14rem", from: "tablet" },
];

const PAGES = { team: "/teams", assistant: "/assistants" } as const;

function On({ kind, target, on, exists }: ChangeRow) {
  const page = kind === "team" || kind === "assistant" ? PAGES[kind] : undefined;
  if (target === undefined || (exists && page === undefined)) return on;
  return exists ? (
    <Link href={`${page}/${encodeURIComponent(target)}`}>{on}</Link>
  ) : (
    <>
      {on}
      <div className="soft">Deleted</div>
    </>
  );
}

function GainedAndLost({ gained, lost }: Pick<ChangeRow, "gained" | "lost">) {
  return (
    <div className="gains">
      {gained.length > 0 && (
        <p>
          <Badge tone="good">Gained</Badge> {labelsOf(gained)}
        </p>
      )}
      {lost.length > 0 && (
        <p>
          <Badge tone="bad">Lost</Badge> {labelsOf(lost)}
        </p>
      )}
    </div>
  );
}
