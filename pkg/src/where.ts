/**
 * Writes a condition, the answer of `where`, as a query: SQL with parameters, or for a query builder. Pure functions without a library and without
 * WebAssembly; the rows are those of the condition, and nothing is decided here.
 * @module wicketgate/where
 */
import { readOptions } from "./lib/options.js";
import { type ColumnsOf, type Comparison, invalid, readColumns, readCondition, readDialect } from "./where/read-condition.js";
import { DIALECTS, type Dialect, sqlPieces } from "./where/pieces.js";
import type { Condition } from "./wasm/authority.js";

export type { Condition, ConditionEntry } from "./wasm/authority.js";
export type { ColumnsOf } from "./where/read-condition.js";
export type { Dialect } from "./where/pieces.js";

/**
 * The name of a column, or the parts of a qualified name: `["assistants", "owner"]`. Names are quoted, so one name with a dot is one name.
 */
export type ColumnName = string | readonly string[];

/** Options of {@link toSql}. */
export interface SqlOptions {
  /** The dialect: how names are quoted, how parameters are written, and how long lists are passed. */
  dialect: Dialect;
  /** The columns of the rows: of assistants (or of what belongs to one), projects or teams. */
  columns: ColumnsOf<ColumnName>;
  /** The number of the first parameter in Postgres, if others come before it; 1 by default. */
  first?: number;
}

/** An SQL expression in parentheses, and its parameters in order. */
export interface SqlCondition {
  /** The expression, for a `WHERE`. It contains no value. */
  text: string;
  /** The parameters: strings, and for Postgres arrays of strings. */
  values: (string | string[])[];
}

/**
 * Writes a condition as SQL with parameters.
 * @throws {WicketgateError} `invalid_options`: for instance the condition is of another kind of row than the columns.
 * @example
 * ```ts
 * const { text, values } = toSql(condition, {
 *   dialect: "postgres",
 *   columns: { id: "assistant", owner: "owner", team: "team", accessibility: "accessibility" },
 * });
 * await pool.query(`SELECT * FROM conversations WHERE ${text} ORDER BY started DESC LIMIT 50`, values);
 * ```
 */
export function toSql(condition: Condition, options: SqlOptions): SqlCondition {
  const { dialect, columns, first = 1 } = readOptions(options, ["dialect", "columns", "first"]);
  if (!Number.isSafeInteger(first) || first < 1) throw invalid("first", "expected the number of a parameter, from 1");
  const column = readColumns(columns, isName);
  const { texts, slots } = sqlPieces(readCondition(condition), readDialect(dialect, DIALECTS));
  const values: SqlCondition["values"] = [];
  let text = texts[0]!;
  for (const [at, slot] of slots.entries()) {
    if ("field" in slot) {
      text += quoted(column(slot.field), dialect);
    } else {
      values.push(copied(slot.value));
      text += dialect === "postgres" ? `$${first + values.length - 1}` : "?";
    }
    text += texts[at + 1]!;
  }
  return { text, values };
}

/** The `sql` of Drizzle, of which this much is used. */
export interface DrizzleSql<Sql> {
  /** The tagged function. */
  (texts: TemplateStringsArray, ...values: unknown[]): Sql;
  /** A value as one parameter. */
  param(value: unknown): unknown;
}

/**
 * Writes a condition for Drizzle's `where`. `sql` is Drizzle's own: this package imports none.
 * @throws {WicketgateError} `invalid_options`
 * @example
 * ```ts
 * import { sql } from "drizzle-orm";
 *
 * const { id, owner, team, accessibility } = assistants; // a table of Drizzle
 * const mine = toDrizzle(condition, { dialect: "postgres", columns: { id, owner, team, accessibility }, sql });
 * await db.select().from(assistants).where(mine);
 * ```
 */
export function toDrizzle<Sql>(
  condition: Condition,
  options: { dialect: Dialect; columns: ColumnsOf<object>; sql: DrizzleSql<Sql> },
): Sql {
  const { dialect, columns, sql } = readOptions(options, ["dialect", "columns", "sql"]);
  const column = readColumns(columns, (one) => typeof one === "object" && one !== null);
  const { texts, slots } = sqlPieces(readCondition(condition), readDialect(dialect, DIALECTS));
  const filled = slots.map((slot) => ("field" in slot ? column(slot.field) : sql.param(copied(slot.value))));
  return sql(template(texts), ...filled);
}

/** The `sql` of Kysely, of which this much is used. */
export interface KyselySql<Expression> {
  /** The tagged function. */
  (texts: TemplateStringsArray, ...values: unknown[]): Expression;
  /** A column by its name. */
  ref(name: string): unknown;
  /** A value as one parameter. */
  val(value: unknown): unknown;
}

/**
 * Writes a condition for Kysely's `where`, with columns as Kysely names them (`"assistants.owner"`). Give the type of the answer with `sql`, which is
 * Kysely's own: this package imports none.
 * @throws {WicketgateError} `invalid_options`
 * @example
 * ```ts
 * import { sql } from "kysely";
 *
 * const columns = { id: "a.id", owner: "a.owner", team: "a.team", accessibility: "a.accessibility" };
 * const mine = toKysely(condition, { dialect: "postgres", columns, sql: sql<boolean> });
 * await db.selectFrom("assistants as a").selectAll().where(mine).execute();
 * ```
 */
export function toKysely<Expression>(
  condition: Condition,
  options: { dialect: Dialect; columns: ColumnsOf<string>; sql: KyselySql<Expression> },
): Expression {
  const { dialect, columns, sql } = readOptions(options, ["dialect", "columns", "sql"]);
  const column = readColumns(columns, isName);
  const { texts, slots } = sqlPieces(readCondition(condition), readDialect(dialect, DIALECTS));
  const filled = slots.map((slot) => ("field" in slot ? sql.ref(column(slot.field)) : sql.val(copied(slot.value))));
  return sql(template(texts), ...filled);
}

/**
 * Writes a condition as the `where` object of Prisma. A column is the name of a field, or a path through relations: `["project", "teamId"]`.
 * @throws {WicketgateError} `invalid_options`
 * @example
 * ```ts
 * const columns = { id: "id", owner: "ownerId", team: ["project", "teamId"], accessibility: "accessibility" };
 * await prisma.conversation.findMany({ where: { assistant: toPrisma(condition, { columns }) } });
 * ```
 */
export function toPrisma(condition: Condition, options: { columns: ColumnsOf<ColumnName> }): PrismaWhere {
  const column = readColumns(readOptions(options, ["columns"]).columns, isName);
  const selection = readCondition(condition);
  if (selection === "all") return {};
  const compared = ({ field, values }: Comparison): PrismaWhere => {
    const filter: PrismaWhere = values.length === 1 ? { equals: values[0]! } : { in: [...values] };
    return partsOf(column(field)).reduceRight((inner, name) => ({ [name]: inner }), filter);
  };
  // Without an alternative, `OR` selects nothing.
  return { OR: selection.map((entry) => (entry.length === 1 ? compared(entry[0]!) : { AND: entry.map(compared) })) };
}

/** A `where` object of Prisma, as plain data. */
export interface PrismaWhere {
  [name: string]: string | string[] | PrismaWhere | PrismaWhere[];
}

function partsOf(column: ColumnName): readonly string[] {
  return typeof column === "string" ? [column] : column;
}

/** A name that a database can have. Text with a zero byte would end there for some. */
function isName(column: unknown): boolean {
  const parts: unknown[] = Array.isArray(column) ? Array.from(column) : [column];
  return parts.length > 0 && parts.every((part) => typeof part === "string" && part !== "" && !part.includes("\0"));
}

function quoted(column: ColumnName, dialect: Dialect): string {
  const mark = dialect === "mysql" ? "`" : '"';
  return partsOf(column)
    .map((part) => `${mark}${part.replaceAll(mark, mark + mark)}${mark}`)
    .join(".");
}

/** A value that the caller may change. */
function copied(value: string | readonly string[]): string | string[] {
  return typeof value === "string" ? value : [...value];
}

/** Texts as a template's, for the tagged functions of libraries. */
function template(texts: readonly string[]): TemplateStringsArray {
  return Object.assign([...texts], { raw: texts });
}
