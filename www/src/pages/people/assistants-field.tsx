// Chooses several assistants: type to search, tick to choose.
import { useState } from "react";
import { SearchField, useFound } from "../../ui/search-field";

export interface Assignable {
  id: string;
  name: string;
  place: string;
}

interface Props {
  label: string;
  assistants: readonly Assignable[];
  value: readonly string[];
  onChange: (value: string[]) => void;
}

/** Options shown at once; typing finds the others. */
const OFFERED = 30;

const textOf = ({ name, place }: Assignable) => `${name} ${place}`;

export function AssistantsField({ label, assistants, value, onChange }: Props) {
  const [search, setSearch] = useState("");
  const found = useFound(assistants, search, textOf);
  const chosen = assistants.filter(({ id }) => value.includes(id));
  const offered = [...chosen, ...found.filter(({ id }) => !value.includes(id)).slice(0, OFFERED)];
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      <SearchField label="Find an assistant" hideLabel value={search} onChange={setSearch} placeholder="Name, team or project" />
      <div className="ticks">
        {offered.map(({ id, name, place }) => (
          <label key={id} className="check">
            <input
              type="checkbox"
              checked={value.includes(id)}
              onChange={({ target }) => onChange(target.checked ? [...value, id] : value.filter((one) => one !== id))}
            />
            <span>
              {name} <span className="soft">{place}</span>
            </span>
          </label>
        ))}
      </div>
      <p className="soft">
        {value.length} of {assistants.length} chosen. Public assistants can be assigned to anybody, others to members of their team.
      </p>
    </fieldset>
  );
}
