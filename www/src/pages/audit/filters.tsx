// The fields of the filter.
import { useMemo, useState } from "react";
import type { User } from "wicketgate";
import { commandAreas } from "wicketgate/contract";
import { authorityTime } from "../../lib/clock";
import { Field } from "../../ui/field";
import { PersonPicker } from "../../ui/person-picker";
import { SearchField } from "../../ui/search-field";
import { SelectField } from "../../ui/select-field";
import { Button } from "../../ui/button";
import { NO_FILTER, type Filter, isNarrow } from "./filter";
import { KINDS } from "./sentences";

const DAY = 86_400;
const SPANS = [1, 7, 30, 90, 365];

const KIND_OPTIONS = [
  { value: "", label: "Anything" },
  ...commandAreas.flatMap((area) => [
    { value: area as string, label: area as string },
    ...Object.entries(KINDS)
      .filter(([, kind]) => kind.area === area)
      .map(([value, { label }]) => ({ value, label: `– ${area}: ${label}` })),
  ]),
];

const TIME_OPTIONS = [
  { value: "", label: "Any time" },
  ...SPANS.map((days) => ({ value: String(days), label: days === 1 ? "Last 24 hours" : `Last ${days} days` })),
  { value: "dates", label: "Between dates…" },
];

interface Props {
  filter: Filter;
  onChange: (filter: Filter) => void;
  /** The people to choose from. */
  people: readonly User[];
}

export function Filters({ filter, onChange, people }: Props) {
  const [span, setSpan] = useState("");
  const set = (change: Partial<Filter>) => onChange({ ...filter, ...change });

  function choose(next: string): void {
    setSpan(next);
    set({
      from: next === "" || next === "dates" ? undefined : Math.floor(authorityTime()) - Number(next) * DAY,
      before: undefined,
    });
  }

  return (
    <search className="toolbar audit-filters" aria-label="Filter">
      <SearchField label="Find" value={filter.search} onChange={(search) => set({ search })} placeholder="Any word in an entry" />
      <PersonPicker label="Person" people={people} value={filter.person} onChange={(person) => set({ person })} />
      <SelectField label="What" value={filter.kind} onChange={(kind) => set({ kind })} options={KIND_OPTIONS} />
      <SearchField
        label="Concerning"
        value={filter.thing}
        onChange={(thing) => set({ thing })}
        placeholder="Team, project, assistant, API key"
      />
      <SelectField label="When" value={span} onChange={choose} options={TIME_OPTIONS} />
      {span === "dates" && (
        <>
          <DayField label="From" value={filter.from} onChange={(from) => set({ from })} />
          {/* The chosen day is included. */}
          <DayField
            label="To"
            value={filter.before === undefined ? undefined : filter.before - 1}
            onChange={(day) => set({ before: day === undefined ? undefined : nextDay(day) })}
          />
        </>
      )}
      {isNarrow(filter) && (
        <Button
          variant="quiet"
          onClick={() => {
            setSpan("");
            onChange(NO_FILTER);
          }}
        >
          Clear
        </Button>
      )}
    </search>
  );
}

/** @param value Unix seconds of some moment of the day */
function DayField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number | undefined;
  onChange: (start: number | undefined) => void;
}) {
  const shown = useMemo(() => (value === undefined ? "" : dayOf(value)), [value]);
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          type="date"
          value={shown}
          onChange={({ target }) => onChange(target.value === "" ? undefined : new Date(`${target.value}T00:00`).getTime() / 1000)}
        />
      )}
    </Field>
  );
}

function dayOf(at: number): string {
  const date = new Date(at * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** The start of the next day. Days differ in length when the clocks change. */
function nextDay(start: number): number {
  const date = new Date(start * 1000);
  date.setDate(date.getDate() + 1);
  return date.getTime() / 1000;
}
