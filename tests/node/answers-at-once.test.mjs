// The answers about all targets of a kind are read at once: of a small snapshot with the first question, of a workspace after many. They
// are the answers that the core gives one by one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { capabilities } from "wicketgate/contract";
import { NOW, acme, opened } from "../lib/world.mjs";

const TARGETS = {
  team: ["support", "sales", "no-team", "helper", "", "__proto__", "x".repeat(129)],
  project: ["faq", "deals", "no-project", "support", ""],
  assistant: ["helper", "draft", "site", "pitch", "no-assistant", "faq", "", "constructor", "x".repeat(129)],
};
const QUESTIONS = Object.entries(capabilities).flatMap(([name, { kind }]) =>
  [undefined, ...(TARGETS[kind] ?? ["helper"])].map((target) => [name, target]),
);

/** Compares every question with the core's decision, which is never remembered. */
function agrees(me, note) {
  let allowed = 0;
  for (const question of QUESTIONS) {
    assert.equal(me.can(...question), me.check(...question).allowed, `${note}: ${question}`);
    allowed += Number(me.can(...question));
  }
  return allowed;
}

describe("a member snapshot", () => {
  for (const user of ["gina", "vic", "ed", "olga", "abe"]) {
    test(`of ${user}`, async () => {
      const snapshot = await opened(acme(), { scope: { member: user } });
      assert.ok(agrees(snapshot.as(), user) > 0);
      // Another order of the first questions.
      const me = snapshot.as();
      for (const [name, target] of [...QUESTIONS].reverse()) assert.equal(me.can(name, target), me.check(name, target).allowed);
    });
  }

  test("answers anew after the time at which something ends, and back", async () => {
    const facts = acme();
    facts.assistants.find(({ id }) => id === "site").grants[0].expires = NOW + 100;
    const clock = { now: NOW };
    const me = (await opened(facts, { scope: { member: "ed" } }, { now: () => clock.now })).as();
    const asked = ["conversations.view", "site"];
    for (const [at, allowed] of [
      [NOW, true],
      [NOW + 99, true],
      [NOW + 100, false],
      [NOW + 50, true],
      [NOW + 10_000, false],
    ]) {
      clock.now = at;
      assert.equal(me.can(...asked), allowed, `at ${at - NOW}`);
      assert.equal(me.can("assistant.view", "no-assistant"), false);
      agrees(me, `at ${at - NOW}`);
    }
  });
});

test("a gate snapshot", async () => {
  const snapshot = await opened(acme(), { scope: { gate: ["site"] } });
  agrees(snapshot.as({ origin: "https://docs.acme.example" }), "a visitor");
});

test("a workspace, before and after its answers are read at once", async () => {
  const facts = acme();
  facts.assistants.push(
    ...Array.from({ length: 300 }, (_, n) => ({
      id: `a${n}`,
      project: n % 2 ? "faq" : "deals",
      owner: n % 3 ? "vic" : "abe",
      accessibility: ["only_me", "only_team", "public"][n % 3],
    })),
  );
  const snapshot = await opened(facts);
  for (const { id: user } of facts.users) {
    const me = snapshot.as({ user });
    for (let n = 0; n < 400; n++) {
      const question = [n % 2 ? "assistant.view" : "assistant.edit", `a${n}`];
      assert.equal(me.can(...question), me.check(...question).allowed, `${user}: ${question}`);
    }
    agrees(me, user);
  }
});
