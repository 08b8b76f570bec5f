// Batches: all or none, or each for itself; one transaction, one announcement, an answer for each.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { verifyChain } from "wicketgate/authority";
import { limits } from "wicketgate/contract";
import { assertProblem } from "../lib/problem.mjs";
import { SESSION_COOKIE, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

const BATCH = "/v1/commands/batch";

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

const team = (id) => ({ command: { type: "create_team", id, name: `Équipe ${id}` } });
const invite = (id) => ({ command: { type: "invite_user", id, email: `${id}@acme.example` } });
const directory = (member = gina) => member.json("/v1/directory");
const teams = async () => (await directory()).organization.teams.map(({ id }) => id);

async function batch(atomic, commands, { member = gina, headers = {} } = {}) {
  const response = await member.post(BATCH, { atomic, commands }, headers);
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

describe("an atomic batch", () => {
  test("answers each command with its version and result", async () => {
    const { version } = await directory();
    const answer = await batch(true, [
      team("north"),
      { command: { type: "add_member", team: "north", user: "uma", role: "owner" } },
      { command: { type: "create_project", team: "north", id: "press", name: "Presse" } },
    ]);
    assert.deepEqual(answer, {
      version: version + 3,
      answers: [
        { version: version + 1, result: { team: "north" } },
        { version: version + 2, result: {} },
        { version: version + 3, result: { project: "press" } },
      ],
    });
    assert.equal((await directory()).version, version + 3);
  });

  test("with one refused command changes nothing, now and after a restart", async () => {
    const before = await directory();
    const removed = { command: { type: "remove_user", user: "udo" } };
    const response = await gina.post(BATCH, { atomic: true, commands: [team("lost"), removed, team("north"), team("lost2")] });
    const problem = await assertProblem(response, 409, "already_exists");
    assert.equal(problem.index, 2);
    assert.equal(problem.path, "commands[2].command.id");
    assert.deepEqual(await directory(), before);
    await service.restart();
    assert.deepEqual(await directory(), before);
    // The same ids and versions are free.
    const answer = await batch(true, [team("lost")]);
    assert.equal(answer.version, before.version + 1);
  });

  test("undoes what a command did outside of the directory", async () => {
    const udo = await service.signIn("udo");
    const commands = [{ command: { type: "suspend_user", user: "udo" } }, team("north")];
    await assertProblem(await gina.post(BATCH, { atomic: true, commands }), 409, "already_exists");
    assert.equal((await udo.get("/v1/session")).status, 200);
    // An idempotency key of a command that was undone is free.
    const key = randomUUID();
    const twice = [{ ...team("kept"), idempotency_key: key }, team("north")];
    await assertProblem(await gina.post(BATCH, { atomic: true, commands: twice }), 409, "already_exists");
    await batch(true, twice.slice(0, 1));
    assert.ok((await teams()).includes("kept"));
  });
});

describe("a batch of commands each for itself", () => {
  test("executes all that are not refused", async () => {
    const { version } = await directory();
    const answer = await batch(false, [
      team("a1"),
      team("north"),
      { command: { type: "edit_team", team: "nowhere", name: "Nulle part" } },
      team("a2"),
    ]);
    assert.equal(answer.version, version + 2);
    const [first, taken, unknown, last] = answer.answers;
    assert.deepEqual(
      [first, last],
      [
        { version: version + 1, result: { team: "a1" } },
        { version: version + 2, result: { team: "a2" } },
      ],
    );
    assert.deepEqual(
      [taken.problem.code, taken.problem.index, taken.problem.path],
      ["already_exists", 1, "commands[1].command.id"],
    );
    assert.deepEqual([unknown.problem.code, unknown.problem.status, unknown.problem.index], ["not_allowed", 403, 2]);
  });

  test("answers in the order of the commands, whatever becomes of each", async () => {
    const key = randomUUID();
    const kept = { ...team("m0"), idempotency_key: key };
    const { answers: earlier } = await batch(true, [kept]);
    const removed = { command: { type: "remove_user", user: "nobody-4c1d" } };
    const { version } = await directory();
    const { answers } = await batch(false, [
      team("m1"),
      kept,
      team("m1"),
      { ...team("m2"), idempotency_key: key },
      invite("inès-ii"),
      team("m3"),
      { ...team("m4"), actor: { user: "uma" } },
      removed,
      { ...team("m5"), actor: { user: "gina" } },
      invite("ines-8c2f"),
      team("m6"),
    ]);
    assert.deepEqual(answers[1], earlier[0]);
    assert.deepEqual(
      answers.map(({ version: at, problem }) => problem?.code ?? at),
      [
        ...[version + 1, earlier[0].version, "already_exists", "idempotency_conflict", "invalid_command", version + 2],
        ...["not_allowed", "unknown_user", version + 3, version + 4, version + 5],
      ],
    );
    for (const [index, { problem }] of answers.entries()) if (problem) assert.equal(problem.index, index);
    assert.equal(answers[9].mail, "sent");
    // The first fault counts, also of commands that are executed together.
    const commands = [team("m7"), team("m1"), { ...team("m2"), idempotency_key: key }];
    const problem = await assertProblem(await gina.post(BATCH, { atomic: true, commands }), 409, "already_exists");
    assert.equal(problem.index, 1);
  });

  test("with types of any form: the others count, and open pages hear of them", async () => {
    const updates = await gina.updates();
    const before = await updates.next();
    const types = [{ toString: 1 }, ["create_team"], 7, "__proto__"];
    // Past the check of requests, which the interface's document refuses.
    const response = await fetch(service.url + BATCH, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: service.url, Cookie: `${SESSION_COOKIE}=${gina.session}` },
      body: JSON.stringify({ atomic: false, commands: [team("typed"), ...types.map((type) => ({ command: { type } }))] }),
    });
    const { answers } = await response.json();
    assert.deepEqual(
      answers.map(({ problem }) => problem?.code ?? "ok"),
      ["ok", ...types.map(() => "invalid_command")],
    );
    assert.equal(await updates.next(), before + 1);
    updates.close();
    const { signals } = await gina.json("/v1/signals?limit=1000");
    const refused = signals.filter(({ type, code }) => type === "command_refused" && code === "invalid_command");
    assert.deepEqual(
      refused.slice(-types.length).map(({ command }) => command),
      types.map(() => "unknown"),
    );
  });

  test("may do nothing at all", async () => {
    const before = await directory();
    const answer = await batch(false, [team("north")]);
    assert.equal(answer.version, before.version);
    assert.deepEqual(await directory(), before);
  });

  test("is decided by the rights of its sender", async () => {
    const uma = await service.signIn("uma");
    const own = { command: { type: "create_assistant", project: "faq", name: "Eigene" } };
    const { answers } = await batch(false, [own, team("denied"), { command: { type: "sign_out_user", user: "gina" } }], {
      member: uma,
    });
    assert.match(answers[0].result.assistant, /^a_/);
    assert.equal(answers[1].problem.capability, "team.create");
    assert.equal(answers[2].problem.code, "not_allowed");
  });
});

describe("the idempotency key of a command", () => {
  test("makes it apply once, in a batch and alone", async () => {
    const commands = ["i1", "i2"].map((id) => ({ ...team(id), idempotency_key: randomUUID() }));
    const first = await batch(true, commands);
    assert.deepEqual(await batch(true, commands), { ...first, version: (await directory()).version });
    const [{ command, idempotency_key: key }] = commands;
    assert.deepEqual(await gina.does(command, { "Idempotency-Key": key }), first.answers[0]);
    const alone = randomUUID();
    const answer = await gina.does(team("i3").command, { "Idempotency-Key": alone });
    assert.deepEqual((await batch(true, [{ ...team("i3"), idempotency_key: alone }])).answers, [answer]);
  });

  test("makes the same command in one batch apply once", async () => {
    const item = { ...team("same"), idempotency_key: randomUUID() };
    const { answers } = await batch(true, [item, item]);
    assert.deepEqual(answers[0], answers[1]);
  });

  test("belongs to one command", async () => {
    const key = randomUUID();
    const { answers } = await batch(false, [
      { ...team("k1"), idempotency_key: key },
      { ...team("k2"), idempotency_key: key },
    ]);
    assert.equal(answers[1].problem.code, "idempotency_conflict");
    const response = await gina.post(BATCH, { atomic: true, commands: [team("k3")] }, { "Idempotency-Key": key });
    assert.equal((await assertProblem(response, 400, "bad_request")).path, "Idempotency-Key");
  });
});

test("the actor of a command is the sender", async () => {
  await batch(true, [{ ...team("mine"), actor: { user: "gina" } }]);
  const send = (actor) => gina.post(BATCH, { atomic: true, commands: [{ ...team("hers"), actor }] });
  await assertProblem(await send({ user: "uma" }), 403, "not_allowed");
  for (const actor of ["system", null, { key: "k_1" }, { user: "gina", via: "k_1" }, { user: 1 }])
    await assertProblem(await send(actor), 400, "bad_request");
});

test("a batch can depend on the version", async () => {
  const { version } = await directory();
  const response = await gina.post(BATCH, { atomic: true, commands: [team("v1")] }, { "If-Version": String(version - 1) });
  await assertProblem(response, 412, "version_conflict");
  await batch(true, [team("v1"), team("v2")], { headers: { "If-Version": String(version) } });
});

test("open pages hear of a batch once", async () => {
  const updates = await gina.updates();
  const before = await updates.next();
  await batch(true, [team("u1"), team("u2"), team("u3")]);
  assert.equal(await updates.next(), before + 3);
  await gina.does(team("u4").command);
  assert.equal(await updates.next(), before + 4);
  updates.close();
});

test("the gate hears of a batch", async () => {
  const store = await service.gate();
  const before = await store.get("gate:acme:site");
  await batch(true, [
    { command: { type: "edit_assistant", assistant: "site", name: "Neu" } },
    { command: { type: "set_embed", assistant: "site", origins: ["https://neu.acme.example"] } },
  ]);
  await until(async () => (await store.get("gate:acme:site")) !== before, "the gate's snapshot is written");
});

test("mails of invitations are sent, and each answer says so", async () => {
  const commands = Array.from({ length: 12 }, (_, n) => invite(`guest-${n}`));
  const { answers } = await batch(true, [team("with-guests"), ...commands]);
  assert.equal(answers[0].mail, undefined);
  for (const { mail, result } of answers.slice(1)) {
    assert.equal(mail, "sent");
    assert.equal(result.token, undefined);
  }
  for (let n = 0; n < 12; n += 1) await service.mail.waitForMail(`guest-${n}@acme.example`);
});

test("one address gets no more mails than alone, and nothing else stops", async () => {
  const again = { command: { type: "resend_invitation", user: "guest-1" } };
  const { answers } = await batch(false, [again, again, again, again, again, team("after-mails")]);
  assert.deepEqual(
    answers.slice(0, 5).map(({ mail, problem }) => mail ?? problem.code),
    ["sent", "sent", "sent", "sent", "rate_limited"],
  );
  assert.ok(answers[4].problem.retry_after > 0);
  assert.deepEqual(answers[5].result, { team: "after-mails" });
});

test("a removed person is signed out, and forgotten", async () => {
  const udo = await service.signIn("udo");
  await batch(true, [{ command: { type: "remove_user", user: "udo" } }, team("later")]);
  await assertProblem(await udo.get("/v1/session"), 403, "removed_user");
});

describe("a request in another form", () => {
  const refusals = {
    "no object": [[], undefined],
    "no `atomic`": [{ commands: [team("f")] }, "atomic"],
    "no commands": [{ atomic: true, commands: [] }, "commands"],
    "another field": [{ atomic: true, commands: [team("f")], more: 1 }, undefined],
    "a command that is none": [{ atomic: true, commands: [team("f"), { command: [] }] }, "commands[1].command"],
    "another field of a command": [{ atomic: true, commands: [{ ...team("f"), more: 1 }] }, "commands[0]"],
    "a key of another form": [{ atomic: true, commands: [{ ...team("f"), idempotency_key: "é" }] }, "commands[0].idempotency_key"],
    "too many commands": [
      { atomic: true, commands: Array.from({ length: limits.batchCommands + 1 }, () => ({ command: {} })) },
      "commands",
    ],
    "too many mails": [
      { atomic: true, commands: Array.from({ length: limits.batchMails + 1 }, (_, n) => invite(`m${n}`)) },
      "commands",
    ],
  };
  for (const [name, [body, path]] of Object.entries(refusals)) {
    test(`is refused: ${name}`, async () => {
      const { version } = await directory();
      assert.equal((await assertProblem(await gina.post(BATCH, body), 400, "bad_request")).path, path);
      assert.equal((await directory()).version, version);
    });
  }

  test("is refused: too long, of another site, without a session", async () => {
    await assertProblem(await gina.post(BATCH, " ".repeat(limits.batchBytes + 1)), 413, "too_large");
    const commands = [team("f")];
    await assertProblem(
      await gina.post(BATCH, { atomic: true, commands }, { Origin: "https://evil.example" }),
      403,
      "cross_origin",
    );
    await assertProblem(await service.member().post(BATCH, { atomic: true, commands }), 401, "not_signed_in");
  });
});

test("a full batch is applied, and its history can be verified", async () => {
  const commands = Array.from({ length: limits.batchCommands }, (_, n) => team(`full-${n}`));
  const { version, answers } = await batch(true, commands);
  assert.equal(answers.length, limits.batchCommands);
  assert.equal(answers.at(-1).version, version);
  const events = [];
  for (let after = 0; after !== undefined; ) {
    const page = await gina.json(`/v1/audit?after=${after}&limit=1000`);
    events.push(...page.events);
    after = page.next;
  }
  assert.equal(events.length, version);
  await verifyChain(events);
  await service.restart();
  assert.equal((await directory()).version, version);
});
