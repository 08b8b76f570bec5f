// The audit log: who did what and when, and whether that is what was written.
import { useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useSearchParams } from "wouter";
import { useConsole } from "../../data/console-context";
import { useDirectory, useNames } from "../../data/names";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Page } from "../../ui/page";
import { Export } from "./export";
import { ANYTHING, type Filter, isNarrow, matching, reaches } from "./filter";
import { Filters } from "./filters";
import { type Fetched, History } from "./fetched-log";
import { LogTable } from "./log-table";
import { OlderEntries } from "./older-entries";
import { useRows } from "./rows";
import type { RefKind } from "./sentences";
import { Verification } from "./verification";
import type { Verdict } from "./verify";
import "./audit.css";

export default function Audit() {
  const { facts, version } = useConsole();
  const { history, fetched } = useLog(version);
  const names = useNames();
  const { pending } = useDirectory();
  const { rows, call } = useRows(fetched.entries, names);
  const [filter, setFilter] = useState(useAsked());
  const [verdict, setVerdict] = useState<Verdict>();
  const looked = useDeferredValue(filter);
  const found = useMemo(() => matching(rows, looked), [rows, looked]);
  const people = useMemo(() => everybody(facts.users ?? [], rows), [facts, rows]);
  const there = useMemo(() => whatIsThere(facts), [facts]);

  const complete = fetched.entries[0]?.version === 1;
  const more = !complete && !reaches(rows, looked);
  const end = more && <OlderEntries history={history} looking={isNarrow(looked)} {...fetched} />;

  return (
    <Page
      title="Audit log"
      description={`${new Intl.NumberFormat().format(Math.max(version, fetched.entries.at(-1)?.version ?? 0))} entries: who did what, and when`}
      actions={<Export pending={pending} history={history} version={version} rows={() => found} call={() => call} />}
    >
      <Verification history={history} version={version} onVerdict={setVerdict} />
      <Filters filter={filter} onChange={setFilter} people={people} />
      {fetched.entries.length === 0 && !fetched.failure ? (
        <Loading what="Loading the log" />
      ) : (
        <>
          {fetched.entries.length === 0 && (
            <Failure failure={fetched.failure} title="The log could not be fetched" onRetry={() => void history.reach(version)} />
          )}
          {isNarrow(looked) && (
            <p role="status" className="soft">
              {found.length === 1 ? "One entry matches" : `${found.length} entries match`}
              {more ? ", so far" : ""}.
            </p>
          )}
          {fetched.entries.length > 0 && (
            <LogTable
              rows={found}
              call={call}
              there={there}
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

/** The log, which goes on while it is looked at. */
function useLog(version: number): { history: History; fetched: Fetched } {
  const [history] = useState(() => new History());
  const fetched = useSyncExternalStore(history.subscribe, history.read);
  useEffect(() => void history.reach(version), [history, version]);
  return { history, fetched };
}

/** Other pages may lead here with something to look for: ?thing=helper */
function useAsked(): Filter {
  const [asked] = useSearchParams();
  return { ...ANYTHING, thing: asked.get("thing") ?? "", person: asked.get("person") ?? undefined, kind: asked.get("kind") ?? "" };
}

/** The people to choose from: those whom the reader may know, and those whom the log names. */
function everybody(users: readonly { id: string; role: string }[], rows: readonly { people: ReadonlySet<string> }[]) {
  const ids = new Set(users.map(({ id }) => id));
  for (const { people } of rows) for (const id of people) ids.add(id);
  return [...ids].map((id) => ({ id, role: "user" }));
}

function whatIsThere({
  teams = [],
  assistants = [],
}: ReturnType<typeof useConsole>["facts"]): (kind: RefKind, id: string) => boolean {
  const pages: Partial<Record<RefKind, Set<string>>> = {
    team: new Set(teams.map(({ id }) => id)),
    assistant: new Set(assistants.map(({ id }) => id)),
  };
  return (kind, id) => pages[kind]?.has(id) ?? false;
}
