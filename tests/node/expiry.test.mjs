// Time: an expiry between two questions changes the second answer.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open } from "wicketgate";
import { issue } from "wicketgate/authority";
import { fails } from "../lib/fails.mjs";
import { until } from "../lib/until.mjs";
import { EDIT, NOW, acme, keyPair, keys, opened } from "../lib/world.mjs";

/** A snapshot with a clock that the test sets. */
async function clocked(edit = () => {}, claims = {}, options = {}) {
  const facts = acme();
  edit(facts);
  const clock = { now: NOW };
  return { clock, snapshot: await opened(facts, claims, { now: () => clock.now, ...options }) };
}

/** The answer of every method that asks the same question; they must agree. */
function answers(snapshot, presented, principal, capability, target) {
  const held = principal.capabilities(target).includes(capability);
  const all = {
    can: principal.can(capability, target),
    check: principal.check(capability, target).allowed,
    list: principal.list(capability).includes(target),
    fresh: snapshot.as(presented).can(capability, target),
    ...(snapshot.scope === "workspace" && presented.link === undefined
      ? { whoCan: snapshot.whoCan(capability, target).includes(presented.user) }
      : {}),
  };
  for (const [way, answer] of Object.entries(all)) assert.equal(answer, held, way);
  return held;
}

describe("an expiry between two questions", () => {
  const cases = [
    [
      "a grant",
      (facts) => (facts.assistants[2].grants[0].expires = NOW + 100),
      { user: "ed" },
      "conversations.view",
      "site",
      "not_granted",
    ],
    [
      "a membership",
      (facts) => (facts.teams[0].members[0].expires = NOW + 100),
      { user: "olga" },
      "assistant.edit",
      "helper",
      "not_granted",
    ],
    [
      "a link",
      (facts) => (facts.assistants[2].links[1].expires = NOW + 100),
      { link: EDIT },
      "assistant.edit",
      "site",
      "link_expired",
    ],
    [
      "a user's link",
      (facts) => (facts.assistants[2].links[1].expires = NOW + 100),
      { user: "olga", link: EDIT },
      "assistant.edit",
      "site",
      undefined,
    ],
    ["the snapshot", () => {}, { user: "vic" }, "assistant.edit", "helper", "expired", { expiresIn: 100 }],
  ];
  for (const [name, edit, presented, capability, target, denied, claims] of cases) {
    test(name, async () => {
      const { clock, snapshot } = await clocked(edit, claims);
      const principal = snapshot.as(presented);
      const ask = () => answers(snapshot, presented, principal, capability, target);
      assert.equal(ask(), true);
      clock.now = NOW + 99.999;
      assert.equal(ask(), true);
      clock.now = NOW + 100;
      if (denied === undefined) {
        assert.equal(
          principal.check(capability, target).because.some(({ relation }) => relation === "edit_link"),
          false,
        );
      } else {
        assert.equal(ask(), false);
        assert.equal(principal.check(capability, target).denied, denied);
      }
      clock.now = NOW + 50;
      assert.equal(ask(), true, "the clock was set back");
      clock.now = NOW + 1e6;
      if (denied !== undefined) assert.equal(ask(), false);
    });
  }

  test("several expiries, while the clock jumps", async () => {
    const { clock, snapshot } = await clocked((facts) => {
      facts.assistants[2].grants[0].expires = NOW + 10;
      facts.teams[0].members[0].expires = NOW + 20;
      facts.teams[0].members[1].expires = NOW + 30;
    });
    const [ed, olga, vic] = ["ed", "olga", "vic"].map((user) => snapshot.as({ user }));
    for (const at of [0, 5, 10, 15, 20, 25, 30, 35, 12, 22, 3, 40, 0, 29, 30, 9]) {
      clock.now = NOW + at;
      assert.deepEqual(
        [ed.can("conversations.view", "site"), olga.can("team.edit", "support"), vic.can("team.view", "support")],
        [at < 10, at < 20, at < 30],
        `at ${at}`,
      );
    }
  });
});

test("before and after the validity, nobody holds anything", async () => {
  const { clock, snapshot } = await clocked(() => {}, { notBefore: NOW - 10, expiresIn: 100 }, { clockTolerance: 5 });
  const gina = snapshot.as({ user: "gina" });
  for (const [at, allowed] of [
    [0, true],
    [-15, true],
    [-16, false],
    [104, true],
    [105, false],
    [-16, false],
    [50, true],
  ]) {
    clock.now = NOW + at;
    assert.equal(gina.can("team.create"), allowed, `at ${at}`);
    if (!allowed) {
      assert.deepEqual(gina.check("team.create"), { allowed: false, denied: "expired" });
      assert.deepEqual(gina.capabilities(), []);
      assert.deepEqual(gina.list("assistant.view"), []);
      assert.deepEqual(snapshot.whoCan("team.create"), []);
      assert.equal(gina.canAssignRole("vic", "user"), false);
    }
  }
});

test("a clock that returns no number denies", async () => {
  const { clock, snapshot } = await clocked();
  const gina = snapshot.as({ user: "gina" });
  for (const broken of [NaN, Infinity, -Infinity, -1, undefined, null, "soon", {}, -0.5, `${NOW}`, BigInt(NOW)]) {
    assert.equal(gina.can("team.create"), true);
    clock.now = broken;
    assert.equal(gina.can("team.create"), false, String(broken));
    assert.deepEqual(gina.check("team.create"), { allowed: false, denied: "expired" }, String(broken));
    assert.deepEqual(gina.capabilities(), []);
    assert.deepEqual(snapshot.whoCan("team.create"), []);
    clock.now = NOW;
  }
});

test("the error of a clock that throws reaches the caller", async () => {
  const { snapshot } = await clocked(() => {}, {}, { now: tick([NOW]) });
  assert.throws(() => snapshot.as({ user: "gina" }).can("team.create"), /no more time/);
  function tick(times) {
    return () => times.shift() ?? fail();
  }
  function fail() {
    throw new RangeError("no more time");
  }
});

describe("by the system's clock", () => {
  test("an expired snapshot denies while the page goes on", async () => {
    const issuedAt = Math.floor(Date.now() / 1000);
    const token = await issue(acme(), { key: keyPair.privateKey, version: 1, issuedAt, expiresAt: issuedAt + 2 });
    const snapshot = await open(token, { keys });
    const gina = snapshot.as({ user: "gina" });
    assert.equal(gina.can("team.create"), true);
    await until(() => Date.now() / 1000 >= issuedAt + 2, "the snapshot expires");
    assert.equal(gina.can("team.create"), false, "the first question after that");
    assert.deepEqual(gina.check("team.create"), { allowed: false, denied: "expired" });
    await assert.rejects(open(token, { keys }), fails("expired", "exp"));
  });

  test("also within one long turn of the event loop", async () => {
    const issuedAt = Math.floor(Date.now() / 1000);
    const gina = (
      await open(await issue(acme(), { key: keyPair.privateKey, version: 1, issuedAt, expiresAt: issuedAt + 2 }), { keys })
    ).as({ user: "gina" });
    const deadline = Date.now() + 10_000;
    while (gina.can("team.create") && Date.now() < deadline);
    assert.ok(Date.now() < deadline, "the snapshot never expired");
  });
});
