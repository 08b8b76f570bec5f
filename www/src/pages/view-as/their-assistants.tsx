// The assistants that the person sees, and one of them with its buttons.
import { useEffect, useMemo, useRef, useState } from "react";
import type { Organization, Principal } from "wicketgate";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { type Column, DataTable } from "../../ui/data-table";
import { Empty } from "../../ui/empty";
import { Icon } from "../../ui/icon";
import { SearchField, useFound } from "../../ui/search-field";
import { ACCESSIBILITY } from "../../why/words";
import { TheirButtons } from "./their-buttons";
import type { TheirAssistant } from "./their-console";

const TONES = { public: "good", only_team: "info", only_me: "warn" } as const;

interface Props {
  assistants: TheirAssistant[];
  principal: Principal;
  name: string;
  facts: Organization;
}

const textOf = ({ name, place }: TheirAssistant) => `${name} ${place}`;

export function TheirAssistants({ assistants, principal, name, facts }: Props) {
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const left = useRef(false);
  const found = useFound(assistants, search, textOf);
  const columns = useMemo(() => columnsFor(setChosen), []);
  const shown = assistants.find(({ id }) => id === chosen);

  function back(): void {
    left.current = true;
    setChosen(undefined);
  }

  // The pressed button is gone, so the focus moves to the search field.
  useEffect(() => {
    if (left.current && chosen === undefined) list.current?.querySelector("input")?.focus();
  }, [chosen]);

  if (shown) {
    return (
      <>
        <div className="actions">
          <Button autoFocus variant="quiet" onClick={back}>
            <Icon name="back" />
            All assistants
          </Button>
        </div>
        <section className="card" aria-label={shown.name}>
          <h2>
            {shown.name} <Badge tone={TONES[shown.accessibility]}>{ACCESSIBILITY[shown.accessibility]}</Badge>
          </h2>
          <p className="soft">{shown.place}</p>
          <TheirButtons principal={principal} name={name} kind="assistant" target={shown.id} facts={facts} />
        </section>
      </>
    );
  }
  return (
    <div ref={list} className="their-list">
      <SearchField label="Search" value={search} onChange={setSearch} placeholder="Name, team or project" />
      <DataTable
        caption="Assistants they see"
        columns={columns}
        rows={found}
        rowId={({ id }) => id}
        initialSort={{ column: "name" }}
        empty={
          assistants.length === 0 ? (
            <Empty title="They see no assistants." />
          ) : (
            <Empty title={`No assistant matches “${search}”.`} />
          )
        }
      />
    </div>
  );
}

function columnsFor(choose: (id: string) => void): Column<TheirAssistant>[] {
  return [
    {
      id: "name",
      header: "Name",
      value: ({ name }) => name,
      cell: ({ id, name, place }) => (
        <>
          <button type="button" className="as-link" onClick={() => choose(id)}>
            {name}
          </button>
          <span className="soft below-tablet">{place}</span>
        </>
      ),
    },
    { id: "place", header: "Team and project", value: ({ place }) => place, from: "tablet" },
    {
      id: "accessibility",
      header: "Open to",
      value: ({ accessibility }) => ACCESSIBILITY[accessibility],
      width: "8rem",
      cell: ({ accessibility }) => <Badge tone={TONES[accessibility]}>{ACCESSIBILITY[accessibility]}</Badge>,
    },
  ];
}
