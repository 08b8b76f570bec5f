// Many commands in one call: the same events, answers and refusals as one call for each.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CommandRefused, Directory, verifyChain } from "wicketgate/authority";
import { fails } from "../lib/fails.mjs";
import { NOW, acme } from "../lib/world.mjs";

const gina = { user: "gina" };
const founded = async () => (await Directory.found(acme(), { now: NOW })).directory;
const team = (id) => ({ type: "create_team", id, name: `Équipe « ${id} » 東京 🗼` });

/** Some are refused. */
const MIXED = [
  team("team-nord-1"),
  team("team-nord-1"),
  { type: "add_member", team: "team-nord-1", user: "vic", role: "viewer" },
  { type: "add_member", team: "team-nord-1", user: "zoë-7f3a", role: "viewer" },
  { type: "edit_team", team: "team-nord-1", name: "Zürich & Łódź\u2028\n" },
  { type: "edit_team", team: "team-nord-1", nmae: "Zürich" },
  { type: "create_project", team: "team-nord-1", id: "projet-été", name: "Été" },
  { type: "create_project", team: "team-nord-1", id: "press-8", name: "Presse" },
  null,
  { type: "delete_project", project: "press-8" },
];

/** What a directory made of a command: what came out, or the refusal. */
function outcome(work) {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

const comparable = (one) =>
  one instanceof CommandRefused
    ? { code: one.code, message: one.message, path: one.path, capability: one.capability, denied: one.denied, ids: one.ids }
    : one;

describe("many commands in one call", () => {
  test("are executed and refused as one by one", async () => {
    const [one, all] = [await founded(), await founded()];
    const expected = MIXED.map((command) => outcome(() => one.execute(gina, command, { now: NOW })));
    const outcomes = all.executeAll(gina, MIXED, { now: NOW });
    assert.deepEqual(outcomes.map(comparable), expected.map(comparable));
    assert.deepEqual([...new Set(outcomes.map((each) => each instanceof CommandRefused))], [false, true]);
    assert.equal(all.dump(), one.dump());
  });

  test("end at the first refusal, if that is asked for", async () => {
    const directory = await founded();
    const outcomes = directory.executeAll(gina, MIXED, { now: NOW, untilRefused: true });
    assert.deepEqual([outcomes.length, outcomes[0].event.version, outcomes[1].code], [2, 2, "already_exists"]);
    assert.equal(directory.version, 2);
  });

  test("are undone together", async () => {
    const directory = await founded();
    const before = directory.dump();
    assert.throws(() =>
      directory.atomically(() => {
        directory.executeAll(gina, MIXED, { now: NOW });
        throw new Error("the disk is full");
      }),
    );
    assert.equal(directory.dump(), before);
  });

  test("may be more, and have longer events, than one call takes", async () => {
    const directory = await founded();
    // Each event has its names twice, before and after: the texts have several megabytes.
    const name = (n) => `${n} ${"é".repeat(100)}`;
    const commands = Array.from({ length: 5_000 }, (_, n) => ({ type: "edit_team", team: "sales", name: name(n) }));
    const events = directory.executeAll(gina, commands, { now: NOW }).map(({ event }) => event);
    assert.deepEqual(
      events.map(({ version }) => version),
      commands.map((_, n) => n + 2),
    );
    assert.ok(events.reduce((sum, { text, sealed }) => sum + text.length + sealed.length, 0) > 2 * 2 ** 20);
    assert.equal(await verifyChain(events, JSON.parse(events[0].text).previous), directory.head);
    const { name: last } = directory.view("system", NOW).organization.teams.find(({ id }) => id === "sales");
    assert.equal(last, name(4_999));
  });

  test("have a random id each, where they give none", async () => {
    const directory = await founded();
    const made = directory.executeAll(gina, [
      { type: "create_team", name: "A" },
      { type: "create_team", name: "B" },
    ]);
    const [one, other] = made.map(({ result }) => result.team);
    assert.ok(one.length > 16 && one !== other, `${one} ${other}`);
  });

  test("are refused each by itself where they cannot be written as JSON", async () => {
    const circular = { type: "create_team", name: "Ronde" };
    circular.self = circular;
    const directory = await founded();
    const outcomes = directory.executeAll(gina, [team("before"), circular, { ...team("big"), n: 1n }, undefined, team("after")]);
    assert.deepEqual(
      outcomes.map((each) => each.code ?? each.result.team),
      ["before", "invalid_command", "invalid_command", "invalid_command", "after"],
    );
  });

  test("must be a list, with known options", async () => {
    const directory = await founded();
    for (const odd of [undefined, null, {}, "[]", { length: 1, 0: team("x") }])
      assert.throws(() => directory.executeAll(gina, odd), fails("invalid_options", "commands"));
    assert.throws(() => directory.executeAll(gina, [], { entropy: new Uint8Array(32) }), fails("invalid_options", "entropy"));
    assert.throws(() => directory.executeAll({ user: 7 }, [team("x")]), fails("invalid_options"));
    assert.deepEqual(directory.executeAll(gina, []), []);
    assert.equal(directory.version, 1);
  });
});
