// The filter of the log.
import { kindOf } from "./sentences";
import type { AuditRow } from "./rows";

export interface Filter {
  person: string | undefined;
  /** An area ("Sharing"), or the type of a command; empty for any. */
  kind: string;
  /** A part of the name or id of a team, project, assistant or API key. */
  thing: string;
  /** Words that must occur. */
  search: string;
  /** Unix seconds: `from` is included, `before` is not. */
  from: number | undefined;
  before: number | undefined;
}

export const NO_FILTER: Filter = { person: undefined, kind: "", thing: "", search: "", from: undefined, before: undefined };

export function isNarrow({ person, kind, thing, search, from, before }: Filter): boolean {
  return (
    person !== undefined || kind !== "" || thing.trim() !== "" || search.trim() !== "" || from !== undefined || before !== undefined
  );
}

export function matching(
  rows: readonly AuditRow[],
  { person, kind, thing, search, from = -Infinity, before = Infinity }: Filter,
): AuditRow[] {
  const wanted = search.trim().toLowerCase().split(/\s+/);
  const named = thing.trim().toLowerCase();
  return rows.filter(
    ({ at, people, type, things, words }) =>
      (at === undefined || (at >= from && at < before)) &&
      (person === undefined || people.has(person)) &&
      (kind === "" || kind === type || kind === kindOf(type)?.area) &&
      (named === "" || things.includes(named)) &&
      wanted.every((word) => words.includes(word)),
  );
}

/** Whether the fetched entries include all that may match: entries are ordered by time. */
export function reaches(rows: readonly AuditRow[], { from }: Filter): boolean {
  const oldest = rows.at(-1)?.at;
  return from !== undefined && oldest !== undefined && oldest < from;
}
