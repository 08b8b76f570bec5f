/** Reads a condition strictly, before anything is written from it: what an adapter does not know would select other rows. */
import { WicketgateError, quote } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import type { Accessibility, Condition } from "../wasm/authority.js";

/** The fields of an entry, in the order in which queries have them. */
export const FIELDS = ["owner", "creator", "team", "accessibility", "id"] as const;
/** A field of a condition's entry. */
export type Field = (typeof FIELDS)[number];

/** A column of a row, by each field of a condition, for one kind of row. */
export type ColumnsOf<Column> =
  | { id: Column; owner: Column; team: Column; accessibility: Column; creator?: undefined }
  | { id: Column; creator: Column; team: Column; owner?: undefined; accessibility?: undefined }
  | { id: Column; creator: Column; owner?: undefined; team?: undefined; accessibility?: undefined };

/** One comparison of an entry: the column has one of the values. There is at least one. */
export interface Comparison {
  readonly field: Field;
  readonly values: readonly string[];
}

/** Every row, or the rows that match an entry: all of its comparisons, of which there is at least one. */
export type Selection = "all" | readonly (readonly Comparison[])[];

const ACCESSIBILITIES: readonly string[] = ["only_me", "only_team", "public"] satisfies Accessibility[];
/** The fields with one value. All others have lists. */
const SINGLE: readonly string[] = ["owner", "creator"] satisfies Field[];

/** A condition as it is read, not checked yet. */
interface ReadCondition {
  kind: unknown;
  until?: unknown;
  any?: unknown;
}

/** @throws {WicketgateError} `invalid_options` for anything but a condition as the core makes it. */
export function readCondition(condition: Condition): Selection {
  const { kind, any } = readOptions<ReadCondition>(condition, ["kind", "until", "any"], "condition", "condition.");
  if (kind === "all" && any === undefined) return "all";
  if (kind === "none" && any === undefined) return [];
  if (kind !== "some" || !Array.isArray(any) || any.length === 0)
    throw invalid("condition", "expected a condition of this version");
  return Array.from(any, readEntry);
}

function readEntry(entry: object, position: number): Comparison[] {
  const path = `condition.any[${position}]`;
  const read = readOptions<Partial<Record<Field, unknown>>>(entry, FIELDS, "condition", `${path}.`);
  const comparisons: Comparison[] = [];
  for (const field of FIELDS) {
    const value = read[field];
    if (value === undefined) continue;
    const values: unknown[] = SINGLE.includes(field) ? [value] : Array.isArray(value) ? Array.from(value) : [];
    const right = (one: unknown) => typeof one === "string" && (field !== "accessibility" || ACCESSIBILITIES.includes(one));
    // An empty list is no value, and a comparison with it would be left out by some query builders.
    if (values.length === 0 || !values.every(right)) throw invalid(`${path}.${field}`, "expected ids or accessibilities");
    comparisons.push({ field, values: values as string[] });
  }
  if (comparisons.length === 0) throw invalid(path, "expected at least one field");
  return comparisons;
}

/** The sets of columns, by the kind of row. */
const SETS: readonly (readonly Field[])[] = [
  ["id", "owner", "team", "accessibility"],
  ["id", "creator", "team"],
  ["id", "creator"],
];

/**
 * Reads the columns. All columns of one kind of row must be there, whatever the condition needs, so that a missing one is not found out by the first
 * user whose condition needs it.
 * @throws {WicketgateError} `invalid_options`
 */
export function readColumns<Column>(columns: ColumnsOf<Column>, is: (column: unknown) => boolean): (field: Field) => Column {
  const read = readOptions<Partial<Record<Field, unknown>>>(columns, FIELDS, "columns", "columns.");
  const given = FIELDS.filter((field) => read[field] !== undefined);
  if (!SETS.some((set) => set.length === given.length && set.every((field) => given.includes(field))))
    throw invalid(
      "columns",
      "expected `id, owner, team, accessibility` for assistants, `id, creator, team` for projects or `id, creator` for teams",
    );
  for (const field of given) if (!is(read[field])) throw invalid(`columns.${field}`, "is not the name of a column");
  return (field) => {
    if (read[field] === undefined)
      throw invalid(`columns.${field}`, `the condition needs this column: it is of another kind of row`);
    return read[field] as Column;
  };
}

/** @throws {WicketgateError} `invalid_options` */
export function readDialect<D extends string>(dialect: D, known: readonly D[]): D {
  if (!known.includes(dialect)) throw invalid("dialect", `expected one of ${known.join(", ")}, not ${quote(dialect)}`);
  return dialect;
}

export function invalid(path: string, message: string): WicketgateError {
  return new WicketgateError("invalid_options", `${path}: ${message}`, { path });
}
