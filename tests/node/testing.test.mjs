// `wicketgate/testing`: fakes with chosen answers, and signed snapshots that open.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
import { WicketgateError } from "wicketgate";
import { observe } from "wicketgate/observer";
import { Can, Wicketgate, usePermission } from "wicketgate/react";
import { fakeLive, fakePrincipal, signedSnapshot } from "wicketgate/testing";
import { acme, opened } from "../lib/world.mjs";

const MINE = [
  ["assistant.edit", "helper"],
  ["assistant.view", "helper"],
  ["assistant.view", "Ünïcode-9f2c"],
  ["team.edit", "support"],
  ["team.create"],
];

describe("fakePrincipal", () => {
  const me = fakePrincipal({ user: "vic", allow: MINE });

  test("answers every question from the list", () => {
    assert.equal(me.can("assistant.edit", "helper"), true);
    assert.equal(me.can("assistant.edit", "draft"), false);
    assert.equal(me.can("team.create"), true);
    assert.equal(me.can("panel.aliases"), false);
    assert.deepEqual(me.check("assistant.edit", "helper"), {
      allowed: true,
      because: [{ relation: "organization_role", role: "fake" }],
    });
    assert.deepEqual(me.check("assistant.edit", "draft"), { allowed: false, denied: "not_granted" });
    assert.deepEqual(me.capabilities("helper"), ["assistant.view", "assistant.edit"]);
    assert.deepEqual(me.capabilities({ assistant: "helper" }), ["assistant.view", "assistant.edit"]);
    assert.deepEqual(me.capabilities({ team: "support" }), ["team.edit"]);
    assert.deepEqual(me.capabilities({ project: "support" }), []);
    assert.deepEqual(me.capabilities(), ["team.create"]);
    assert.deepEqual(me.list("assistant.view"), ["helper", "Ünïcode-9f2c"]);
    assert.equal(me.canAssignRole("ed", "user"), false);
    assert.equal(me.assert("assistant.edit", "helper"), undefined);
    me.free();
    assert.equal(String(me), "[object Principal vic, a fake]");
  });

  test("denies what the real one denies, with its reason", async () => {
    const real = (await opened()).as({ user: "vic" });
    const any = fakePrincipal({ allow: () => true });
    for (const question of [
      ["asistant.edit", "helper"],
      ["assistant.edit"],
      ["team.create", "support"],
      ["__proto__"],
      ["toString", "helper"],
    ]) {
      assert.deepEqual(any.check(...question), real.check(...question), question.join());
      assert.equal(any.can(...question), false);
    }
  });

  test("a function decides; reasons can be chosen", () => {
    const some = fakePrincipal({
      allow: (capability, target) => capability === "assistant.view" && target !== "draft",
      ids: ["draft", "helper"],
      denied: "plan",
      because: [{ relation: "public" }],
      assign: (_, role) => role === "user",
    });
    assert.deepEqual(some.list("assistant.view"), ["helper"]);
    assert.deepEqual(some.check("assistant.view", "draft"), { allowed: false, denied: "plan" });
    assert.deepEqual(some.check("assistant.view", "x"), { allowed: true, because: [{ relation: "public" }] });
    assert.deepEqual([some.canAssignRole("a", "user"), some.canAssignRole("a", "global_admin")], [true, false]);
  });

  test("knows every capability, of its kind", async () => {
    const gina = (await opened({ ...acme(), plan: {} })).as({ user: "gina" });
    const all = fakePrincipal({ allow: () => true });
    for (const target of [undefined, { team: "support" }, { project: "faq" }, "helper"])
      assert.deepEqual(all.capabilities(target).sort(), gina.capabilities(target).sort());
  });

  test("assert throws what the real one throws", async () => {
    const real = (await opened()).as({ user: "vic" });
    const fakes = [real, fakePrincipal()];
    const errors = fakes.map((principal) => {
      try {
        return principal.assert("team.create");
      } catch (error) {
        return error;
      }
    });
    for (const error of errors) {
      assert.ok(error instanceof WicketgateError);
      assert.deepEqual(
        [error.code, error.message, error.decision],
        ["denied", "`team.create` is denied: not_granted", { allowed: false, denied: "not_granted" }],
      );
    }
    assert.throws(() => real.assert("assistant.edit", "pitch`\n"), {
      code: "denied",
      message: "`assistant.edit` on `pitch\ufffd\ufffd` is denied: unknown_target",
    });
    assert.equal(real.assert("assistant.edit", "helper"), undefined);
  });
});

describe("fakeLive", () => {
  test("is controlled by the test, and followed like a real one", () => {
    const live = fakeLive({ me: fakePrincipal({ allow: MINE }), facts: { id: "acme", teams: [{ id: "support" }] } });
    const observer = observe({ live });
    let told = 0;
    const off = observer.subscribe(() => told++);
    assert.deepEqual(
      [observer.can("team.create"), observer.state.freshness, observer.state.snapshot.facts().id, observer.state.live],
      [true, "fresh", "acme", live],
    );
    live.become(fakePrincipal());
    assert.deepEqual([told, observer.can("team.create"), live.version], [1, false, 2]);
    live.emit("freshness", "stale");
    assert.deepEqual([told, observer.state.freshness], [2, "stale"]);
    live.emit("signedOut", new WicketgateError("removed_user", "the authority answered 403"));
    assert.deepEqual([told, observer.state.freshness, observer.check("team.create").denied], [3, "expired", "expired"]);
    off();
    live.become(fakePrincipal());
    assert.equal(told, 3);
  });

  test("renders in React", () => {
    const Shows = () => `${usePermission("assistant.edit", "helper")}`;
    const me = fakePrincipal({ allow: MINE });
    assert.equal(
      renderToString(h(Wicketgate, { principal: me }, h(Shows), h(Can, { do: "team.create" }, " new"))).replaceAll("<!-- -->", ""),
      "true new",
    );
  });
});

describe("signedSnapshot", () => {
  test("opens in one line, for its user", async () => {
    const me = (await (await signedSnapshot(acme(), { as: "vic" })).open()).as();
    assert.equal(me.can("assistant.edit", "helper"), true);
    assert.equal(me.can("team.create"), false);
    const { open } = await signedSnapshot(acme(), {
      version: 7,
      epoch: 2,
      issuer: "https://authority.acme.example",
      audience: "tests",
    });
    const snapshot = await open({
      issuer: "https://authority.acme.example",
      audience: "tests",
      organization: "acme",
      minVersion: 7,
    });
    assert.deepEqual([snapshot.scope, snapshot.version, snapshot.epoch], ["workspace", 7, 2]);
    assert.equal(snapshot.as({ user: "gina" }).can("team.create"), true);
  });

  test("is verified: with other keys, or late, it does not open", async () => {
    const [one, other] = [await signedSnapshot(acme()), await signedSnapshot(acme())];
    const { open } = await import("wicketgate");
    await assert.rejects(open(one.token, { keys: other.keys }), { code: "bad_signature" });
    await assert.rejects(one.open({ now: Date.now() / 1000 + 7200 }), { code: "expired" });
    await assert.rejects((await signedSnapshot({ ...acme(), users: [{ id: "vic", role: "nobody" }] })).open(), {
      code: "invalid_facts",
    });
  });

  test("with the platform's cryptography if Node's is missing", async () => {
    const { getBuiltinModule } = process;
    process.getBuiltinModule = undefined;
    try {
      const { token, open } = await signedSnapshot(
        { ...acme(), teams: [{ id: "support", name: "Unterstützung – Zürich 🐟", creator: "gina" }, { id: "sales" }] },
        { as: "vic" },
      );
      assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]{86}$/);
      assert.equal((await open()).facts().teams.find(({ id }) => id === "support").name, "Unterstützung – Zürich 🐟");
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  });
});
