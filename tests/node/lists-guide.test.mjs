// The guide to list filters, as printed, in Postgres: its tables, its function, its condition and its query.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { Directory } from "wicketgate/authority";
import { toSql } from "wicketgate/where";
import { root } from "../lib/consumer.mjs";
import { blocks } from "../lib/guide.mjs";
import { keyPair, keys } from "../lib/world.mjs";

const files = blocks("docs/guides/lists.md");
mkdirSync(join(root, "target"), { recursive: true });
// In the repository, so that the names of packages are found.
const folder = mkdtempSync(join(root, "target", "lists-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the printed query is that of the printed condition", () => {
  const columns = Object.fromEntries(["id", "owner", "team", "accessibility"].map((field) => [field, ["assistants", field]]));
  const { text, values } = toSql(JSON.parse(files["condition.json"]), { dialect: "postgres", columns, first: 2 });
  assert.equal(text, files["filter.sql"].trim());
  assert.deepEqual(values, ["uma", "t_1a9c", ["only_team", "public"]]);
});

test("each person is listed the conversations that they may read", async () => {
  const path = join(folder, "conversations.mjs");
  writeFileSync(path, files["conversations.mjs"]);
  const { conversations } = await import(pathToFileURL(path));
  const { directory } = await Directory.found({
    id: "acme",
    users: [
      { id: "uma", role: "user", name: "Uma Ñúñez" },
      { id: "lukasz", role: "user", name: "Łukasz Żółć" },
      { id: "gus", role: "global_admin" },
    ],
    teams: [{ id: "t_1a9c", members: [{ user: "uma", role: "owner" }] }, { id: "t_8f2k" }],
    projects: [
      { id: "p_1", team: "t_1a9c" },
      { id: "p_2", team: "t_8f2k" },
    ],
    assistants: [
      { id: "helper", project: "p_1", owner: "gus", accessibility: "only_team" },
      { id: "draft", project: "p_1", owner: "lukasz", accessibility: "only_me" },
      { id: "site", project: "p_2", owner: "uma", accessibility: "public" },
      { id: "shop", project: "p_2", owner: "lukasz", accessibility: "public" },
    ],
  });
  const facts = JSON.parse(directory.facts());
  const team = new Map(facts.projects.map((project) => [project.id, project.team]));
  const database = await PGlite.create();
  await database.exec(files["schema.sql"]);
  for (const { id, owner, project, accessibility } of facts.assistants) {
    await database.query("INSERT INTO assistants VALUES ($1, $2, $3, $4)", [id, owner, team.get(project), accessibility]);
    for (const day of ["2026-11-01", "2026-11-02"])
      await database.query("INSERT INTO conversations VALUES ($1, $2, $3, $4)", [`${id} ${day}`, id, "Öffnungszeiten?", day]);
  }
  const listed = async (user) => {
    const token = directory.snapshot({ key: keyPair.privateKey, expiresIn: 600, scope: { member: user } });
    const rows = await conversations(database, token, { keys, organization: "acme" }, "2026-11-02");
    return rows.map(({ id }) => id).sort();
  };
  assert.deepEqual(await listed("uma"), ["helper 2026-11-01", "site 2026-11-01"]);
  assert.deepEqual(await listed("lukasz"), ["draft 2026-11-01", "shop 2026-11-01"]);
  assert.deepEqual(
    await listed("gus"),
    ["draft", "helper", "shop", "site"].map((id) => `${id} 2026-11-01`),
  );
  directory.free();
  await database.close();
});
