// The facts as a tree of entries that can be opened, with a search.
import { listOf } from "../../lib/sentences";
import { useDeferredValue, useMemo, useState } from "react";
import { Button } from "../../ui/button";
import { SearchField } from "../../ui/search-field";

/** Entries drawn at once. */
const DRAWN = 100;
const number = new Intl.NumberFormat();

export function FactsTree({ title, facts }: { title: string; facts: object }) {
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search).trim().toLowerCase();
  const found = useMemo(() => (wanted === "" ? undefined : findValues(facts, wanted)), [facts, wanted]);
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <p>{counts(facts)}</p>
      <SearchField label="Search the facts" value={search} onChange={setSearch} placeholder="An id, a name, a role…" />
      {found === undefined ? <Tree value={facts} /> : <Found found={found} />}
    </section>
  );
}

/** "2 users, 1 team, 3 assistants" */
function counts(facts: { id?: unknown }): string {
  const parts = Object.entries(facts).flatMap(([name, value]) =>
    Array.isArray(value) && value.length > 0
      ? [`${number.format(value.length)} ${value.length === 1 ? name.replace(/s$/, "") : name}`]
      : [],
  );
  const of = typeof facts.id === "string" ? `Of the organization ${facts.id}: ` : "";
  return `${of}${parts.length > 0 ? listOf(parts) : "nothing but its id"}.`;
}

function Tree({ value }: { value: object }) {
  const [drawn, setDrawn] = useState(DRAWN);
  const entries = Object.entries(value);
  return (
    <ul className="tree">
      {entries.slice(0, drawn).map(([name, child]) => (
        <TreeNode key={name} name={Array.isArray(value) ? labelOf(child, name) : name} value={child} />
      ))}
      {entries.length > drawn && (
        <li>
          <Button variant="quiet" onClick={() => setDrawn(drawn + DRAWN)}>
            Show {Math.min(DRAWN, entries.length - drawn)} more of {number.format(entries.length)}
          </Button>
        </li>
      )}
    </ul>
  );
}

function TreeNode({ name, value }: { name: string; value: unknown }) {
  const [expanded, setExpanded] = useState(false);
  if (typeof value !== "object" || value === null)
    return (
      <li>
        <span className="key">{name}</span> <span className="value">{String(value)}</span>
      </li>
    );
  const size = Object.keys(value).length;
  return (
    <li>
      <details onToggle={({ currentTarget }) => setExpanded(currentTarget.open)}>
        <summary>
          <span className="key">{name}</span>{" "}
          <span className="soft">{Array.isArray(value) ? `${number.format(size)} ${size === 1 ? "entry" : "entries"}` : ""}</span>
        </summary>
        {expanded && <Tree value={value} />}
      </details>
    </li>
  );
}

/** The label of a list entry: its id, its user, or its position. */
function labelOf(value: unknown, index: string): string {
  if (typeof value !== "object" || value === null) return `[${index}]`;
  const { id, user, name } = value as Record<string, unknown>;
  const label = typeof id === "string" ? id : typeof user === "string" ? user : `[${index}]`;
  return typeof name === "string" && name !== label ? `${label} (${name})` : label;
}

interface Hit {
  /** Number of the hit. */
  id: number;
  path: string[];
  value: string;
}

function Found({ found: { hits, count } }: { found: { hits: Hit[]; count: number } }) {
  return (
    <>
      <p role="status" className="soft">
        {count === 0
          ? "No matches."
          : count === 1
            ? "1 match"
            : `${number.format(count)} matches${count > hits.length ? `; these are the first ${hits.length}` : ""}`}
      </p>
      <ul className="tree hits">
        {hits.map(({ id, path, value }) => (
          <li key={id}>
            <span className="soft">
              {path.slice(0, -1).join(" › ")}
              {path.length > 1 && " › "}
            </span>
            <span className="key">{path.at(-1)}</span> <span className="value">{value}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The values that contain the text, and their number. */
function findValues(facts: object, wanted: string): { hits: Hit[]; count: number } {
  const hits: Hit[] = [];
  let count = 0;
  const walk = (value: object, path: string[]) => {
    for (const [name, child] of Object.entries(value)) {
      const here = [...path, Array.isArray(value) ? labelOf(child, name) : name];
      if (typeof child === "object" && child !== null) walk(child, here);
      else if (String(child).toLowerCase().includes(wanted)) {
        count += 1;
        if (hits.length < DRAWN) hits.push({ id: count, path: here, value: String(child) });
      }
    }
  };
  walk(facts, []);
  return { hits, count };
}
