/** A condition as SQL in pieces: text, and between its parts the columns and values, so that each adapter writes these in its own way. */
import type { Comparison, Field, Selection } from "./read-condition.js";

/** A dialect of SQL. */
export type Dialect = "postgres" | "mysql" | "sqlite";
/** The dialects of SQL that are written. */
export const DIALECTS: readonly Dialect[] = ["postgres", "mysql", "sqlite"];

/** What stands between two parts of the text: a column, or a value that is passed as a parameter. */
export type Slot = { readonly field: Field } | { readonly value: string | readonly string[] };

/** `texts` has one more element than `slots`. */
export interface SqlPieces {
  readonly texts: readonly string[];
  readonly slots: readonly Slot[];
}

/** Values of a list that are passed one by one; longer lists are one value. Databases limit the number of parameters (D1 to 100). */
const ONE_BY_ONE = 12;
/** The same in MySQL, which allows 65,535 parameters, and where the other way is slower. */
const ONE_BY_ONE_MYSQL = 1_000;

/** Collects texts and slots. */
class Pieces implements SqlPieces {
  readonly texts: string[] = [""];
  readonly slots: Slot[] = [];

  /** Adds `parts`: texts, columns and values. */
  add(...parts: (string | Slot)[]): void {
    for (const part of parts) {
      if (typeof part === "string") {
        this.texts[this.texts.length - 1] += part;
      } else {
        this.slots.push(part);
        this.texts.push("");
      }
    }
  }
}

/** The condition as one expression in parentheses, which can stand beside others. */
export function sqlPieces(selection: Selection, dialect: Dialect): SqlPieces {
  const pieces = new Pieces();
  if (selection === "all") pieces.add("(1 = 1)");
  else if (selection.length === 0) pieces.add("(1 = 0)");
  else {
    pieces.add("(");
    for (const [position, entry] of selection.entries()) {
      if (position > 0) pieces.add(" OR ");
      if (entry.length > 1) pieces.add("(");
      for (const [at, comparison] of entry.entries()) {
        if (at > 0) pieces.add(" AND ");
        compare(pieces, comparison, dialect);
      }
      if (entry.length > 1) pieces.add(")");
    }
    pieces.add(")");
  }
  return pieces;
}

function compare(pieces: Pieces, { field, values }: Comparison, dialect: Dialect): void {
  const column = { field };
  if (dialect === "mysql") {
    // The usual collations of MySQL take `uma`, `UMA` and `umá` for equal. The first comparison can use an index, the second one is exact.
    pieces.add("(", column, ...amongMySql(values), " AND CAST(", column, " AS BINARY)", ...amongMySql(values), ")");
  } else if (values.length === 1) {
    pieces.add(column, " = ", { value: values[0]! });
  } else if (dialect === "postgres") {
    pieces.add(column, " = ANY(", { value: values }, ")");
  } else if (values.length <= ONE_BY_ONE) {
    pieces.add(column, ...oneByOne(values));
  } else {
    pieces.add(column, " IN (SELECT value FROM json_each(", { value: JSON.stringify(values) }, "))");
  }
}

function amongMySql(values: readonly string[]): (string | Slot)[] {
  if (values.length === 1) return [" = ", { value: values[0]! }];
  if (values.length <= ONE_BY_ONE_MYSQL) return oneByOne(values);
  const table = "'$[*]' COLUMNS (value VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$')";
  return [" IN (SELECT value FROM JSON_TABLE(", { value: JSON.stringify(values) }, `, ${table}) AS ids)`];
}

function oneByOne(values: readonly string[]): (string | Slot)[] {
  return [" IN (", ...values.flatMap((value, at) => (at > 0 ? [", ", { value }] : [{ value }])), ")"];
}
