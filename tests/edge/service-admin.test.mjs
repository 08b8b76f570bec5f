// The package's client for servers against the real Worker: what it sends is done once, and it reads everything that there is.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Admin, AdminError } from "wicketgate/admin";
import { generateKeyPair, verifyChain } from "wicketgate/authority";
import { startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

let service;
let admin;
let key;
before(async () => {
  const { privateKey } = await generateKeyPair({ kid: "gate" });
  service = await startService({ bindings: { PASS_KEYS: JSON.stringify({ keys: [privateKey] }) } });
  const gina = await service.signIn("gina");
  const scopes = ["commands", "act_as", "read", "events", "passes"];
  const command = { type: "create_api_key", name: "Synchronisation", role: "global_admin", scopes };
  key = (await gina.does(command)).result.secret;
  admin = adminOf(key);
});
after(() => service?.stop());

/** A client with an API key. @param lose whether the answer of a request gets lost */
function adminOf(key, lose = () => false) {
  let count = 0;
  return new Admin({
    url: service.url,
    key,
    async fetch(url, init) {
      const response = await service.record(await fetch(url, init), init);
      count += 1;
      if (!lose(count)) return response;
      await response.body?.cancel();
      throw new TypeError("the connection broke");
    },
  });
}

const team = (id, name = id) => ({ type: "create_team", id, name });

describe("a command", () => {
  test("is done once, however often its answer gets lost", async () => {
    const { version: before } = await admin.directory();
    const unlucky = adminOf(key, (count) => count <= 2);
    const answer = await unlucky.command(team("once", "Týmy ✓"));
    assert.deepEqual(answer, { version: before + 1, result: { team: "once" } });
    assert.equal((await admin.directory()).version, before + 1);
  });

  test("is done once, if another process sends it again after a restart of the service", async () => {
    const key = { idempotencyKey: "row-17" };
    const first = await admin.command({ type: "create_team", name: "Rows" }, key);
    await service.restart();
    assert.deepEqual(await admin.command({ type: "create_team", name: "Rows" }, key), first);
  });

  test("is refused with everything that the authority says", async () => {
    const uma = admin.as("uma");
    await assert.rejects(uma.command(team("mine")), (error) => {
      assert.ok(error instanceof AdminError);
      const { code, status, problem } = error;
      assert.deepEqual([code, status, problem.capability, problem.denied], ["not_allowed", 403, "team.create", "not_granted"]);
      return true;
    });
    await assert.rejects(admin.command(team("late"), { ifVersion: 1 }), { code: "version_conflict" });
  });

  test("makes passes and lists the keys", async () => {
    const { answers } = await admin.batch(
      [{ command: { type: "create_api_key", name: "Chat", role: "user", scopes: ["passes"] } }],
      { atomic: true },
    );
    const chat = adminOf(answers[0].result.secret);
    await assert.rejects(chat.pass({ user: "udo", assistant: "draft" }), { code: "not_allowed" });
    const { capabilities } = await chat.pass({ user: "uma", assistant: "draft" });
    assert.ok(capabilities.includes("assistant.edit"));
    const { keys } = await admin.apiKeys();
    assert.deepEqual(keys.map(({ name }) => name).sort(), ["Chat", "Synchronisation"]);
  });

  test("can be previewed", async () => {
    const { changes } = await admin.preview({ type: "assign_role", user: "udo", role: "application_admin" });
    assert.ok(changes.some(({ user, gained }) => user === "udo" && gained.includes("team.create")));
  });
});

describe("a batch", () => {
  test("is done once, with an answer for each command", async () => {
    const unlucky = adminOf(key, (count) => count === 1);
    const commands = [team("b1"), team("b1"), team("b2")].map((command) => ({ command }));
    const { version, answers } = await unlucky.batch(commands, { atomic: false });
    assert.equal(answers[2].version, version);
    assert.deepEqual(
      answers.map((answer) => answer.problem?.code ?? answer.result.team),
      ["b1", "already_exists", "b2"],
    );
  });

  test("of all or none tells which command is at fault", async () => {
    const { version } = await admin.directory();
    const commands = [team("b3"), team("b1")].map((command) => ({ command }));
    await assert.rejects(admin.batch(commands, { atomic: true }), ({ code, problem }) => {
      assert.deepEqual([code, problem.index], ["already_exists", 1]);
      return true;
    });
    assert.equal((await admin.directory()).version, version);
  });
});

test("a reconciliation leads to the facts once, and names a line at fault", async () => {
  const facts = [
    { kind: "user", id: "rita", role: "user", email: "rita@acme.example", name: "Rita Nováková" },
    { kind: "team", id: "sales", name: "Odbyt", members: [{ user: "rita", role: "viewer" }] },
  ];
  const { total, listed } = await admin.reconcile(facts, { dryRun: true });
  assert.equal(listed.length, total);
  assert.ok(total > 0);
  assert.equal((await admin.reconcile(facts)).total, total);
  assert.equal((await admin.reconcile(facts)).total, 0);
  const { version } = await admin.directory();
  const wrong = [...facts, { kind: "team", id: "none", name: "None", members: [{ user: "nobody", role: "viewer" }] }];
  await assert.rejects(admin.reconcile(wrong), ({ problem }) => /^line 3\b/.test(problem.path));
  assert.equal((await admin.directory()).version, version);
});

describe("the history", () => {
  test("is read to its end, and its chain holds", async () => {
    const events = [];
    for await (const event of admin.events()) events.push(event);
    const { version } = await admin.directory();
    assert.deepEqual(
      events.map((event) => event.version),
      Array.from({ length: version }, (_, index) => index + 1),
    );
    await verifyChain(events);
  });

  test("is followed over a restart of the service", async () => {
    const { version: from } = await admin.directory();
    const controller = new AbortController();
    const seen = [];
    const following = (async () => {
      for await (const { version, text } of admin.follow({ after: from, signal: controller.signal }))
        seen.push([version, JSON.parse(text).command.id]);
    })();
    await admin.command(team("f1"));
    await until(() => seen.length === 1, "the first event is seen");
    await service.restart();
    await admin.command(team("f2"));
    await until(() => seen.length === 2, "the event after the restart is seen");
    controller.abort(new Error("enough"));
    await assert.rejects(following, { message: "enough" });
    assert.deepEqual(seen, [
      [from + 1, "f1"],
      [from + 2, "f2"],
    ]);
  });

  test("has signals beside it", async () => {
    const types = [];
    for await (const { type } of admin.signals()) types.push(type);
    assert.ok(types.includes("signed_in") && types.includes("command_refused"), types.join(" "));
  });
});

test("webhooks are listed, with what they have sent", async () => {
  const { result } = await admin.command({ type: "create_webhook", url: "http://localhost:1/in", events: ["set_plan"] });
  const { webhooks } = await admin.webhooks();
  assert.deepEqual(
    webhooks.map(({ id }) => id),
    [result.webhook],
  );
  const { delivery } = await admin.testWebhook(result.webhook);
  assert.equal(delivery.outcome, "connection");
  assert.deepEqual((await admin.deliveries(result.webhook)).deliveries.length, 1);
});
