// Invitations: a received mail, a link that works once, and a missing mail server.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "../lib/problem.mjs";
import { acceptInvitation, signIn, startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

const newest = (to, beyond = 0) => service.mail.waitForMail(to, ({ id }) => id > beyond);
const tokenOf = ({ links }) => new URL(links[0]).hash.slice(1);

async function invite(person, fields = {}) {
  const answer = await gina.does({ type: "invite_user", email: `${person}@acme.example`, ...fields });
  assert.equal(answer.mail, "sent");
  return { user: answer.result.user, mail: await newest(`${person}@acme.example`) };
}

const accept = (mail, person) => acceptInvitation(service, mail, person);

test("the mail names the inviter, the organization, the way and the time limit, and links to this origin", async () => {
  const { user, mail } = await invite("nora", { role: "application_admin" });
  assert.equal(mail.from, "no-reply@acme.example");
  assert.deepEqual(mail.to, ["nora@acme.example"]);
  assert.equal(mail.subject, "Invitation to acme");
  for (const text of [mail.text, mail.html]) {
    assert.match(text, /gina/);
    assert.match(text, /acme/);
    assert.match(text, /nora@acme\.example/);
    assert.match(text, new RegExp(`${new Date(Date.now() + 7 * 86_400_000).getUTCFullYear()} at \\d\\d:\\d\\d \\(UTC\\)`));
  }
  const link = new URL(mail.links[0]);
  assert.equal(link.origin + link.pathname, `${service.url}/invitation`);
  assert.match(link.hash, /^#wi_[A-Za-z0-9_-]{43}$/);
  assert.ok(mail.html.includes(link.href));

  const { member, response } = await accept(mail, "nora");
  assert.equal(response.status, 303);
  assert.deepEqual(await member.json("/v1/session"), { user, role: "application_admin", status: "active" });

  const again = await accept(mail, "nora");
  await assertProblem(again.response, 410, "invitation_invalid");
  assert.equal(again.member.session, undefined);
  assert.equal((await (await service.signIn("nora")).json("/v1/session")).user, user);
});

test("a person with another address is refused, and the invitation stays", async () => {
  const { mail } = await invite("nils");
  const stranger = await accept(mail, "newt");
  await assertProblem(stranger.response, 403, "wrong_address");
  assert.equal(stranger.member.session, undefined);
  assert.equal((await accept(mail, "nils")).response.status, 303);
});

test("an invited person is not admitted without the link", async () => {
  const { user } = await invite("newt");
  const member = service.member();
  await assertProblem((await signIn(service, member.visitor, "newt")).response, 409, "already_exists");
  await gina.does({ type: "revoke_invitation", user });
});

test("a resent invitation invalidates the earlier link", async () => {
  const { user, mail } = await invite("newt");
  const answer = await gina.does({ type: "resend_invitation", user });
  assert.equal(answer.mail, "sent");
  const second = await newest("newt@acme.example", mail.id);
  assert.notEqual(tokenOf(second), tokenOf(mail));
  await assertProblem((await accept(mail, "newt")).response, 410, "invitation_invalid");
  await gina.does({ type: "revoke_invitation", user });
  await assertProblem((await accept(second, "newt")).response, 410, "invitation_invalid");
});

test("an administrator's invitations end with them", async () => {
  const abe = await service.signIn("abe");
  const { result } = await abe.does({ type: "invite_user", email: "zoe@acme.example", role: "application_admin" });
  const mail = await newest("zoe@acme.example");
  const suspend = { type: "suspend_user", user: "abe" };
  assert.deepEqual((await (await gina.post("/v1/preview", suspend)).json()).ended, [result.user]);
  assert.deepEqual((await gina.does(suspend)).result.ended, [result.user]);
  await assertProblem((await accept(mail, "newt")).response, 410, "invitation_invalid");
  await gina.does({ type: "reactivate_user", user: "abe" });
});

test("an expired invitation is refused", async () => {
  const sent = await gina.does({ type: "invite_user", email: "newt@acme.example", id: "newt-late", expires_in: 1 });
  assert.equal(sent.mail, "sent");
  const mails = service.mail.mails().filter(({ to }) => to.includes("newt@acme.example"));
  const expires = Math.floor(Date.now() / 1000) + 1;
  await until(() => Date.now() / 1000 > expires + 1, "the invitation expires");
  await assertProblem((await accept(mails.at(-1), "newt")).response, 410, "invitation_expired");
});

test("an invalid token starts no sign-in", async () => {
  for (const token of [undefined, 1, "", "wi_short", `wk_${"x".repeat(43)}`]) {
    await assertProblem(await service.member().post("/v1/invitation", { token }), 410, "invitation_invalid");
  }
});

test("an address that could add a header or a recipient is refused", async () => {
  const count = service.mail.mails().length;
  for (const email of [
    "a@acme.example\r\nBcc: b@acme.example",
    "a@acme.example, b@acme.example",
    "<a@acme.example>",
    "a@acme.example>\r\nRCPT TO:<b@acme.example",
  ]) {
    await assertProblem(await gina.command({ type: "invite_user", email }), 400, "invalid_command");
  }
  assert.equal(service.mail.mails().length, count);
});

describe("without a mail server", () => {
  before(() => service.restart({ SMTP_PORT: "1" }));
  after(() => service.restart());

  test("the invitation is valid, the mail failed, and resending works once there is a server", async () => {
    const answer = await gina.does({ type: "invite_user", email: "late@acme.example" });
    assert.equal(answer.mail, "failed");
    assert.deepEqual(Object.keys(answer.result), ["user"]);
    await service.restart();
    assert.equal((await gina.does({ type: "resend_invitation", user: answer.result.user })).mail, "sent");
    await newest("late@acme.example");
  });
});

describe("a mail server without the configured encryption gets no mail", () => {
  for (const [what, settings] of [
    ["without encryption on another host", { SMTP_HOST: "mail.acme.example", SMTP_SECURE: "none" }],
    ["without encryption on a host that looks like this one", { SMTP_HOST: "localhost.acme.example", SMTP_SECURE: "none" }],
    ["without STARTTLS if it is configured", { SMTP_SECURE: "starttls", SMTP_USER: "u", SMTP_PASSWORD: "p" }],
    ["without TLS if it is configured", { SMTP_SECURE: "tls" }],
    ["with an unknown setting", { SMTP_SECURE: "maybe" }],
  ]) {
    test(what, async () => {
      await service.restart(settings);
      const count = service.mail.mails().length;
      const answer = await gina.does({ type: "invite_user", email: `${what.replaceAll(/\W/g, "-")}@acme.example` });
      assert.equal(answer.mail, "failed");
      assert.equal(service.mail.mails().length, count);
    });
  }
});
