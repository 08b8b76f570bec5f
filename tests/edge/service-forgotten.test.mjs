// Data of a removed user is deleted: a later person with the same id gets none of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertProblem } from "../lib/problem.mjs";
import { acceptInvitation, startService } from "../lib/service.mjs";

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

/** Another person, who joins with that id. */
async function letIn(id, person, role = "user") {
  const before = service.mail.mails().at(-1)?.id ?? 0;
  await gina.does({ type: "invite_user", email: `${person}@acme.example`, id, role });
  const { member, response } = await acceptInvitation(
    service,
    await service.mail.waitForMail(`${person}@acme.example`, ({ id: mail }) => mail > before),
    person,
  );
  assert.equal(response.status, 303);
  assert.equal((await member.json("/v1/session")).user, id);
  return member;
}

/** All rows of tables with a user's id. */
async function rowsOf(user) {
  const tables = await service.restart({
    edit: [
      ["SELECT * FROM sessions WHERE user = ?", user],
      ["SELECT * FROM activity WHERE user = ?", user],
      ["SELECT * FROM answers WHERE actor = ?", user],
      ["SELECT * FROM remembered WHERE account_of = ?", user],
    ],
  });
  return tables.map((rows) => rows.length);
}

test("an answer is not given to a later person with the same id and key", async () => {
  const abe = await service.signIn("abe");
  const command = { type: "create_team", name: "Night shift" };
  const headers = { "Idempotency-Key": "the-same-key" };
  const first = await abe.does(command, headers);
  assert.deepEqual(await abe.does(command, headers), first);

  await gina.does({ type: "remove_user", user: "abe", successor: "gina" });
  const later = await letIn("abe", "nora", "application_admin");
  const own = await later.does(command, headers);
  assert.notEqual(own.result.team, first.result.team);
  assert.ok(own.version > first.version);
  // A different command with the same key is not refused either.
  assert.deepEqual(await later.does(command, headers), own);
});

test("no table has rows with the id", async () => {
  const udo = await service.signIn("udo");
  await udo.json("/v1/directory");
  const [sessions, activity, , accounts] = await rowsOf("udo");
  assert.ok(sessions > 0 && activity > 0 && accounts > 0);
  await gina.does({ type: "remove_user", user: "udo" });
  assert.deepEqual(await rowsOf("udo"), [0, 0, 0, 0]);
  // The digests that keep the person out stay.
  await assertProblem(await udo.get("/v1/session"), 403, "removed_user");
  await assert.rejects(service.signIn("udo"), /removed_user/);
});

test("an earlier person's session tells nothing about a later one", async () => {
  const ursa = await letIn("ursa", "nils");
  await gina.does({ type: "remove_user", user: "ursa" });
  await assertProblem(await ursa.get("/v1/session"), 403, "removed_user");
  const later = await letIn("ursa", "newt");
  await assertProblem(await ursa.get("/v1/session"), 403, "removed_user");
  assert.equal((await later.json("/v1/session")).user, "ursa");
  await gina.does({ type: "suspend_user", user: "ursa" });
  await assertProblem(await ursa.get("/v1/session"), 403, "removed_user");
  await assertProblem(await later.get("/v1/session"), 403, "suspended_user");
});

test("a person who removes themselves leaves no stored answer", async () => {
  await gina.does({ type: "assign_role", user: "uma", role: "application_admin" });
  const uma = await service.signIn("uma");
  const leave = { type: "remove_user", user: "uma", successor: "gina" };
  await uma.does(leave, { "Idempotency-Key": "leaving" });
  assert.deepEqual(await rowsOf("uma"), [0, 0, 0, 0]);
});

test("a withdrawn invitation leaves no rows either", async () => {
  await gina.does({ type: "invite_user", email: "sven@acme.example", id: "sven" });
  await gina.does({ type: "revoke_invitation", user: "sven" });
  assert.deepEqual(await rowsOf("sven"), [0, 0, 0, 0]);
});
