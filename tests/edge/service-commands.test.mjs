// Commands: sent twice, sent at the same time, and their effects on the gate.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { open } from "wicketgate";
import { assertProblem } from "../lib/problem.mjs";
import { AUDIENCE, ISSUER, smallOrganization, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

const team = (id) => ({ type: "create_team", id, name: id });
const version = async () => (await gina.json("/v1/directory")).version;
const keySet = async () => (await gina.get("/.well-known/jwks.json")).json();

describe("an idempotency key", () => {
  test("makes a repeated command apply once", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const first = await gina.does(team("once"), headers);
    assert.deepEqual(await gina.does(team("once"), headers), first);
    assert.equal(await version(), first.version);
  });

  test("also if it is sent many times at once", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const before = await version();
    const answers = await Promise.all(Array.from({ length: 10 }, () => gina.does({ type: "create_team", name: "Many" }, headers)));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(await version(), before + 1);
  });

  test("also across a restart", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const first = await gina.does(team("restarted"), headers);
    await service.restart();
    assert.deepEqual(await gina.does(team("restarted"), headers), first);
  });

  test("is valid for one command alone", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    await gina.does(team("one"), headers);
    await assertProblem(await gina.command(team("another"), headers), 422, "idempotency_conflict");
    await assertProblem(await gina.command(team("one"), { ...headers, "If-Version": "1" }), 422, "idempotency_conflict");
  });

  test("belongs to one person", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const abe = await service.signIn("abe");
    const one = await gina.does({ type: "create_team", name: "Gina's" }, headers);
    const other = await abe.does({ type: "create_team", name: "Abe's" }, headers);
    assert.notEqual(one.result.team, other.result.team);
  });

  test("does not remember a refusal", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const rename = { type: "edit_team", team: "later", name: "Later" };
    await assertProblem(await gina.command(rename, headers), 403, "not_allowed");
    await gina.does(team("later"));
    assert.equal((await gina.command(rename, headers)).status, 200);
  });

  test("does not repeat secrets: a link's key is answered once", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const link = { type: "create_link", assistant: "site", level: "view" };
    const first = await gina.does(link, headers);
    assert.match(first.result.key, /^wk_[A-Za-z0-9_-]{43}$/);
    const { key: _key, ...rest } = first.result;
    assert.deepEqual(await gina.does(link, headers), { version: first.version, result: rest });
  });

  test("must have a valid form", async () => {
    for (const key of ["", "x".repeat(256), "ümlaut"]) {
      const response = await gina.command(team("bad-key"), { "Idempotency-Key": key });
      assert.equal((await assertProblem(response, 400, "bad_request")).path, "Idempotency-Key");
    }
  });
});

describe("an expected version", () => {
  test("lets one of two writers win", async () => {
    for (let round = 0; round < 10; round += 1) {
      const expected = await version();
      const headers = { "If-Version": String(expected) };
      const answers = await Promise.all(["a", "b"].map((which) => gina.command(team(`race-${round}-${which}`), headers)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412]);
      await assertProblem(
        answers.find(({ status }) => status === 412),
        412,
        "version_conflict",
      );
      assert.equal(await version(), expected + 1);
    }
  });

  test("must be a number", async () => {
    for (const given of ["x", "-1", "1.5", "0", "1e3", ""]) {
      const response = await gina.command(team("bad-version"), { "If-Version": given });
      assert.equal((await assertProblem(response, 400, "bad_request")).path, "If-Version");
    }
  });
});

describe("a refusal", () => {
  test("says until when a temporary capability can be given", async () => {
    const expires = Math.floor(Date.now() / 1000) + 3600;
    await gina.does({ type: "add_member", team: "support", user: "udo", role: "owner", expires });
    const udo = await service.signIn("udo");
    const forEver = { type: "set_member_role", team: "support", user: "udo", role: "owner", expires: null };
    const { path, until } = await assertProblem(await udo.command(forEver), 403, "beyond_own_role");
    assert.deepEqual({ path, until }, { path: "expires", until: expires });
    await gina.does({ type: "remove_member", team: "support", user: "udo" });
  });

  test("gives the reason in terms of the rules, and changes nothing", async () => {
    const before = await version();
    const uma = await service.signIn("uma");
    const linked = await version();
    const problem = await assertProblem(await uma.command(team("umas")), 403, "not_allowed");
    assert.equal(problem.capability, "team.create");
    assert.equal(problem.denied, "not_granted");
    const unknown = await assertProblem(await gina.command({ type: "edit_team", team: "nowhere", name: "x" }), 403, "not_allowed");
    assert.equal(unknown.denied, "unknown_target");
    assert.equal(
      (await assertProblem(await gina.command({ type: "suspend_user", user: "nobody" }), 404, "unknown_user")).path,
      "user",
    );
    await assertProblem(await gina.command({ type: "create_team", id: "support", name: "x" }), 409, "already_exists");
    await assertProblem(await gina.command({ type: "assign_role", user: "gina", role: "user" }), 409, "own_role");
    const held = await assertProblem(await gina.command({ type: "remove_user", user: "uma" }), 409, "owns_assistants");
    assert.deepEqual(held.ids.toSorted(), ["draft", "site"]);
    assert.equal(linked, before + 1); // the first sign-in linked the account
    assert.equal(await version(), linked);
  });

  for (const [what, body, path] of [
    ["not JSON", "{", undefined],
    ["not an object", "[]", undefined],
    ["nothing", "", undefined],
    ["an unknown type", { type: "destroy" }, "type"],
    ["an unknown field", { type: "create_team", name: "x", admin: true }, "admin"],
    ["a field of a wrong type", { type: "create_team", name: 1 }, "name"],
    ["a missing field", { type: "create_team" }, "name"],
  ]) {
    test(`for ${what}`, async () => {
      const problem = await assertProblem(await gina.command(body), 400, "invalid_command");
      assert.equal(problem.path || undefined, path);
    });
  }

  test("for commands of the authority itself", async () => {
    const account = { issuer: "https://login.example", subject: "x" };
    for (const command of [
      { type: "join", ...account, email: "x@acme.example" },
      { type: "link_account", user: "abe", ...account },
      { type: "accept_invitation", token: `wi_${"x".repeat(43)}`, ...account, email: "x@acme.example" },
    ]) {
      await assertProblem(await gina.command(command), 403, "not_allowed");
    }
  });
});

describe("the gate's snapshots", () => {
  const gateKey = (assistant) => `gate:acme:${assistant}`;
  const openGate = async (assistant) => {
    const token = await (await service.gate()).get(gateKey(assistant));
    return token && open(token, { keys: await keySet(), issuer: ISSUER, audience: "wicketgate-gate", organization: "acme" });
  };
  const openTo = async (assistant, link) => {
    const snapshot = await openGate(assistant);
    return snapshot?.as({ link }).can("assistant.chat", assistant) ?? false;
  };

  test("follow each change of a public assistant", async () => {
    await until(async () => (await openGate("site")) !== null, "the first snapshot");
    assert.equal(await openGate("draft"), null);
    const {
      result: { link, key },
    } = await gina.does({ type: "create_link", assistant: "site", level: "view" });
    await until(() => openTo("site", key), "the link opens");
    await gina.does({ type: "revoke_link", assistant: "site", link });
    await until(async () => !(await openTo("site", key)), "the link does not open");
    await gina.does({ type: "set_accessibility", assistant: "site", accessibility: "only_team" });
    await until(async () => (await openGate("site")) === null, "there is no snapshot");
    await gina.does({ type: "set_accessibility", assistant: "site", accessibility: "public" });
    await until(async () => (await openGate("site")) !== null, "there is one again");
    const snapshot = await openGate("site");
    assert.ok(!JSON.stringify(snapshot.facts()).includes("uma"));
  });

  test("are renewed by the upkeep in time, and not before; those of other assistants are deleted", async () => {
    const store = await service.gate();
    const token = () => store.get(gateKey("site"));
    const before = await token();
    await store.put(gateKey("stale"), "anything");
    await service.maintain();
    assert.equal(await token(), before);
    assert.equal(await store.get(gateKey("stale")), null);
    const [[{ due }]] = await service.restart({
      edit: [["SELECT due FROM gate WHERE assistant = 'site'"], ["UPDATE gate SET due = 0"]],
    });
    assert.ok(Math.abs(due - Date.now() / 1000 - 30 * 60) < 60, "it is due in half its life");
    await service.maintain();
    const [[row]] = await service.restart({ edit: [["SELECT due FROM gate WHERE assistant = 'site'"]] });
    assert.ok(row.due >= due);
  });

  test("are all written, also of more assistants than fit into one run", async () => {
    const facts = smallOrganization();
    const [site] = facts.assistants;
    facts.assistants = Array.from({ length: 600 }, (_, n) => ({ ...site, id: `public-${n}` }));
    const large = await startService({ facts });
    try {
      // The local store answers slowly during writes.
      const count = async () =>
        (await large.gate()).list({ prefix: "gate:acme:" }).then(
          ({ keys }) => keys.length,
          () => 0,
        );
      await until(async () => (await count()) === 600, "all snapshots are there", 60);
    } finally {
      await large.stop();
    }
  });

  test("are written after a crash that prevented it", async () => {
    await (await service.gate()).delete(gateKey("site"));
    await service.restart({ edit: [["UPDATE gate SET due = 0"]] });
    assert.equal((await gina.get("/v1/session")).status, 200);
    await until(async () => (await openGate("site")) !== null, "the snapshot is there");
  });

  test("are served to a gate with the token", async () => {
    const get = (assistant, token) => service.operator(`/v1/gate/${assistant}`, { method: "GET", body: null, token });
    const response = await get("site", service.secrets.GATE_TOKEN);
    assert.equal(response.status, 200);
    const token = { payload: await response.text(), signature: response.headers.get("Wicketgate-Signature") };
    const snapshot = await open(token, { keys: await keySet(), issuer: ISSUER, audience: "wicketgate-gate", organization: "acme" });
    assert.equal(snapshot.scope, "gate");
    for (const wrong of [null, "wrong", service.secrets.OPERATOR_TOKEN])
      await assertProblem(await get("site", wrong), 401, "not_signed_in");
    for (const closed of ["draft", "nothing"])
      await assertProblem(await get(closed, service.secrets.GATE_TOKEN), 404, "unknown_assistant");
    await assert.rejects(open(token, { keys: await keySet(), audience: AUDIENCE }), { code: "wrong_audience" });
  });
});
