// The assistants a person sees. One stop for the keyboard: arrows move within, and choose as they move.
import { type KeyboardEvent, useDeferredValue, useId, useRef, useState } from "react";
import type { Accessibility } from "wicketgate";
import { ACCESSIBILITY } from "./words";

export interface AssistantRow {
  id: string;
  name: string;
  place: string;
  accessibility: Accessibility;
}

interface Props {
  rows: AssistantRow[];
  chosen: string | undefined;
  onChoose: (id: string, by: "pointer" | "keyboard") => void;
}

export function AssistantList({ rows, chosen, onChoose }: Props) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search).trim().toLowerCase();
  const found = rows.filter(({ name, place }) => `${name} ${place}`.toLowerCase().includes(wanted));

  function move(event: KeyboardEvent): void {
    const at = found.findIndex((row) => row.id === chosen);
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(at, 1) - 1, Home: 0, End: found.length - 1 }[event.key];
    const row = to === undefined ? undefined : found[Math.min(to, found.length - 1)];
    if (!row) return;
    event.preventDefault();
    onChoose(row.id, "keyboard");
    list.current?.querySelector(`[data-assistant="${CSS.escape(row.id)}"]`)?.scrollIntoView({ block: "nearest" });
  }

  return (
    <section className="card assistants" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Assistants</h2>
      <label className="search">
        <span>Search</span>
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} placeholder="Name, team or project" />
      </label>
      <p role="status" className="soft">
        {found.length === rows.length ? `${rows.length} visible` : `${found.length} of ${rows.length} visible`}
      </p>
      {rows.length === 0 && <p className="empty">You see no assistant.</p>}
      {rows.length > 0 && found.length === 0 && <p className="empty">None of them matches “{search}”.</p>}
      {found.length > 0 && (
        <ul
          ref={list}
          role="listbox"
          tabIndex={0}
          aria-labelledby={`${id}-title`}
          aria-activedescendant={found.some((row) => row.id === chosen) ? `${id}-${chosen}` : undefined}
          onKeyDown={move}
        >
          {found.map((row) => (
            <li
              key={row.id}
              id={`${id}-${row.id}`}
              role="option"
              aria-selected={row.id === chosen}
              data-assistant={row.id}
              onClick={() => onChoose(row.id, "pointer")}
            >
              <span className="name">{row.name}</span>
              <span className="soft">{row.place}</span>
              <span className={`badge ${row.accessibility}`}>{ACCESSIBILITY[row.accessibility]}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
