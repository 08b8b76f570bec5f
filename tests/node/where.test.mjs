// List filters: the rows that databases select by a condition are those for which `can` says yes, through each adapter.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { drizzle } from "drizzle-orm/pglite";
import { sql as drizzleSql } from "drizzle-orm";
import { pgTable, text } from "drizzle-orm/pg-core";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import * as kysely from "kysely";
import { open } from "wicketgate";
import { Directory, openForLists } from "wicketgate/authority";
import { capabilities } from "wicketgate/contract";
import { toDrizzle, toKysely, toPrisma, toSql } from "wicketgate/where";
import { TABLES, postgres, rowsOf, sqliteOf } from "../lib/databases.mjs";
import { fails } from "../lib/fails.mjs";
import { copy } from "../lib/instances.mjs";
import { watchMemory } from "../lib/wasm-memory.mjs";
import { NOW, digest, keyPair, keys, signed } from "../lib/world.mjs";

const folder = new URL("../vectors/", import.meta.url);
const worlds = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, folder), "utf8")) }));
const LISTED = Object.entries(capabilities)
  .filter(([, { kind }]) => kind !== "organization")
  .map(([capability, { kind }]) => [capability, kind]);

const COLUMNS = { id: "id", owner: "owner", team: "team", accessibility: "accessibility" };
const some = (...any) => ({ kind: "some", any });

/** The ids that a database selects by a condition. */
async function selected(database, kind, condition) {
  const { table, columns } = TABLES[kind];
  const { text, values } = toSql(condition, { dialect: database.dialect, columns });
  const name = database.dialect === "mysql" ? `\`${table}\`` : `"${table}"`;
  return database.select(`SELECT id FROM ${name} WHERE ${text} ORDER BY id`, values);
}

/** What Prisma's documentation says about these filters, on rows in memory. */
function prismaSelects(where, row) {
  return Object.entries(where).every(([name, filter]) => {
    if (name === "OR") return filter.some((one) => prismaSelects(one, row));
    if (name === "AND") return filter.every((one) => prismaSelects(one, row));
    if (name === "equals") return row === filter;
    if (name === "in") return filter.includes(row);
    return prismaSelects(filter, row[name]);
  });
}

describe("in each database, by the facts of the vectors", () => {
  let databases;
  before(async () => {
    databases = [await postgres(), await sqliteOf("sqlite"), await sqliteOf("mysql")];
  });
  after(() => Promise.all(databases.map((database) => database.close())));

  for (const { name, now, organization, cases } of worlds)
    test(`${name}: the rows are those for which can says yes`, async () => {
      const token = await signed(organization, { issuedAt: now });
      const snapshot = await open(token, { keys, now });
      const lists = await openForLists(token, { keys, now });
      for (const database of databases) await database.fill(organization);
      const askers = new Map(cases.map(({ as }) => [JSON.stringify(as), as]));
      const known = new Map();
      for (const as of askers.values()) {
        const principal = snapshot.as(as);
        for (const [capability, kind] of LISTED) {
          const condition = lists.as(as).where(capability);
          const ids = rowsOf(organization, kind).map(({ id }) => id);
          const expected = ids.filter((id) => principal.can(capability, id)).sort();
          // Many principals and capabilities have one condition: it is given to the databases once.
          const key = `${kind} ${JSON.stringify({ ...condition, until: undefined })}`;
          if (!known.has(key)) {
            known.set(key, expected);
            for (const database of databases)
              assert.deepEqual(await selected(database, kind, condition), expected, `${database.dialect}, ${key}`);
            const { columns } = TABLES[kind];
            const where = toPrisma(condition, {
              columns: Object.fromEntries(Object.keys(columns).map((field) => [field, ["row", field]])),
            });
            const rows = rowsOf(organization, kind).filter((row) => prismaSelects(where, { row }));
            assert.deepEqual(rows.map(({ id }) => id).sort(), expected, `Prisma, ${key}`);
          }
          assert.deepEqual(known.get(key), expected, `${JSON.stringify(as)} ${capability}`);
        }
        principal.free();
      }
      assert.ok(known.size > 3, `only ${known.size} conditions`);
      for (const opened of [snapshot, lists]) opened.free();
    });

  test("rows without owner or creator are nobody's", async () => {
    const rows = { id: "acme", assistants: [{ id: "orphan", accessibility: "only_me" }], teams: [{ id: "t_1" }], projects: [] };
    for (const database of databases) {
      await database.fill(rows);
      assert.deepEqual(await selected(database, "assistant", some({ owner: "uma" })), []);
      assert.deepEqual(await selected(database, "team", some({ creator: "uma" })), []);
    }
  });

  test("`none` selects nothing and `all` everything, also beside another condition", async () => {
    const assistants = [
      { id: "ŝ-1", accessibility: "public", owner: "Ünal" },
      { id: "a2", accessibility: "only_me", owner: "uma" },
    ];
    for (const database of databases) {
      await database.fill({ id: "acme", assistants });
      const of = (condition) => {
        const { columns } = TABLES.assistant;
        const { text, values } = toSql(condition, { dialect: database.dialect, columns });
        return database.select(`SELECT id FROM assistants WHERE "Ow\`ner" = 'uma' AND ${text}`, values);
      };
      assert.deepEqual(await of({ kind: "none" }), []);
      assert.deepEqual(await of({ kind: "all", until: 1 }), ["a2"]);
      assert.deepEqual(await of(some({ accessibility: ["public"] }, { id: ["a2"] })), ["a2"]);
      assert.deepEqual(await of(some({ accessibility: ["public"] })), []);
    }
  });

  test("values are never text of the query", async () => {
    const hostile = ["'; DROP TABLE assistants; --", 'say "yes"', "back\\slash", "$1::text", "uma?", "x' OR '1'='1"];
    const assistants = hostile.map((id) => ({ id, owner: id, accessibility: "public" }));
    for (const database of databases) {
      await database.fill({ id: "acme", assistants });
      for (const id of hostile) {
        const condition = some({ owner: id });
        assert.deepEqual(await selected(database, "assistant", condition), [id]);
        const { text } = toSql(condition, { dialect: database.dialect, columns: COLUMNS });
        assert.ok(!text.includes(id), text);
      }
      assert.deepEqual((await selected(database, "assistant", some({ id: hostile }))).length, hostile.length);
    }
  });

  test("lists longer than a database takes parameters", async () => {
    const ids = Array.from({ length: 70_000 }, (_, n) => `a_${n.toString(36).padStart(5, "0")}`);
    const assistants = ids.map((id) => ({ id, owner: "Zoë", accessibility: "public" }));
    // MySQL's own function for it is not in SQLite.
    for (const database of databases.filter(({ dialect }) => dialect !== "mysql")) {
      await database.fill({ id: "acme", assistants });
      const condition = some({ id: [...ids.slice(1), "nowhere"] });
      assert.equal((await selected(database, "assistant", condition)).length, 69_999);
      const { values } = toSql(condition, { dialect: database.dialect, columns: COLUMNS });
      assert.equal(values.length, 1);
    }
  });
});

describe("the text", () => {
  const condition = some(
    { owner: "uma" },
    { team: ["t_1", "t_2"], accessibility: ["only_team", "public"] },
    { accessibility: ["public"] },
    { id: ["faq", "helper"] },
  );

  test("of Postgres", () => {
    assert.deepEqual(toSql(condition, { dialect: "postgres", columns: { ...COLUMNS, owner: ["a", "owner"] }, first: 3 }), {
      text: '("a"."owner" = $3 OR ("team" = ANY($4) AND "accessibility" = ANY($5)) OR "accessibility" = $6 OR "id" = ANY($7))',
      values: ["uma", ["t_1", "t_2"], ["only_team", "public"], "public", ["faq", "helper"]],
    });
  });

  test("of SQLite", () => {
    assert.deepEqual(toSql(condition, { dialect: "sqlite", columns: COLUMNS }), {
      text: '("owner" = ? OR ("team" IN (?, ?) AND "accessibility" IN (?, ?)) OR "accessibility" = ? OR "id" IN (?, ?))',
      values: ["uma", "t_1", "t_2", "only_team", "public", "public", "faq", "helper"],
    });
    const ids = Array.from({ length: 13 }, (_, n) => `a_${n}`);
    assert.deepEqual(toSql(some({ id: ids }), { dialect: "sqlite", columns: COLUMNS }), {
      text: '("id" IN (SELECT value FROM json_each(?)))',
      values: [JSON.stringify(ids)],
    });
  });

  test("of MySQL, whose collations take different ids for equal", () => {
    assert.deepEqual(toSql(some({ owner: "uma" }, { id: ["a", "b"] }), { dialect: "mysql", columns: COLUMNS }), {
      text: "((`owner` = ? AND CAST(`owner` AS BINARY) = ?) OR (`id` IN (?, ?) AND CAST(`id` AS BINARY) IN (?, ?)))",
      values: ["uma", "uma", "a", "b", "a", "b"],
    });
    const { text, values } = toSql(some({ id: Array.from({ length: 1_001 }, (_, n) => `a${n}`) }), {
      dialect: "mysql",
      columns: COLUMNS,
    });
    assert.match(text, /JSON_TABLE\(\?, '\$\[\*\]' COLUMNS/);
    assert.equal(values.length, 2);
  });

  test("quotes names", () => {
    const columns = { ...COLUMNS, owner: 'o"; --' };
    assert.equal(toSql(some({ owner: "uma" }), { dialect: "sqlite", columns }).text, '("o""; --" = ?)');
    assert.match(
      toSql(some({ owner: "uma" }), { dialect: "mysql", columns: { ...COLUMNS, owner: "o`x" } }).text,
      /^\(\(`o``x` = \?/,
    );
  });

  test("of Prisma is plain data", () => {
    assert.deepEqual(toPrisma(condition, { columns: { ...COLUMNS, team: ["project", "teamId"] } }), {
      OR: [
        { owner: { equals: "uma" } },
        { AND: [{ project: { teamId: { in: ["t_1", "t_2"] } } }, { accessibility: { in: ["only_team", "public"] } }] },
        { accessibility: { equals: "public" } },
        { id: { in: ["faq", "helper"] } },
      ],
    });
    assert.deepEqual(toPrisma({ kind: "none" }, { columns: COLUMNS }), { OR: [] });
    assert.deepEqual(toPrisma({ kind: "all" }, { columns: COLUMNS }), {});
  });
});

describe("query builders", () => {
  const organization = {
    id: "acme",
    projects: Array.from({ length: 30 }, (_, n) => ({ id: `p_${n}`, team: `t_${n}` })),
    assistants: Array.from({ length: 30 }, (_, n) => ({
      id: `a_${n}`,
      project: `p_${n}`,
      owner: n % 7 === 0 ? "uma" : "Łukasz",
      accessibility: ["only_me", "only_team", "public"][n % 3],
    })),
  };
  const conditions = [
    { kind: "none" },
    { kind: "all" },
    some({ owner: "uma" }, { team: ["t_1", "t_2", "t_3", "t_4"], accessibility: ["only_team", "public"] }),
    some({ id: Array.from({ length: 20 }, (_, n) => `a_${n}`) }, { accessibility: ["public"] }),
  ];
  let database, lite;
  before(async () => {
    [database, lite] = [await postgres(), await sqliteOf()];
    await database.fill(organization);
    await lite.fill(organization);
  });
  after(() => Promise.all([database.close(), lite.close()]));

  test("Drizzle selects the same rows in Postgres", async () => {
    const { columns } = TABLES.assistant;
    const table = pgTable("assistants", {
      id: text(columns.id),
      owner: text(columns.owner),
      team: text(columns.team[1]),
      accessibility: text(columns.accessibility),
    });
    const db = drizzle(database.database);
    const { id, owner, team, accessibility } = table;
    for (const condition of conditions) {
      const where = toDrizzle(condition, { dialect: "postgres", columns: { id, owner, team, accessibility }, sql: drizzleSql });
      const rows = await db.select({ id }).from(table).where(where).orderBy(id);
      assert.deepEqual(
        rows.map((row) => row.id),
        await selected(database, "assistant", condition),
      );
      const query = new SQLiteSyncDialect().sqlToQuery(
        toDrizzle(condition, { dialect: "sqlite", columns: { id, owner, team, accessibility }, sql: drizzleSql }),
      );
      const found = await lite.select(`SELECT id FROM assistants WHERE ${query.sql} ORDER BY id`, query.params);
      assert.deepEqual(found, await selected(lite, "assistant", condition));
    }
  });

  test("Kysely selects the same rows", async () => {
    const ways = [
      [database, new kysely.PostgresAdapter(), new kysely.PostgresQueryCompiler()],
      [lite, new kysely.SqliteAdapter(), new kysely.SqliteQueryCompiler()],
    ];
    for (const [{ dialect, select }, adapter, compiler] of ways) {
      const db = new kysely.Kysely({
        dialect: {
          createAdapter: () => adapter,
          createDriver: () => new kysely.DummyDriver(),
          createIntrospector: () => ({}),
          createQueryCompiler: () => compiler,
        },
      });
      const columns = { id: "a.id", owner: "a.Ow`ner", team: 'a.Te"am', accessibility: "a.accessibility" };
      for (const condition of conditions) {
        const where = toKysely(condition, { dialect, columns, sql: kysely.sql });
        const query = db.selectFrom("assistants as a").select("a.id").where(where).orderBy("a.id").compile();
        const found = await select(query.sql, query.parameters);
        assert.deepEqual(found, await selected(dialect === "postgres" ? database : lite, "assistant", condition));
      }
    }
  });
});

describe("a mistake is an error, and never a wider query", () => {
  const write = (condition, columns = COLUMNS, more = {}) => toSql(condition, { dialect: "postgres", columns, ...more });

  test("in a condition", () => {
    for (const [condition, path] of [
      [undefined, undefined],
      [{ kind: "maybe" }, "condition"],
      [{ kind: "some" }, "condition"],
      [{ kind: "some", any: [] }, "condition"],
      [{ kind: "all", any: [{ owner: "uma" }] }, "condition"],
      [{ kind: "some", any: [{}] }, "condition.any[0]"],
      [{ kind: "some", any: [{ owner: "uma" }, { owner: undefined }] }, "condition.any[1]"],
      [{ kind: "some", any: [{ team: [], accessibility: ["public"] }] }, "condition.any[0].team"],
      [{ kind: "some", any: [{ team: "t_1" }] }, "condition.any[0].team"],
      [{ kind: "some", any: [{ owner: ["uma"] }] }, "condition.any[0].owner"],
      [{ kind: "some", any: [{ accessibility: ["everybody"] }] }, "condition.any[0].accessibility"],
      [{ kind: "some", any: [{ id: [undefined] }] }, "condition.any[0].id"],
      [{ kind: "some", any: [{ owner: "uma", project: ["p"] }] }, "condition.any[0].project"],
      [{ kind: "some", any: [{ owner: "uma" }], but: 1 }, "condition.but"],
    ])
      for (const adapter of [write, (given) => toPrisma(given, { columns: COLUMNS })])
        assert.throws(() => adapter(condition), fails("invalid_options", path), JSON.stringify(condition));
  });

  test("in the columns, whatever the condition needs", () => {
    const { owner: _, ...without } = COLUMNS;
    for (const columns of [null, {}, without, { ...COLUMNS, project: "p" }, { id: "id" }, { ...COLUMNS, creator: "c" }])
      assert.throws(
        () => write({ kind: "all" }, columns),
        (error) => error.code === "invalid_options",
      );
    for (const name of ["", [], ["a", ""], 7, "a\0b"])
      assert.throws(() => write({ kind: "all" }, { ...COLUMNS, owner: name }), fails("invalid_options", "columns.owner"));
    assert.throws(() => write(some({ creator: "uma" })), fails("invalid_options", "columns.creator"));
    assert.throws(() => write({ kind: "all" }, COLUMNS, { dialect: "mssql" }), fails("invalid_options", "dialect"));
    for (const first of [0, 1.5, "1"])
      assert.throws(() => write({ kind: "all" }, COLUMNS, { first }), fails("invalid_options", "first"));
  });
});

describe("where", () => {
  const facts = {
    id: "acme",
    users: [
      { id: "uma", role: "user", name: "Uma Ñúñez" },
      { id: "gus", role: "global_admin" },
    ],
    teams: [{ id: "t_8f2k", members: [{ user: "uma", role: "owner", expires: NOW + 60 }] }],
    projects: [{ id: "p_1", team: "t_8f2k" }],
    assistants: [
      {
        id: "helper",
        project: "p_1",
        owner: "gus",
        accessibility: "public",
        links: [{ id: "l", level: "view", digest: digest(`wk_${"v".repeat(43)}`) }],
        embed: { origins: ["https://shop.example"] },
      },
    ],
  };
  const entries = [{ owner: "uma" }, { team: ["t_8f2k"], accessibility: ["only_team", "public"] }];

  test("of a directory", async () => {
    const { directory } = await Directory.found(facts, { now: NOW });
    assert.deepEqual(directory.where({ user: "uma" }, "conversations.view", NOW), { kind: "some", until: NOW + 60, any: entries });
    assert.deepEqual(directory.where({ user: "uma" }, "conversations.view", NOW + 60), { kind: "some", any: [entries[0]] });
    assert.deepEqual(directory.where("system", "team.view", NOW), { kind: "all" });
    assert.deepEqual(directory.where({ user: "nobody" }, "team.view", NOW), { kind: "none" });
    assert.deepEqual(directory.where({ user: "gus" }, "team.create", NOW), { kind: "none" });
    assert.deepEqual(directory.where({ user: "gus" }, "team.fly", NOW), { kind: "none" });
    assert.throws(() => directory.where({ user: "uma" }, "team.view", Date.now()), fails("invalid_options", "now"));
    assert.throws(() => directory.where({ user: "uma" }, 7, NOW), fails("invalid_options", "capability"));
    directory.free();
    assert.throws(() => directory.where({ user: "uma" }, "team.view", NOW), fails("freed"));
  });

  test("of a workspace snapshot, and after a delta", async () => {
    let now = NOW;
    const { directory } = await Directory.found(facts, { now: NOW });
    const claims = { key: keyPair.privateKey, issuedAt: NOW, expiresAt: NOW + 600 };
    const lists = await openForLists(directory.snapshot(claims), { keys, now: () => now });
    assert.deepEqual([lists.organization, lists.epoch, lists.version, lists.expiresAt], ["acme", 0, 1, NOW + 600]);
    const uma = lists.as({ user: "uma" });
    assert.deepEqual(uma.where("conversations.view"), { kind: "some", until: NOW + 60, any: entries });
    assert.deepEqual(lists.as({ link: `wk_${"v".repeat(43)}` }).where("assistant.chat"), {
      kind: "some",
      until: NOW + 600,
      any: [{ id: ["helper"] }],
    });
    assert.deepEqual(lists.as({ origin: "https://shop.example" }).where("assistant.chat"), {
      kind: "some",
      until: NOW + 600,
      any: [{ id: ["helper"] }],
    });
    assert.deepEqual(lists.as().where("assistant.chat"), { kind: "none" });
    assert.deepEqual(uma.where(7), { kind: "none" });

    directory.execute({ user: "gus" }, { type: "set_accessibility", assistant: "helper", accessibility: "only_me" }, { now: NOW });
    directory.execute({ user: "gus" }, { type: "remove_member", team: "t_8f2k", user: "uma" }, { now: NOW });
    lists.apply(directory.delta(1, claims));
    assert.equal(lists.version, 3);
    assert.deepEqual(uma.where("conversations.view"), { kind: "some", until: NOW + 600, any: [entries[0]] });

    now = NOW + 600;
    assert.deepEqual(uma.where("conversations.view"), { kind: "none" });
    now = NaN;
    assert.deepEqual(uma.where("conversations.view"), { kind: "none" });
    lists.free();
    assert.throws(() => uma.where("conversations.view"), fails("freed"));
    assert.throws(() => lists.as(), fails("freed"));
    directory.free();
  });

  test("of every scope, for whom it answers", async () => {
    const opened = async (scope) => openForLists(await signed(facts, { scope, issuedAt: NOW }), { keys, now: NOW });
    const [workspace, member, gate] = await Promise.all([
      opened("workspace"),
      opened({ member: "uma" }),
      opened({ gate: ["helper"] }),
    ]);
    const expected = workspace.as({ user: "uma" }).where("conversations.view");
    assert.equal(member.subject, "uma");
    assert.deepEqual(member.as().where("conversations.view"), expected);
    assert.throws(() => member.as({ user: "gus" }), fails("wrong_scope"));
    assert.throws(() => gate.as({ user: "uma" }), fails("wrong_scope"));
    const visitor = { origin: "https://shop.example" };
    assert.deepEqual(gate.as(visitor).where("assistant.chat"), workspace.as(visitor).where("assistant.chat"));
    for (const lists of [workspace, member, gate]) lists.free();
  });

  test("is of verified snapshots alone", async () => {
    const token = await signed(facts, { issuedAt: NOW });
    const broken = `${token.slice(0, -4)}AAAA`;
    await assert.rejects(openForLists(broken, { keys, now: NOW }), fails("bad_signature"));
    await assert.rejects(openForLists(token, { keys, now: NOW, organization: "other" }), fails("wrong_organization"));
    await assert.rejects(openForLists(token, { keys, now: NOW, nonsense: 1 }), fails("invalid_options", "nonsense"));
    const lists = await openForLists(token, { keys, now: NOW });
    assert.throws(() => lists.as({ usr: "uma" }), fails("invalid_options", "usr"));
    assert.throws(() => lists.as({ user: 7 }), fails("invalid_options", "user"));
    lists.free();
  });

  test("returns its memory when it is freed", async () => {
    const watch = watchMemory();
    const { init, openForLists: openThere } = await copy().entry("entry/authority-node.js");
    await init();
    watch.stop();
    const token = await signed(facts, { issuedAt: NOW });
    const rounds = async (count) => {
      for (let n = 0; n < count; n++) {
        const lists = await openThere(token, { keys, now: NOW });
        assert.equal(lists.as({ user: "uma" }).where("conversations.view").kind, "some");
        assert.throws(() => lists.apply(token));
        lists.free();
      }
    };
    await rounds(500);
    const before = watch.memory.buffer.byteLength;
    await rounds(3000);
    assert.equal(watch.memory.buffer.byteLength, before);
  });
});
