// Questions to an opened snapshot: users, visitors, lists, complete answers, and the answers of each scope.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { roleBound } from "wicketgate";
import { fakePrincipal } from "wicketgate/testing";
import { fails } from "../lib/fails.mjs";
import { EDIT, NOW, ORIGIN, STRANGE, VIEW, acme, opened, sorted } from "../lib/world.mjs";

const snapshot = await opened();
const as = (user) => snapshot.as({ user });
/** All capabilities of assistants, in the order of the core's table. */
const ofAssistants = () => {
  const [, table] = /^ {4}Assistant:\n([^;]*);/m.exec(
    readFileSync(new URL("../../src/rules/capability.rs", import.meta.url), "utf8"),
  );
  return [...table.matchAll(/^ +\w+ "([a-z_.]+)"/gm)].map(([, name]) => name);
};
const VISITING = ["assistant.view", "assistant.chat"];

describe("can and check", () => {
  test("agree, with reasons", () => {
    assert.deepEqual(as("vic").check("assistant.edit", "helper"), { allowed: true, because: [{ relation: "assistant_owner" }] });
    assert.deepEqual(as("olga").check("team.edit", "support"), {
      allowed: true,
      because: [{ relation: "team_owner", role: "owner", team: "support" }],
    });
    assert.deepEqual(as("olga").check("assistant.view", "draft"), { allowed: false, denied: "only_me" });
    assert.deepEqual(as("ed").check("assistant.edit", "helper"), { allowed: false, denied: "only_team" });
    assert.deepEqual(as("gina").check("panel.analytics"), { allowed: false, denied: "plan" });
    assert.deepEqual(as("sam").check("team.create"), { allowed: false, denied: "inactive" });
    assert.deepEqual(as("nobody").check("team.create"), { allowed: false, denied: "inactive" });
    assert.equal(as("vic").can("assistant.edit", "helper"), true);
    assert.equal(as("olga").can("assistant.view", "draft"), false);
  });

  test("deny unknown capabilities and targets, targets of another kind, a missing target and one too many", () => {
    const gina = as("gina");
    for (const [capability, target] of [
      ["asistant.edit", "helper"],
      ["", undefined],
      ["__proto__", undefined],
      ["constructor", "helper"],
      ["toString", undefined],
      ["assistant.edit", "nowhere"],
      ["assistant.edit", "support"],
      ["team.edit", "helper"],
      ["project.edit", "support"],
      ["assistant.edit", undefined],
      ["team.create", "support"],
      ["assistant.edit", "__proto__"],
      ["assistant.edit", ""],
      ["assistant.edit", "Helper"],
      ["assistant.edit", "helper\0"],
      ["assistant.edit", "helper\ud800"],
      ["team.create", ""],
    ]) {
      assert.equal(gina.can(capability, target), false, `${capability} ${target}`);
      assert.deepEqual(gina.check(capability, target), { allowed: false, denied: "unknown_target" }, `${capability} ${target}`);
    }
    for (const target of [null, 0, {}, ["helper"], Symbol.iterator, new String("helper")]) {
      assert.equal(gina.can("assistant.edit", target), false);
      assert.equal(gina.can("team.create", target), false);
    }
  });

  test("capabilities with the same bit in different kinds are different questions", () => {
    const vic = as("vic");
    assert.equal(vic.can("team.view", "support"), true);
    assert.equal(vic.can("team.edit", "support"), false);
    assert.equal(vic.can("project.view", "faq"), true);
    assert.equal(vic.can("project.edit", "faq"), true);
    assert.equal(vic.can("project.edit", "support"), false);
  });
});

describe("capabilities", () => {
  test("of every kind of target", () => {
    const vic = as("vic");
    assert.deepEqual(vic.capabilities(), []);
    assert.deepEqual(sorted(vic.capabilities({ team: "support" })), ["assistant.create", "project.create", "team.view"]);
    assert.deepEqual(sorted(vic.capabilities({ project: "faq" })), ["project.delete", "project.edit", "project.view"]);
    assert.deepEqual(vic.capabilities("helper"), vic.capabilities({ assistant: "helper" }));
    assert.ok(vic.capabilities("helper").includes("assistant.delete"));
    assert.ok(!vic.capabilities("helper").includes("evaluation.run"));
    assert.deepEqual(sorted(as("gina").capabilities("helper")), sorted(ofAssistants()));
    assert.ok(!as("gina").capabilities().includes("panel.analytics"));
    assert.deepEqual(vic.capabilities("nowhere"), []);
    assert.deepEqual(vic.capabilities({ team: "helper" }), []);
    assert.deepEqual(vic.capabilities({}), []);
  });

  test("agree with can, for everybody and every target", () => {
    const { users, teams, projects, assistants } = snapshot.facts();
    const targets = [
      undefined,
      ...teams.map(({ id }) => ({ team: id })),
      ...projects.map(({ id }) => ({ project: id })),
      ...assistants.map(({ id }) => id),
    ];
    const names = (target) => as("gina").capabilities(target);
    for (const { id: user } of users) {
      for (const target of targets) {
        const principal = as(user);
        const id = typeof target === "object" ? Object.values(target)[0] : target;
        const held = names(target).filter((capability) => as(user).can(capability, id));
        assert.deepEqual(principal.capabilities(target), held, `${user} ${id}`);
        for (const capability of names(target)) {
          assert.equal(principal.check(capability, id).allowed, held.includes(capability));
          assert.equal(snapshot.whoCan(capability, id).includes(user), held.includes(capability), `${user} ${capability} ${id}`);
          if (id !== undefined)
            assert.equal(principal.list(capability).includes(id), held.includes(capability), `${user} ${capability} ${id}`);
        }
      }
    }
  });
});

test("list", () => {
  assert.deepEqual(as("vic").list("assistant.view"), ["draft", "helper", "site"]);
  assert.deepEqual(as("ed").list("assistant.view"), ["site"]);
  assert.deepEqual(as("ed").list("conversations.view"), ["site"]);
  assert.deepEqual(as("abe").list("team.edit"), ["sales"]);
  assert.deepEqual(as("vic").list("project.edit"), ["faq"]);
  assert.deepEqual(as("sam").list("assistant.view"), []);
  assert.deepEqual(as("gina").list("team.create"), []);
  assert.deepEqual(as("gina").list("no.such"), []);
  assert.deepEqual(snapshot.as().list("assistant.view"), []);
});

test("whoCan", () => {
  assert.deepEqual(snapshot.whoCan("assistant.edit", "helper"), ["gina", "olga", "vic"]);
  assert.deepEqual(snapshot.whoCan("team.create"), ["abe", "gina"]);
  assert.deepEqual(snapshot.whoCan("audit.view"), ["gina"]);
  assert.deepEqual(snapshot.whoCan("panel.analytics"), []);
  assert.deepEqual(snapshot.whoCan("assistant.edit", "nowhere"), []);
  assert.deepEqual(snapshot.whoCan("assistant.edit"), []);
  assert.deepEqual(snapshot.whoCan("no.such"), []);
});

test("canAssignRole", async () => {
  assert.equal(as("gina").canAssignRole("vic", "global_admin"), true);
  assert.equal(as("abe").canAssignRole("vic", "application_admin"), true);
  assert.equal(as("abe").canAssignRole("vic", "global_admin"), false);
  assert.equal(as("abe").canAssignRole("gina", "user"), false);
  assert.equal(as("abe").canAssignRole("vic", "auditor"), false, "grants audit.view, which abe lacks");
  assert.equal(as("gina").canAssignRole("vic", "auditor"), true);
  assert.equal(as("gina").canAssignRole("vic", "agent_user"), false, "not an organization role");
  assert.equal(as("gina").canAssignRole("gina", "user"), false);
  assert.equal(as("gina").canAssignRole("nobody", "user"), false);
  assert.equal(as("gina").canAssignRole("vic", "no_such"), false);
  assert.equal(as("vic").canAssignRole("ed", "user"), false);
  assert.equal(as("sam").canAssignRole("vic", "user"), false);
  assert.equal(snapshot.as().canAssignRole("vic", "user"), false);
});

test("roleBound", async () => {
  assert.equal(roleBound(as("gina"), { user: "vic", role: "global_admin" }), undefined);
  assert.equal(roleBound(as("gina"), { user: "gina", role: "user" }), "own_role");
  assert.equal(roleBound(as("gina"), { user: "gina" }), "last_global_admin", "sam is suspended");
  assert.equal(roleBound(as("abe"), { user: "gina" }), "beyond_own_role");
  assert.equal(roleBound(as("abe"), { role: "application_admin" }), undefined);
  assert.equal(roleBound(as("abe"), { role: "auditor" }), "beyond_own_role");
  // Whatever capabilities the person holds: that is another question.
  assert.equal(roleBound(as("vic"), { user: "ed", role: "user" }), undefined);
  for (const change of [{}, { user: "nobody" }, { role: "no_such" }, { role: "agent_user" }, { user: "vic", role: "" }])
    assert.equal(roleBound(as("gina"), change), "beyond_own_role", JSON.stringify(change));
  for (const nobody of [as("sam"), snapshot.as(), {}, fakePrincipal()])
    assert.equal(roleBound(nobody, { user: "vic", role: "user" }), "beyond_own_role");
  for (const odd of [null, { user: 7 }, { role: null }, { person: "vic" }])
    assert.throws(() => roleBound(as("gina"), odd), fails("invalid_options"));
});

describe("visitors", () => {
  const visitor = (presented) => snapshot.as(presented);

  test("without a credential hold nothing", () => {
    for (const principal of [snapshot.as(), snapshot.as({}), visitor({ user: undefined, link: undefined, origin: undefined })]) {
      assert.deepEqual(principal.check("assistant.view", "site"), { allowed: false, denied: "not_granted" });
      assert.deepEqual(principal.capabilities(), []);
    }
  });

  test("with a link hold its capabilities on its assistant", () => {
    assert.deepEqual(visitor({ link: VIEW }).capabilities("site"), VISITING);
    assert.deepEqual(sorted(visitor({ link: EDIT }).capabilities("site")), [
      "assistant.chat",
      "assistant.edit",
      "assistant.view",
      "corpus.view",
    ]);
    assert.deepEqual(visitor({ link: EDIT }).capabilities("helper"), []);
    assert.deepEqual(visitor({ link: EDIT }).list("assistant.edit"), ["site"]);
    assert.deepEqual(visitor({ link: EDIT }).check("assistant.edit", "site"), {
      allowed: true,
      because: [{ relation: "edit_link" }],
    });
    for (const wrong of [STRANGE, "", "wk_", `${EDIT} `, EDIT.toUpperCase(), "x".repeat(100_000)]) {
      assert.deepEqual(visitor({ link: wrong }).check("assistant.view", "site"), { allowed: false, denied: "link_invalid" });
    }
  });

  test("from an allowed origin may view and chat", () => {
    assert.deepEqual(visitor({ origin: ORIGIN }).capabilities("site"), VISITING);
    assert.deepEqual(visitor({ origin: "https://DOCS.acme.example:443" }).capabilities("site"), VISITING);
    for (const wrong of [
      "https://docs.acme.example.evil.example",
      "http://docs.acme.example",
      "https://docs.acme.example:444",
      "null",
      "",
      "*",
      "docs.acme.example",
    ]) {
      assert.deepEqual(
        visitor({ origin: wrong }).check("assistant.chat", "site"),
        { allowed: false, denied: "origin_not_allowed" },
        wrong,
      );
    }
  });

  test("malformed credentials grant nothing", () => {
    for (const nonsense of [null, 0, 5, true, {}, [], ["gina"], () => "gina", Symbol("gina")]) {
      for (const name of ["user", "link", "origin"]) {
        let held = [];
        try {
          held = visitor({ [name]: nonsense }).capabilities("helper");
        } catch (error) {
          assert.ok(error instanceof TypeError || error.name === "WicketgateError", String(error));
        }
        assert.deepEqual(held, [], `${name}: ${String(nonsense)}`);
      }
    }
  });

  test("a user with a link holds the union; an origin does not count for users", () => {
    const ed = snapshot.as({ user: "ed", link: EDIT });
    assert.equal(ed.can("assistant.edit", "site"), true);
    assert.equal(ed.can("conversations.view", "site"), true);
    assert.deepEqual(
      ed.check("assistant.view", "site").because.map(({ relation }) => relation),
      ["assistant_grant", "public", "edit_link"],
    );
    assert.deepEqual(snapshot.as({ user: "sam", link: EDIT }).check("assistant.view", "site"), {
      allowed: false,
      denied: "inactive",
    });
    const olga = snapshot.as({ user: "olga", origin: ORIGIN }).check("assistant.view", "site");
    assert.ok(!olga.because.some(({ relation }) => relation === "embed"));
  });
});

describe("scopes", () => {
  test("a member snapshot answers for its subject, as the workspace does", async () => {
    const facts = acme();
    for (const { id: user } of facts.users) {
      const member = await opened(facts, { scope: { member: user } });
      assert.equal(member.scope, "member");
      assert.equal(member.subject, user);
      for (const me of [member.as(), member.as({ user })]) {
        for (const { id } of facts.assistants) assert.deepEqual(me.capabilities(id), as(user).capabilities(id), `${user} ${id}`);
        for (const { id } of facts.teams) assert.deepEqual(me.capabilities({ team: id }), as(user).capabilities({ team: id }));
        assert.deepEqual(me.capabilities(), as(user).capabilities());
      }
    }
  });

  test("a member snapshot answers for nobody else", async () => {
    const member = await opened(acme(), { scope: { member: "vic" } });
    for (const other of [
      {},
      { user: undefined },
      { user: "gina" },
      { user: "" },
      { user: "vic", link: EDIT },
      { link: EDIT },
      { origin: ORIGIN },
    ]) {
      assert.throws(() => member.as(other), fails("wrong_scope"), JSON.stringify(other));
    }
    assert.throws(() => member.whoCan("assistant.edit", "helper"), fails("wrong_scope"));
    assert.throws(() => member.diff(snapshot), fails("wrong_scope"));
    assert.throws(() => snapshot.diff(member), fails("wrong_scope"));
  });

  test("a gate snapshot answers visitors as the workspace does, and has no users", async () => {
    const gate = await opened(acme(), { scope: { gate: ["site", "helper", "nowhere"] } });
    assert.equal(gate.scope, "gate");
    assert.equal(gate.subject, undefined);
    assert.deepEqual(gate.as({ link: EDIT }).capabilities("site"), snapshot.as({ link: EDIT }).capabilities("site"));
    assert.deepEqual(gate.as({ origin: ORIGIN }).list("assistant.chat"), ["site"]);
    assert.deepEqual(gate.as({ link: STRANGE }).check("assistant.view", "site"), { allowed: false, denied: "link_invalid" });
    assert.deepEqual(gate.as({ link: EDIT }).check("assistant.view", "helper"), { allowed: false, denied: "unknown_target" });
    for (const someone of [{ user: "gina" }, { user: "gina", link: EDIT }])
      assert.throws(() => gate.as(someone), fails("wrong_scope"));
    assert.throws(() => gate.whoCan("assistant.edit", "site"), fails("wrong_scope"));
    assert.throws(() => gate.diff(gate), fails("wrong_scope"));
  });
});

describe("facts", () => {
  test("are the signed facts, a new copy at each call", () => {
    const facts = snapshot.facts();
    assert.deepEqual(
      facts.teams.map(({ name }) => name),
      ["Sales", "Support"],
    );
    assert.equal(facts.assistants[1].grants[0].user, "ed");
    facts.assistants[1].owner = "ed";
    facts.users.length = 0;
    assert.equal(snapshot.facts().users.length, 6);
    assert.equal(as("ed").can("assistant.edit", "helper"), false);
  });
});

describe("diff", () => {
  test("lists the capabilities that each user gained and lost", async () => {
    const facts = acme();
    facts.assistants[1].accessibility = "public";
    facts.users[1].role = "user";
    const changes = (await opened(facts, { version: 2 })).diff(snapshot);
    const of = (user, target) => changes.find((change) => change.user === user && change.target === target);
    assert.deepEqual(sorted(of("ed", "helper").gained), ["assistant.chat", "assistant.edit", "assistant.view", "corpus.view"]);
    assert.deepEqual(of("ed", "helper").lost, []);
    assert.equal(of("ed", "helper").kind, "assistant");
    const abe = changes.find((change) => change.user === "abe" && change.kind === "organization");
    assert.equal("target" in abe, false);
    assert.ok(abe.lost.includes("team.create"));
    assert.deepEqual(abe.gained, []);
    assert.ok(of("abe", "sales").lost.includes("team.edit"));
    assert.equal(of("gina", "helper"), undefined);
  });

  test("of the same facts is empty; with another organization it is refused", async () => {
    assert.deepEqual((await opened()).diff(snapshot), []);
    assert.deepEqual(snapshot.diff(snapshot), []);
    const other = await opened({ ...acme(), id: "other" });
    assert.throws(() => other.diff(snapshot), fails("different_organizations"));
  });

  test("depends on the facts only: an expired snapshot can still be compared", async () => {
    let now = NOW;
    const newer = await opened({ ...acme(), assistants: [] }, {}, { now: () => now });
    now += 10_000;
    assert.ok(
      newer
        .diff(snapshot)
        .some(({ user, target, lost }) => user === "vic" && target === "draft" && lost.includes("assistant.edit")),
    );
  });
});

describe("values of the wrong type and misspelt options never reach the core", () => {
  test("a principal", async () => {
    const member = await opened(acme(), { scope: { member: "vic" } });
    for (const someone of [{ userId: "vic" }, { user: 5 }, { link: {} }, { origin: null }, "vic", null]) {
      assert.throws(() => member.as(someone), fails("invalid_options"), JSON.stringify(someone));
      assert.throws(() => snapshot.as(someone), fails("invalid_options"), JSON.stringify(someone));
    }
  });

  test("a question", () => {
    const me = as("vic");
    const unknown = { allowed: false, denied: "unknown_target" };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const text = { toString: () => "assistant.edit" };
    for (const odd of [
      null,
      5,
      {},
      [],
      ["assistant.edit"],
      ["draft"],
      text,
      new String("draft"),
      Symbol("draft"),
      7n,
      () => "draft",
      revoked.proxy,
    ]) {
      assert.equal(me.can("assistant.edit", odd), false);
      assert.equal(me.can(odd, "draft"), false);
      assert.deepEqual(me.check("assistant.edit", odd), unknown);
      assert.deepEqual(me.check(odd, "draft"), unknown);
      assert.deepEqual([me.canAssignRole(odd, "user"), me.canAssignRole("vic", odd)], [false, false]);
      assert.deepEqual(
        [me.list(odd), me.capabilities(odd), snapshot.whoCan(odd, "draft"), snapshot.whoCan("assistant.edit", odd)],
        [[], [], [], []],
      );
      for (const kind of ["team", "project", "assistant"]) assert.deepEqual(me.capabilities({ [kind]: odd }), []);
    }
    assert.equal(me.can("assistant.edit", "x".repeat(1e6)), false);
  });
});
