// The disk: data survives a restart, states are saved in time, and changed data is found.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { Directory, verifyChain } from "wicketgate/authority";
import { assertProblem } from "../lib/problem.mjs";
import { smallOrganization, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

const team = (id, name = id) => ({ type: "create_team", id, name });

describe("a restart", () => {
  let service;
  let gina;
  before(async () => {
    service = await startService();
    gina = await service.signIn("gina");
  });
  after(() => service?.stop());

  test("keeps the organization, the sessions and the keys", async () => {
    await gina.does(team("kept"));
    const state = async () => ({
      directory: await gina.json("/v1/directory"),
      keys: await gina.json("/.well-known/jwks.json"),
      audit: await gina.json("/v1/audit"),
    });
    const before = await state();
    await service.restart();
    assert.deepEqual(await state(), before);
  });

  test("reads the saved state and only the events after it", async () => {
    const long = "x".repeat(150);
    const states = async () =>
      (await service.restart({ edit: [["SELECT COALESCE(MAX(version), 0) AS version FROM state_parts"]] }))[0][0].version;
    for (let n = 0; n < 300; n += 1) await gina.does(team(`t${n}`, `${n} ${long}`));
    const { version } = await gina.json("/v1/directory");
    await until(async () => (await states()) >= 256, "the state is saved");
    assert.ok((await states()) <= version);
    assert.equal((await gina.json("/v1/directory")).version, version);

    // The events before the saved state are not needed to start.
    const saved = await states();
    await service.restart({ edit: [["DELETE FROM events WHERE version < ?", saved]] });
    assert.equal((await gina.json("/v1/directory")).version, version);
    await assertProblem(await gina.get("/v1/audit"), 500, "tampered");
  });
});

test("a start right after founding replays nothing: the state is saved with the first event", async () => {
  const service = await startService();
  try {
    const gina = await service.signIn("gina");
    const before = await gina.json("/v1/directory");
    // Only a replay reads these.
    const [[state]] = await service.restart({
      edit: [["SELECT version FROM state_parts"], ["UPDATE events SET sealed = '' WHERE version = 1"]],
    });
    assert.equal(state.version, 1);
    assert.deepEqual(await gina.json("/v1/directory"), before);
    await gina.does(team("after"));
  } finally {
    await service.stop();
  }
});

test("an organization whose facts do not fit into one row is stored and read", async () => {
  const facts = smallOrganization();
  // Characters of two UTF-16 units, which a wrong cut would break.
  facts.teams.push(
    ...Array.from({ length: 9000 }, (_, n) => ({ id: `big-${n}`, name: `${"x".repeat(n % 7)}${"😀é".repeat(60)}` })),
  );
  const service = await startService({ facts });
  try {
    const gina = await service.signIn("gina");
    const before = await gina.json("/v1/directory");
    const [[{ parts }]] = await service.restart({ edit: [["SELECT COUNT(*) AS parts FROM events"]] });
    assert.ok(parts > 4, `${parts} parts`);
    assert.deepEqual(await gina.json("/v1/directory"), before);
    const { events } = await gina.json("/v1/audit");
    await verifyChain(events);
  } finally {
    await service.stop();
  }
});

describe("the audit log", () => {
  let service;
  let gina;
  before(async () => {
    service = await startService();
    gina = await service.signIn("gina");
    for (let n = 0; n < 25; n += 1) await gina.does(team(`t${n}`));
  });
  after(() => service?.stop());

  test("comes in pages whose chain every reader can verify", async () => {
    const events = [];
    let head;
    for (let from = 0; from !== undefined; ) {
      const page = await gina.json(`/v1/audit?after=${from}&limit=10`);
      assert.ok(page.events.length <= 10);
      head = await verifyChain(page.events, head);
      events.push(...page.events);
      from = page.next;
    }
    assert.deepEqual(
      events.map(({ version }) => version),
      Array.from({ length: 27 }, (_, index) => index + 1),
    );
    assert.deepEqual(events.map(({ text }) => JSON.parse(text).command.type).slice(0, 3), ["found", "link_account", "create_team"]);
    assert.deepEqual(JSON.parse(events[2].text).actor, { user: "gina" });
    assert.deepEqual(await gina.json("/v1/audit?after=27"), { events: [] });
    assert.deepEqual(await gina.json("/v1/audit?after=1000"), { events: [] });
  });

  test("is for those who may see it, and contains nothing sealed", async () => {
    const abe = await service.signIn("abe");
    const problem = await assertProblem(await abe.get("/v1/audit"), 403, "not_allowed");
    assert.equal(problem.capability, "audit.view");
    for (const event of (await gina.json("/v1/audit?limit=1000")).events) assert.deepEqual(Object.keys(event), ["version", "text"]);
  });

  for (const query of ["after=-1", "after=x", "limit=0", "limit=1001", "limit=1e2"]) {
    test(`is refused with ${query}`, async () => {
      await assertProblem(await gina.get(`/v1/audit?${query}`), 400, "bad_request");
    });
  }
});

describe("a changed database", () => {
  const TABLES = ["events", "head"];
  let service;
  let gina;
  /** Statements that undo the change. */
  let undo;
  before(async () => {
    service = await startService();
    gina = await service.signIn("gina");
    for (let n = 0; n < 5; n += 1) await gina.does(team(`t${n}`));
    const rows = await service.restart({ edit: TABLES.map((table) => [`SELECT * FROM ${table}`]) });
    undo = TABLES.flatMap((table, index) => [
      [`DELETE FROM ${table}`],
      ...rows[index].map((row) => [
        `INSERT INTO ${table} VALUES (${Object.keys(row)
          .map(() => "?")
          .join(", ")})`,
        ...Object.values(row),
      ]),
    ]);
  });
  after(() => service?.stop());

  for (const [what, ...statements] of [
    ["the text of an event", ["UPDATE events SET text = REPLACE(text, 't3', 't9') WHERE version = 6"]],
    ["the sealed text of an event", ["UPDATE events SET sealed = REPLACE(sealed, 't3', 't9') WHERE version = 6"]],
    ["the text of the last event", ["UPDATE events SET text = REPLACE(text, 't4', 't9') WHERE version = 7"]],
    ["who did the last event", ["UPDATE events SET text = REPLACE(text, '\"gina\"', '\"abe\"') WHERE version = 7"]],
    ["an event by taking it out", ["DELETE FROM events WHERE version = 5"]],
    ["the last event by taking it out", ["DELETE FROM events WHERE version = 7"]],
    [
      "the order of two events",
      ["UPDATE events SET version = 100 WHERE version = 4"],
      ["UPDATE events SET version = 4 WHERE version = 5"],
      ["UPDATE events SET version = 5 WHERE version = 100"],
    ],
    [
      "an event by adding one",
      ["INSERT INTO events SELECT 8, part, REPLACE(text, '\"version\":7', '\"version\":8'), sealed FROM events WHERE version = 7"],
    ],
    ["the head", ["UPDATE head SET version = 6"]],
  ]) {
    test(`is found: ${what}`, async () => {
      await service.restart({ edit: [...undo, ...statements] });
      for (const path of ["/.well-known/jwks.json", "/v1/session", "/v1/snapshot", "/v1/directory", "/v1/audit", "/v1/head"])
        await assertProblem(await gina.get(path), 500, "tampered");
      await assertProblem(await gina.command(team("no")), 500, "tampered");
      await assertProblem(
        await service.operator("/v1/organization", { method: "PUT", body: smallOrganization() }),
        500,
        "tampered",
      );
    });
  }

  test("is accepted again after the change is undone", async () => {
    await service.restart({ edit: undo });
    assert.equal((await gina.get("/v1/session")).status, 200);
    assert.equal((await gina.get("/v1/audit")).status, 200);
    await gina.does(team("again"));
  });
});

describe("a changed database with a saved state", () => {
  let service;
  let gina;
  /** The saved state's version, and statements that undo the change. */
  let saved;
  let undo;
  before(async () => {
    service = await startService();
    gina = await service.signIn("gina");
    for (let n = 0; n < 300; n += 1) await gina.does(team(`t${n}`));
    const rows = () => service.restart({ edit: [["SELECT * FROM state_parts"], ["SELECT * FROM head"]] });
    let states;
    let head;
    await until(async () => ([states, head] = await rows())[0][0].version > 1, "the state is saved");
    saved = states[0].version;
    undo = [
      ["DELETE FROM state_parts"],
      ...states.map((row) => ["INSERT INTO state_parts VALUES (?, ?, ?, ?, ?)", ...Object.values(row)]),
      ["DELETE FROM head"],
      ["INSERT INTO head VALUES (?, ?, ?)", ...Object.values(head[0])],
    ];
  });
  after(() => service?.stop());

  for (const [what, ...statements] of [
    ["what it says", ["UPDATE state_parts SET text = REPLACE(text, 'application_admin', 'global_admin')"]],
    ["what it says, and its version", ["UPDATE state_parts SET version = version + 1"]],
    ["a part by taking it out", ["DELETE FROM state_parts WHERE part = 1"]],
    ["the last part by taking it out", ["DELETE FROM state_parts WHERE part = (SELECT MAX(part) FROM state_parts)"]],
    [
      "the order of two parts",
      ["UPDATE state_parts SET part = 100 WHERE part = 1"],
      ["UPDATE state_parts SET part = 1 WHERE part = 2"],
      ["UPDATE state_parts SET part = 2 WHERE part = 100"],
    ],
    ["the head", ["DELETE FROM head"]],
  ]) {
    test(`is found: ${what}`, async () => {
      await service.restart({ edit: [...undo, ...statements] });
      for (const path of ["/v1/session", "/v1/snapshot", "/v1/directory", "/v1/audit"])
        await assertProblem(await gina.get(path), 500, "tampered");
    });
  }

  test("is read as the one text that earlier versions wrote", async () => {
    await service.restart({ edit: undo });
    const before = await gina.json("/v1/directory");
    const [[head], events] = await service.restart({
      edit: [["SELECT * FROM head"], ["SELECT version, text, sealed FROM events WHERE part = 0 ORDER BY version"]],
    });
    const directory = await Directory.begin(events[0]);
    for (const event of events.slice(1)) if (event.version <= saved) directory.apply(event);
    const text = directory.dump();
    const digest = createHash("sha256").update(text).digest("base64url");
    const half = Math.floor(text.length / 2);
    const insert = (part, slice) => ["INSERT INTO states VALUES (?, ?, ?, ?)", part, saved, digest, slice];
    const edit = [["DELETE FROM state_parts"], insert(0, text.slice(0, half)), insert(1, text.slice(half))];
    await service.restart({ edit });
    assert.deepEqual(await gina.json("/v1/directory"), before);
    assert.equal(before.version, head.version);
    await service.restart({ edit: [["UPDATE states SET text = REPLACE(text, 'application_admin', 'global_admin')"]] });
    await assertProblem(await gina.get("/v1/session"), 500, "tampered");
    await service.restart({ edit: [["DELETE FROM states"], ...undo] });
  });

  test("is not needed: the events alone make the same state", async () => {
    await service.restart({ edit: undo });
    const before = await gina.json("/v1/directory");
    await service.restart({ edit: [["DELETE FROM state_parts"]] });
    assert.deepEqual(await gina.json("/v1/directory"), before);
  });

  test("a changed event before the state is found when it is read", async () => {
    assert.ok(saved > 6);
    await service.restart({ edit: [...undo, ["UPDATE events SET text = REPLACE(text, 't3', 't9') WHERE version = 6"]] });
    assert.equal((await gina.get("/v1/session")).status, 200);
    await assertProblem(await gina.get("/v1/audit?limit=10"), 500, "tampered");
    await assertProblem(await gina.get("/v1/audit?after=6&limit=10"), 500, "tampered");
    assert.equal((await gina.get("/v1/audit?after=7&limit=10")).status, 200);
  });

  test("a changed event at the state's version is found", async () => {
    await service.restart({ edit: [...undo, ["DELETE FROM events WHERE version = ?", saved]] });
    await assertProblem(await gina.get("/v1/session"), 500, "tampered");
  });
});
