import type { Person } from "./authority";
import { roleName } from "./words";

interface Props {
  people: Person[];
  chosen: string;
  onChoose: (id: string) => void;
}

/** A native list: the best one there is for a phone, a keyboard and a screen reader. */
export function PersonPicker({ people, chosen, onChoose }: Props) {
  const roles = [...new Set(people.map(({ role }) => role))];
  return (
    <label className="picker">
      <span>View as</span>
      <select value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {people.some(({ id }) => id === chosen) || <option value={chosen}>{chosen} (unknown)</option>}
        {roles.map((role) => (
          <optgroup key={role} label={roleName(role)}>
            {people.filter((person) => person.role === role).map(({ id, status }) => (
              <option key={id} value={id}>{status === "active" ? id : `${id} (${status})`}</option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
