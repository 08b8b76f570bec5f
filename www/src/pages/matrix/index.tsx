// The access matrix: who may do what with which assistant, with the reason for each answer.
import { useCallback, useMemo, useState } from "react";
import type { Accessibility } from "wicketgate";
import type { Overview } from "../../data/overview";
import { useOverview } from "../../data/use-overview";
import { Empty } from "../../ui/empty";
import { Failure } from "../../ui/failure";
import { Loading } from "../../ui/loading";
import { Notice } from "../../ui/notice";
import { Page } from "../../ui/page";
import { SearchField, useFound } from "../../ui/search-field";
import { SelectField } from "../../ui/select-field";
import { CAPABILITIES, capabilitiesOf } from "../../data/capabilities";
import { ACCESSIBILITY, organizationRoles, roleName } from "../../why/words";
import type { MatrixQuery } from "./answers";
import { type AssistantOnAxis, assistantsOf, type PersonOnAxis, peopleOf } from "./axes";
import { type CellPosition, Grid } from "./grid";
import { AllReasons, Reasons } from "./reasons";
import { useAnswers } from "./use-answers";
import "./matrix.css";

const QUESTIONS: { value: MatrixQuery; label: string }[] = [
  { value: "relation", label: "Strongest relation" },
  ...capabilitiesOf("assistant").map((value) => ({ value, label: CAPABILITIES[value].label })),
];

const textOf = ({ words }: PersonOnAxis | AssistantOnAxis) => words;

export default function MatrixPage() {
  const { overview, pending, failure, retry } = useOverview();
  return (
    <Page title="Access matrix" description="All people and all assistants: who may do what, and why.">
      <Failure failure={failure} title={overview ? "This may be out of date" : "Nothing can be shown yet"} onRetry={retry} />
      {overview ? <Matrix overview={overview} /> : pending && <Loading what="Loading the organization" />}
    </Page>
  );
}

function Matrix({ overview }: { overview: Overview }) {
  const { facts } = overview;
  const [query, setQuery] = useState<MatrixQuery>("assistant.view");
  const people = useMemo(() => peopleOf(facts), [facts]);
  const assistants = useMemo(() => assistantsOf(facts), [facts]);
  const [person, setPerson] = useState("");
  const [personTeam, setPersonTeam] = useState("");
  const [role, setRole] = useState("");
  const [assistant, setAssistant] = useState("");
  const [team, setTeam] = useState("");
  const [openTo, setOpenTo] = useState<Accessibility | "">("");

  const keptPeople = useMemo(
    () => people.filter((one) => (role === "" || one.role === role) && (personTeam === "" || one.teams.has(personTeam))),
    [people, role, personTeam],
  );
  const keptAssistants = useMemo(
    () => assistants.filter((one) => (team === "" || one.team === team) && (openTo === "" || one.accessibility === openTo)),
    [assistants, team, openTo],
  );
  const shownPeople = useFound(keptPeople, person, textOf);
  const shownAssistants = useFound(keptAssistants, assistant, textOf);
  const teams = useMemo(
    () => [{ value: "", label: "Any" }, ...(facts.teams ?? []).map(({ id, name = id }) => ({ value: id as string, label: name }))],
    [facts],
  );
  const withheld = query !== "relation" && facts.plan?.withholds?.includes(query);

  return (
    <>
      <div className="toolbar matrix-tools">
        <SelectField label="Question" value={query} onChange={setQuery} options={QUESTIONS} />
        <fieldset>
          <legend>People</legend>
          <SearchField label="Find people" value={person} onChange={setPerson} placeholder="E-mail or role" />
          <SelectField
            label="Role"
            value={role}
            onChange={setRole}
            options={[{ value: "", label: "Any" }, ...organizationRoles(facts).map((value) => ({ value, label: roleName(value) }))]}
          />
          <SelectField label="In the team" value={personTeam} onChange={setPersonTeam} options={teams} />
        </fieldset>
        <fieldset>
          <legend>Assistants</legend>
          <SearchField label="Find assistants" value={assistant} onChange={setAssistant} placeholder="Name, team or project" />
          <SelectField label="Of the team" value={team} onChange={setTeam} options={teams} />
          <SelectField
            label="Open to"
            value={openTo}
            onChange={setOpenTo}
            options={[
              { value: "", label: "Any" },
              ...Object.entries(ACCESSIBILITY).map(([value, label]) => ({ value: value as Accessibility, label })),
            ]}
          />
        </fieldset>
      </div>
      {withheld && (
        <Notice kind="warn">
          <p>The organization’s plan does not include this: nobody may do it, whatever their role.</p>
        </Notice>
      )}
      <p role="status" className="soft">
        {count(shownPeople.length, people.length, "people")} × {count(shownAssistants.length, assistants.length, "assistants")}
      </p>
      <MatrixResult
        overview={overview}
        query={query}
        filterKey={JSON.stringify([person, role, personTeam, assistant, team, openTo])}
        people={shownPeople}
        assistants={shownAssistants}
      />
    </>
  );
}

interface MatrixResultProps {
  overview: Overview;
  query: MatrixQuery;
  filterKey: string;
  people: readonly PersonOnAxis[];
  assistants: readonly AssistantOnAxis[];
}

function MatrixResult({ overview, query, filterKey, people, assistants }: MatrixResultProps) {
  const answers = useAnswers(overview);
  const [pointed, setPointed] = useState<CellPosition>();
  const [active, setActive] = useState<CellPosition>();
  const [opened, setOpened] = useState<CellPosition>();
  const openCell = useCallback((at: CellPosition) => {
    setActive(at);
    setOpened(at);
  }, []);
  /** The person and the assistant of a cell, if both exist. */
  const pair = (at: CellPosition | undefined) => {
    const [person, assistant] = [people[at?.row ?? -1], assistants[at?.column ?? -1]];
    return person && assistant ? { person, assistant, answers, facts: overview.facts } : undefined;
  };
  if (people.length === 0)
    return (
      <Empty title="Nobody matches.">
        <p>Change the search or the filters for people.</p>
      </Empty>
    );
  if (assistants.length === 0)
    return (
      <Empty title="No assistant matches.">
        <p>Change the search or the filters for assistants.</p>
      </Empty>
    );

  const shown = pair(pointed ?? active);
  const all = pair(opened);
  const question =
    query === "relation" ? "The strongest relation of everybody to every assistant" : `Who may: ${CAPABILITIES[query].label}`;
  return (
    <>
      <Grid
        people={people}
        assistants={assistants}
        answers={answers}
        query={query}
        question={question}
        filterKey={filterKey}
        onPoint={setPointed}
        onMove={setActive}
        onOpen={openCell}
      />
      <section className="card matrix-why" aria-label="Why" aria-live="polite">
        {shown ? (
          <Reasons {...shown} query={query} onOpen={() => openCell((pointed ?? active)!)} />
        ) : (
          <p className="soft">Point at a cell, or move with the arrow keys, to see the reason. Press Enter to see every right.</p>
        )}
      </section>
      {all && <AllReasons {...all} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function count(shown: number, all: number, what: string): string {
  const [some, total] = [shown, all].map((number) => number.toLocaleString());
  return shown === all ? `${total} ${what}` : `${some} of ${total} ${what}`;
}
