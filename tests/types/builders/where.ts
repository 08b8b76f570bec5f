/** List filters: capabilities, conditions, columns, and the types that query builders give back. */
import { sql as drizzleSql, type SQL } from "drizzle-orm";
import { pgTable, text } from "drizzle-orm/pg-core";
import { type Expression, sql as kyselySql, type SqlBool } from "kysely";
import { type Condition, type Directory, type ListSnapshot, openForLists } from "wicketgate/authority";
import { type ConditionEntry, toDrizzle, toKysely, toPrisma, toSql } from "wicketgate/where";
import { expect, type Same } from "../expect.js";

declare const directory: Directory;
const lists: ListSnapshot = await openForLists("", { keys: { keys: [] }, organization: "acme" });

const condition = lists.as({ user: "uma" }).where("conversations.view");
expect<Same<typeof condition, Condition>>();
directory.where({ user: "uma" }, "team.view", 1_790_000_000);
// @ts-expect-error it has no target, so there is no list
lists.as().where("team.create");
// @ts-expect-error likewise
directory.where("system", "role.define");

if (condition.kind === "some") {
  expect<Same<typeof condition.any, ConditionEntry[]>>();
  expect<Same<NonNullable<ConditionEntry["team"]>, string[]>>();
} else {
  // @ts-expect-error only some rows have entries
  condition.any;
}

const columns = { id: "id", owner: "owner", team: ["projects", "team"], accessibility: "accessibility" } as const;
const { text: written, values } = toSql(condition, { dialect: "sqlite", columns });
expect<Same<typeof written, string>>();
expect<Same<typeof values, (string | string[])[]>>();
toSql(condition, { dialect: "postgres", columns: { id: "id", creator: "creator" }, first: 2 });
// @ts-expect-error an assistant's row has an owner
toSql(condition, { dialect: "postgres", columns: { id: "id", team: "team", accessibility: "accessibility" } });
// @ts-expect-error no such dialect
toSql(condition, { dialect: "oracle", columns });

const assistants = pgTable("assistants", { id: text(), owner: text(), team: text(), accessibility: text() });
const { id, owner, team, accessibility } = assistants;
expect<Same<ReturnType<typeof drizzled>, SQL>>();
function drizzled() {
  return toDrizzle(condition, { dialect: "postgres", columns: { id, owner, team, accessibility }, sql: drizzleSql });
}

const named = { id: "a.id", owner: "a.owner", team: "a.team", accessibility: "a.accessibility" };
const expression: Expression<SqlBool> = toKysely(condition, { dialect: "postgres", columns: named, sql: kyselySql<boolean> });
expression.toOperationNode();

const where: object = toPrisma(condition, { columns });
void where;
