// The audit log: who did what and when, and whether the log is unchanged.
import { useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useSearchParams } from "wouter";
import { useConsole } from "../../data/console-context";
import { useDirectory, useNames } from "../../data/names";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Page } from "../../ui/page";
import { Export } from "./export";
import { NO_FILTER, type Filter, isNarrow, matching, reaches } from "./filter";
import { Filters } from "./filters";
import { type FetchedEntries, FetchedLog } from "./fetched-log";
import { LogTable } from "./log-table";
import { OlderEntries } from "./older-entries";
import { useRows } from "./rows";
import type { RefKind } from "./sentences";
import { Verification } from "./verification";
import type { Verdict } from "./verify";
import "./audit.css";

export default function Audit() {
  const { facts, version } = useConsole();
  const { log, fetched } = useLog(version);
  const names = useNames();
  const { pending } = useDirectory();
  const { rows, nameOf } = useRows(fetched.entries, names);
  const [filter, setFilter] = useState(useInitialFilter());
  const [verdict, setVerdict] = useState<Verdict>();
  const applied = useDeferredValue(filter);
  const found = useMemo(() => matching(rows, applied), [rows, applied]);
  const people = useMemo(() => peopleIn(facts.users ?? [], rows), [facts, rows]);
  const hasPage = useMemo(() => pageLookup(facts), [facts]);

  const complete = fetched.entries[0]?.version === 1;
  const more = !complete && !reaches(rows, applied);
  const end = more && <OlderEntries log={log} filtered={isNarrow(applied)} {...fetched} />;

  return (
    <Page
      title="Audit log"
      description={`${new Intl.NumberFormat().format(Math.max(version, fetched.entries.at(-1)?.version ?? 0))} entries: who did what, and when`}
      actions={<Export pending={pending} log={log} version={version} rows={() => found} nameOf={() => nameOf} />}
    >
      <Verification log={log} version={version} onVerdict={setVerdict} />
      <Filters filter={filter} onChange={setFilter} people={people} />
      {fetched.entries.length === 0 && !fetched.failure ? (
        <Loading what="Loading the log" />
      ) : (
        <>
          {fetched.entries.length === 0 && (
            <Failure failure={fetched.failure} title="The log could not be fetched" onRetry={() => void log.reach(version)} />
          )}
          {isNarrow(applied) && (
            <p role="status" className="soft">
              {found.length === 1 ? "One entry matches" : `${found.length} entries match`}
              {more ? ", so far" : ""}.
            </p>
          )}
          {fetched.entries.length > 0 && (
            <LogTable
              rows={found}
              nameOf={nameOf}
              hasPage={hasPage}
              misfit={verdict && !verdict.fits && verdict.kind === "broken" ? verdict.version : undefined}
              empty={
                <Empty title={more ? "No newer entry matches." : "No entry matches."}>{end || <p>Change the filter.</p>}</Empty>
              }
              end={end}
            />
          )}
        </>
      )}
    </Page>
  );
}

/** The log, which grows while the page is open. */
function useLog(version: number): { log: FetchedLog; fetched: FetchedEntries } {
  const [log] = useState(() => new FetchedLog());
  const fetched = useSyncExternalStore(log.subscribe, log.read);
  useEffect(() => void log.reach(version), [log, version]);
  return { log, fetched };
}

/** The filter in the address, for links from other pages: ?thing=helper */
function useInitialFilter(): Filter {
  const [parameters] = useSearchParams();
  return {
    ...NO_FILTER,
    thing: parameters.get("thing") ?? "",
    person: parameters.get("person") ?? undefined,
    kind: parameters.get("kind") ?? "",
  };
}

/** The people to choose from: those in the facts, and those in the log. */
function peopleIn(users: readonly { id: string; role: string }[], rows: readonly { people: ReadonlySet<string> }[]) {
  const ids = new Set(users.map(({ id }) => id));
  for (const { people } of rows) for (const id of people) ids.add(id);
  return [...ids].map((id) => ({ id, role: "user" }));
}

function pageLookup({
  teams = [],
  assistants = [],
}: ReturnType<typeof useConsole>["facts"]): (kind: RefKind, id: string) => boolean {
  const pages: Partial<Record<RefKind, Set<string>>> = {
    team: new Set(teams.map(({ id }) => id)),
    assistant: new Set(assistants.map(({ id }) => id)),
  };
  return (kind, id) => pages[kind]?.has(id) ?? false;
}
