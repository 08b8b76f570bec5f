// API keys over HTTP: what a key may do by its role, scopes, addresses and end; on behalf of people; and that it ends at once.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { init, open } from "wicketgate";
import { limits } from "wicketgate/contract";
import { verifyPass } from "wicketgate/pass";
import { generateKeyPair } from "wicketgate/authority";
import { assertProblem } from "../lib/problem.mjs";
import { AUDIENCE, ISSUER, SESSION_COOKIE, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

const NOW = () => Math.floor(Date.now() / 1000);
const PASS_ISSUER = "https://gate.acme.example";
const { privateKey: passKey } = await generateKeyPair({ kid: "gate-1" });
const passKeys = { keys: [(({ d: _, ...rest }) => rest)(passKey)] };

let service;
let gina;
before(async () => {
  await init();
  service = await startService({ bindings: { PASS_KEYS: JSON.stringify({ keys: [passKey] }), PASS_ISSUER } });
  gina = await service.signIn("gina");
});
after(() => service?.stop());

let made = 0;
/** A new key. @returns its id and a program that has it */
async function key(fields = {}, headers = {}) {
  made += 1;
  const command = { type: "create_api_key", name: `Schlüssel für „Übergabe“ ${made}`, role: "global_admin", ...fields };
  const { result } = await gina.does({ scopes: ["commands", "read", "events"], ...command });
  return { id: result.api_key, secret: result.secret, machine: service.machine(result.secret, headers) };
}

const team = (name) => ({ type: "create_team", name });
const codeOf = async (response) => (response.ok ? "ok" : (await response.json()).code);

describe("a key", () => {
  test("does commands without a cookie and an origin, and the log says that it was the key", async () => {
    const { id, machine } = await key();
    const { version, result } = await (await machine.command(team("Équipe de nuit"))).json();
    const { events } = await machine.json(`/v1/events?after=${version - 1}`);
    const { actor, command } = JSON.parse(events[0].text);
    assert.deepEqual(actor, { key: id });
    assert.equal(command.name, "Équipe de nuit");
    assert.ok(result.team);
  });

  test("reads no cookie: the session beside it counts for nothing", async () => {
    const cookie = { Cookie: `${SESSION_COOKIE}=${gina.session}` };
    const wrong = service.machine(`wgk_${"A".repeat(43)}000000`, cookie);
    for (const path of ["directory", "workspace", "audit", "snapshot", "session", "delta?from=1", "session/organizations"]) {
      const expected = ["snapshot", "session", "delta?from=1", "session/organizations"].includes(path)
        ? "not_signed_in"
        : "invalid_api_key";
      await assertProblem(await wrong.get(`/v1/${path}`), 401, expected);
    }
    const { machine } = await key({ role: "user" });
    await assertProblem(await machine.get("/v1/workspace", cookie), 403, "not_allowed");
    assert.equal((await machine.post("/v1/session/end", {}, { ...cookie, Origin: service.url })).status, 204);
    await gina.json("/v1/session");
  });

  test("is bounded by its role", async () => {
    const { machine } = await key({ role: "user" });
    await assertProblem(await machine.command(team("Mine")), 403, "not_allowed");
    const { organization } = await machine.json("/v1/directory");
    // What is public inside is for everybody inside.
    assert.deepEqual(
      organization.assistants.map((assistant) => assistant.id),
      ["site"],
    );
    await assertProblem(await machine.get("/v1/events"), 403, "not_allowed");
  });

  test("is bounded by its scopes, each alone", async () => {
    const asks = {
      commands: (machine) => machine.command(team("By scope")),
      read: (machine) => machine.get("/v1/directory"),
      events: (machine) => machine.get("/v1/events"),
      passes: (machine) => machine.post("/v1/passes", { user: "uma", assistant: "site" }),
    };
    for (const scope of Object.keys(asks)) {
      const { machine } = await key({ scopes: [scope] });
      for (const [needed, ask] of Object.entries(asks))
        assert.equal(await codeOf(await ask(machine)), needed === scope ? "ok" : "missing_scope", `${scope}: ${needed}`);
    }
    const { machine } = await key({ scopes: ["read"] });
    assert.equal(await codeOf(await machine.get("/v1/workspace?digests")), "missing_scope");
    assert.equal(await codeOf(await machine.get("/v1/workspace/delta?from=1&digests=true")), "missing_scope");
  });

  test("is accepted from its addresses alone, and from none if the address is not known", async () => {
    const { machine } = await key({ addresses: ["192.0.2.0/24", "2001:db8::/32"] });
    const from = (address) => machine.get("/v1/head", { "CF-Connecting-IP": address }).then(codeOf);
    assert.deepEqual(await Promise.all(["192.0.2.17", "2001:db8:7::1", "192.0.3.1", "::1", "no address"].map(from)), [
      "ok",
      "ok",
      "address_not_allowed",
      "address_not_allowed",
      "address_not_allowed",
    ]);
  });

  test("ends with its time, with rotation after the grace, and with revocation at once", async () => {
    const short = await key({ expires: NOW() + 2 });
    assert.equal((await short.machine.get("/v1/head")).status, 200);
    await until(async () => (await codeOf(await short.machine.get("/v1/head"))) === "invalid_api_key", "it expires");

    const { id, machine: old } = await key();
    const { result } = await gina.does({ type: "rotate_api_key", key: id, grace: 3600 });
    const renewed = service.machine(result.secret);
    for (const machine of [old, renewed]) assert.equal((await machine.get("/v1/head")).status, 200);
    await gina.does({ type: "rotate_api_key", key: id });
    for (const machine of [old, renewed]) await assertProblem(await machine.get("/v1/head"), 401, "invalid_api_key");

    const gone = await key();
    await gina.does({ type: "revoke_api_key", key: gone.id });
    await assertProblem(await gone.machine.get("/v1/head"), 401, "invalid_api_key");
  });

  test("ends with a plan that has no API keys, and comes back with one that has", async () => {
    const { machine } = await key();
    await service.operator("/v1/plan", { method: "PUT", body: { withholds: ["panel.api_keys"] } });
    await assertProblem(await machine.get("/v1/head"), 401, "invalid_api_key");
    await service.operator("/v1/plan", { method: "PUT", body: { withholds: [] } });
    assert.equal((await machine.get("/v1/head")).status, 200);
  });

  test("is the same after a restart", async () => {
    const { machine } = await key();
    await service.restart();
    assert.equal((await machine.get("/v1/head")).status, 200);
  });

  test("shows when it was last used, to who manages keys, and never its secret", async () => {
    const { id, secret, machine } = await key();
    const listed = async () => (await gina.json("/v1/api-keys")).keys.find((one) => one.id === id);
    assert.equal((await listed()).last_used, undefined);
    const before = NOW();
    await machine.get("/v1/head");
    const { last_used: used, ...view } = await listed();
    assert.ok(used >= before && used <= NOW());
    assert.deepEqual(view.scopes, ["commands", "read", "events"]);
    const text = JSON.stringify(await gina.json("/v1/api-keys"));
    assert.ok(!text.includes(secret) && !text.includes(createHash("sha256").update(secret).digest("base64url")));
    await assertProblem(await (await service.signIn("uma")).get("/v1/api-keys"), 403, "not_allowed");
    await gina.does({ type: "revoke_api_key", key: id });
    assert.equal(await listed(), undefined);
    await gina.does({ type: "create_api_key", id, name: "Another", role: "user", scopes: ["read"] });
    assert.equal((await listed()).last_used, undefined);
  });

  test("is in the signals: its first use, and where it was refused", async () => {
    const { id, machine } = await key({ scopes: ["read"], addresses: ["192.0.2.0/24"] });
    const inside = { "CF-Connecting-IP": "192.0.2.9" };
    for (let n = 0; n < 3; n += 1) await machine.get("/v1/head", inside);
    await machine.get("/v1/head", { "CF-Connecting-IP": "203.0.113.5" });
    await machine.get("/v1/events", inside);
    const signals = [];
    for (let after = 0; after !== undefined; ) {
      const page = await gina.json(`/v1/signals?after=${after}`);
      signals.push(...page.signals);
      after = page.next;
    }
    assert.deepEqual(
      signals.filter((signal) => signal.key === id).map(({ type, code }) => code ?? type),
      ["key_used", "address_not_allowed", "missing_scope"],
    );
    assert.ok(!service.log().includes("wgk_") && !JSON.stringify(signals).includes("wgk_"));
  });
});

describe("on behalf of a person", () => {
  test("does what both may, and the log says both", async () => {
    const { id, machine } = await key({ scopes: ["commands", "act_as", "read", "events"] });
    const uma = machine.as("uma");
    const rename = { type: "edit_assistant", assistant: "site", name: "Aide du site" };
    const { version } = await (await uma.command(rename)).json();
    const { events } = await machine.json(`/v1/events?after=${version - 1}`);
    const { actor, via } = JSON.parse(events[0].text);
    assert.deepEqual([actor, via], [{ user: "uma" }, id]);
    await assertProblem(await uma.command(team("Mine")), 403, "not_allowed");
    await assertProblem(await machine.as("udo").command(rename), 403, "not_allowed");
    const weak = await key({ role: "user", scopes: ["commands", "act_as", "read"] });
    await assertProblem(await weak.machine.as("gina").command(team("Hers")), 403, "not_allowed");
    await assertProblem(await weak.machine.as("gina").get("/v1/workspace"), 403, "not_allowed");
    assert.deepEqual(
      (await uma.json("/v1/directory")).organization.assistants.map((assistant) => assistant.id).sort(),
      (await (await service.signIn("uma")).json("/v1/directory")).organization.assistants.map((assistant) => assistant.id).sort(),
    );
  });

  test("a mail says the name of who invites: the person's, or the key's", async () => {
    const { machine } = await key({ name: "Übergabe nachts", scopes: ["commands", "act_as"] });
    await gina.does({ type: "edit_user", user: "abe", name: "Abébé Bikila" });
    const mailTo = async (sender, email) => {
      assert.equal((await sender.command({ type: "invite_user", email })).status, 200);
      return service.mail.mails().find(({ to }) => to.includes(email)).text;
    };
    assert.match(await mailTo(machine, "one@acme.example"), /^Übergabe nachts invites you to /);
    assert.match(await mailTo(machine.as("abe"), "two@acme.example"), /^Abébé Bikila invites you to /);
    assert.match(await mailTo(gina, "three@acme.example"), /^gina invites you to /);
  });

  test("needs the scope, and an active person", async () => {
    const { machine } = await key();
    await assertProblem(await machine.as("uma").get("/v1/directory"), 403, "missing_scope");
    const able = (await key({ scopes: ["act_as", "read", "commands"] })).machine;
    await assertProblem(await able.as("nobody").get("/v1/directory"), 404, "unknown_user");
    await assertProblem(await able.as("sam").get("/v1/directory"), 403, "suspended_user");
    const { result } = await gina.does({ type: "invite_user", email: "žofie@acme.example" });
    await assertProblem(await able.as(result.user).get("/v1/directory"), 409, "inactive_user");
    await assertProblem(await gina.get("/v1/directory", { "Wicketgate-Act-As": "uma" }), 403, "not_allowed");
  });

  test("each command of a batch for another person", async () => {
    const { id, machine } = await key({ scopes: ["commands", "act_as", "events"] });
    const item = (name, user, idempotency_key) => ({
      command: { type: "edit_assistant", assistant: "site", name },
      ...(user && { actor: { user } }),
      ...(idempotency_key && { idempotency_key }),
    });
    const commands = [
      item("Eins", "uma", "k"),
      item("Zwei", "udo"),
      item("Drei"),
      item("Vier", "nobody"),
      item("Eins", "gina", "k"),
    ];
    const { answers } = await (await machine.post("/v1/commands/batch", { atomic: false, commands })).json();
    assert.deepEqual(
      answers.map(({ problem }) => problem?.code ?? "ok"),
      ["ok", "not_allowed", "ok", "unknown_user", "ok"],
    );
    // The same idempotency key of another person is another one.
    assert.notEqual(answers[0].version, answers[4].version);
    const again = await (await machine.post("/v1/commands/batch", { atomic: false, commands: [commands[0]] })).json();
    assert.equal(again.answers[0].version, answers[0].version);
    const { events } = await machine.json(`/v1/events?after=${answers[0].version - 1}`);
    assert.deepEqual(
      events.map(({ text }) => JSON.parse(text)).map(({ actor, via }) => via ?? actor.key),
      [id, id, id],
    );
    const without = await key();
    const refused = await without.machine.post("/v1/commands/batch", { atomic: true, commands: [commands[0]] });
    await assertProblem(refused, 403, "missing_scope");
    // The transaction was undone, the signal was not.
    const { signals } = await gina.json("/v1/signals?limit=1000");
    assert.equal(signals.filter(({ type, key }) => type === "key_refused" && key === without.id).length, 1);
    const body = { atomic: true, commands: [{ ...commands[0], actor: { user: "uma", via: id } }] };
    await assertProblem(await machine.post("/v1/commands/batch", body), 400, "bad_request");
    const uma = await service.signIn("uma");
    await assertProblem(
      await uma.post("/v1/commands/batch", { atomic: true, commands: [item("Ich", "gina")] }),
      403,
      "not_allowed",
    );
  });

  test("ends with the person", async () => {
    const { result } = await gina.does({ type: "create_user", email: "brenda@acme.example", role: "user" });
    const { machine } = await key({ scopes: ["act_as", "read"] });
    const brenda = machine.as(result.user);
    assert.equal((await brenda.get("/v1/directory")).status, 200);
    await gina.does({ type: "suspend_user", user: result.user });
    await assertProblem(await brenda.get("/v1/directory"), 403, "suspended_user");
    await gina.does({ type: "remove_user", user: result.user });
    await assertProblem(await brenda.get("/v1/directory"), 404, "unknown_user");
  });
});

describe("the whole organization", () => {
  const read = async (response, options) =>
    open(
      { payload: await response.text(), signature: response.headers.get("Wicketgate-Signature") },
      { keys: await (await fetch(`${service.url}/.well-known/jwks.json`)).json(), audience: AUDIENCE, issuer: ISSUER, ...options },
    );
  const digestsIn = (text) => text.includes('"digest"');

  test("with the digests of links for keys with that scope, and never for people", async () => {
    const { machine } = await key({ scopes: ["read", "digests"] });
    const { result, version } = await gina.does({ type: "create_link", assistant: "site", level: "view" });
    const [plain, full] = await Promise.all(["", "?digests"].map((query) => machine.get(`/v1/workspace${query}`)));
    assert.notEqual(plain.headers.get("ETag"), full.headers.get("ETag"));
    assert.ok(!digestsIn(await plain.clone().text()) && digestsIn(await full.clone().text()));
    assert.equal(full.headers.get("Vary"), "Cookie, Authorization");
    const snapshot = await read(full);
    assert.equal(snapshot.as({ link: result.key }).can("assistant.view", "site"), true);
    for (const query of ["?digests", "?digests=true"])
      await assertProblem(await gina.get(`/v1/workspace${query}`), 403, "not_allowed");
    await assertProblem(await gina.get("/v1/workspace/delta?from=1&digests"), 403, "not_allowed");

    await gina.does({ type: "edit_team", team: "support", name: "Soporte técnico" });
    for (const query of ["", "&digests=true"]) {
      const delta = await machine.get(`/v1/workspace/delta?from=${version}${query}`);
      assert.equal(delta.status, 200);
      if (query === "") continue;
      await snapshot.apply({ payload: await delta.text(), signature: delta.headers.get("Wicketgate-Signature") });
      assert.equal(snapshot.version, version + 1);
    }
    await assertProblem(await machine.get("/v1/workspace?digests=perhaps"), 400, "bad_request");
    assert.equal((await machine.get("/v1/workspace?digests", { "If-None-Match": full.headers.get("ETag") })).status, 200);
    const again = await machine.get("/v1/workspace?digests");
    assert.equal((await machine.get("/v1/workspace?digests", { "If-None-Match": again.headers.get("ETag") })).status, 304);
  });
});

describe("a pass for a person of the platform", () => {
  const ask = (machine, body) => machine.post("/v1/passes", body);
  let machine;
  before(async () => {
    ({ machine } = await key({ role: "user", scopes: ["passes"] }));
  });

  test("says what they may do, and verifies with the gate's keys", async () => {
    const answer = await (await ask(machine, { user: "uma", assistant: "draft" })).json();
    const expect = { keys: passKeys, issuer: PASS_ISSUER, audience: "wicketgate-chat", organization: "acme", assistant: "draft" };
    const pass = await verifyPass(answer.pass, { ...expect, capability: "assistant.edit" });
    assert.deepEqual(pass.obtained, { by: "member", user: "uma" });
    assert.deepEqual(pass.capabilities, answer.capabilities);
    assert.deepEqual([answer.name, answer.expires_in], ["Draft", 300]);
    const uma = await service.signIn("uma");
    const snapshot = await uma.get("/v1/snapshot?assistant=draft");
    assert.ok(!(await snapshot.text()).includes('"site"'));
  });

  test("is refused where the person may nothing", async () => {
    for (const [body, status, code] of [
      [{ user: "udo", assistant: "draft" }, 403, "not_allowed"],
      [{ user: "sam", assistant: "site" }, 403, "not_allowed"],
      [{ user: "uma", assistant: "none" }, 403, "not_allowed"],
      [{ user: "nobody", assistant: "site" }, 404, "unknown_user"],
      [{ user: "uma" }, 400, "bad_request"],
      [{ user: "uma", assistant: "site", more: 1 }, 400, "bad_request"],
    ])
      await assertProblem(await ask(machine, body), status, code);
  });

  test("ends with the grant that it is made of", async () => {
    const expires = NOW() + 100;
    await gina.does({ type: "grant", assistant: "site", user: "udo", role: "editor", expires });
    const { pass, expires_in: lasts } = await (await ask(machine, { user: "udo", assistant: "site" })).json();
    const { exp } = JSON.parse(Buffer.from(pass.split(".")[1], "base64url"));
    assert.ok(exp <= expires && lasts <= 100, `${lasts}`);
    await gina.does({ type: "revoke_grant", assistant: "site", user: "udo" });
    assert.equal((await (await ask(machine, { user: "udo", assistant: "site" })).json()).expires_in, 300);
  });

  test("is for API keys alone", async () => {
    await assertProblem(await gina.post("/v1/passes", { user: "uma", assistant: "draft" }), 401, "not_signed_in");
  });
});

test("too many requests are refused until the window ends, and every answer says how many are left", async () => {
  const { machine } = await key();
  const other = (await key()).machine;
  const first = await machine.get("/v1/head");
  assert.equal(
    first.headers.get("RateLimit-Policy"),
    `"key";q=${limits.keyRequests};w=10, "organization";q=${limits.organizationKeyRequests};w=10`,
  );
  assert.match(first.headers.get("RateLimit"), /^"key";r=\d+;t=\d+, "organization";r=\d+;t=\d+$/);
  let refused;
  await until(
    async () => {
      // Without a look at each answer: that would take longer than the window.
      const sent = Array.from({ length: 100 }, () => fetch(`${service.url}/v1/api-keys`, { headers: machine.headers }));
      const statuses = await Promise.all(sent.map(async (answer) => (await (await answer).text(), (await answer).status)));
      const last = statuses.includes(429) ? await machine.get("/v1/api-keys") : undefined;
      if (last?.status === 429) refused = last;
      return refused !== undefined;
    },
    "the key has sent too many",
    60,
  );
  const { retry_after: after } = await assertProblem(refused, 429, "rate_limited");
  assert.ok(after >= 1 && after <= 10);
  assert.equal(refused.headers.get("Retry-After"), String(after));
  assert.match(refused.headers.get("RateLimit"), /^"key";r=0;/);
  assert.equal((await other.get("/v1/head")).status, 200);
  assert.equal((await gina.get("/v1/head")).status, 200);
  await until(async () => (await machine.get("/v1/head")).status === 200, "the window ends", 20);
});
