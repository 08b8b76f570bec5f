// Databases in this process, with tables of teams, projects and assistants: Postgres and SQLite, both compiled to WebAssembly.
import { PGlite } from "@electric-sql/pglite";
import sqlite from "sql.js";

/** Tables by the kind of target. Names need quoting: a reserved word, a capital letter, and a quote of each dialect. */
export const TABLES = {
  team: { table: "teams", columns: { id: "id", creator: "order" } },
  project: { table: "projects", columns: { id: "id", creator: "order", team: 'Te"am' } },
  assistant: {
    table: "assistants",
    columns: { id: "id", owner: "Ow`ner", team: ["assistants", 'Te"am'], accessibility: "accessibility" },
  },
};

const nameOf = (column) => (Array.isArray(column) ? column.at(-1) : column);
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const fieldsOf = ({ columns }) => Object.keys(columns);
const TYPES = { sqlite: "TEXT", postgres: "TEXT" };

function* statements(dialect) {
  for (const table of Object.values(TABLES)) {
    const fields = fieldsOf(table).map((field) => `${quoted(nameOf(table.columns[field]))} ${TYPES[dialect]}`);
    yield `CREATE TABLE ${quoted(table.table)} (${fields.join(", ")})`;
  }
}

/** The rows of an organization's targets of a kind. An id that is absent is null. */
export function rowsOf(organization, kind) {
  const teamOf = new Map(organization.projects?.map(({ id, team }) => [id, team]));
  const of = {
    team: ({ id, creator = null }) => ({ id, creator }),
    project: ({ id, creator = null, team }) => ({ id, creator, team }),
    assistant: ({ id, owner = null, project, accessibility }) => ({
      id,
      owner,
      team: teamOf.get(project) ?? null,
      accessibility,
    }),
  }[kind];
  return (organization[`${kind}s`] ?? []).map(of);
}

/** The insertion of some rows: names and placeholders are made here, values are parameters. */
function insertion(kind, rows, dialect) {
  const table = TABLES[kind];
  const fields = fieldsOf(table);
  const placeholder = (n) => (dialect === "postgres" ? `$${n + 1}` : "?");
  const tuple = (_, row) => `(${fields.map((_, at) => placeholder(row * fields.length + at)).join(", ")})`;
  const names = fields.map((field) => quoted(nameOf(table.columns[field])));
  return [
    `INSERT INTO ${quoted(table.table)} (${names.join(", ")}) VALUES ${rows.map(tuple).join(", ")}`,
    rows.flatMap((row) => fields.map((field) => row[field])),
  ];
}

function* insertions(organization, dialect) {
  for (const kind of Object.keys(TABLES)) {
    const rows = rowsOf(organization, kind);
    for (let at = 0; at < rows.length; at += 5_000) yield insertion(kind, rows.slice(at, at + 5_000), dialect);
  }
}

/** A database: `fill` replaces its rows, `select` returns the first column of the answer, `close` ends it. */
export async function postgres() {
  const database = await PGlite.create();
  for (const statement of statements("postgres")) await database.exec(statement);
  return {
    dialect: "postgres",
    database,
    async fill(organization) {
      for (const { table } of Object.values(TABLES)) await database.exec(`DELETE FROM ${quoted(table)}`);
      for (const [text, values] of insertions(organization, "postgres")) await database.query(text, values);
    },
    async select(text, values) {
      const { rows } = await database.query(text, values, { rowMode: "array" });
      return rows.map(([first]) => first);
    },
    close: () => database.close(),
  };
}

/** As {@link postgres}. SQLite reads the text of MySQL too, names in backticks and all, apart from the name of one type. */
export async function sqliteOf(dialect = "sqlite") {
  const { Database } = await sqlite();
  const database = new Database();
  for (const statement of statements("sqlite")) database.run(statement);
  return {
    dialect,
    database,
    async fill(organization) {
      for (const { table } of Object.values(TABLES)) database.run(`DELETE FROM ${quoted(table)}`);
      for (const [text, values] of insertions(organization, "sqlite")) database.run(text, values);
    },
    async select(text, values) {
      const [answer] = database.exec(dialect === "mysql" ? text.replaceAll(" AS BINARY)", " AS TEXT)") : text, values);
      return (answer?.values ?? []).map(([first]) => first);
    },
    close: () => database.close(),
  };
}
