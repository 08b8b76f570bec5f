// One run with every kind of secret, then a search for each where it must not be: answers, logs, the disk.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { signIn, startService } from "../lib/service.mjs";

let service;
const password = "the password of the mail server";
before(async () => {
  service = await startService({ bindings: { SMTP_PASSWORD: password } });
});
after(() => service?.stop());

const onDisk = (folder = service.objects) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "latin1"))
    .join("\n");

test("no secret is in an answer, in the log or on the disk, except where it belongs", async () => {
  const gina = await service.signIn("gina");
  const {
    result: { user },
  } = await gina.does({ type: "invite_user", email: "nora@acme.example" }, { "Idempotency-Key": randomUUID() });
  const mail = await service.mail.waitForMail("nora@acme.example");
  const token = new URL(mail.links[0]).hash.slice(1);

  const nora = service.member();
  const { location } = await (await nora.post("/v1/invitation", { token })).json();
  const { response, callback } = await signIn(service, nora.visitor, "nora", { location });
  assert.equal(response.status, 303);
  assert.equal((await nora.json("/v1/session")).user, user);

  const {
    result: { key },
  } = await gina.does({ type: "create_link", assistant: "site", level: "edit" }, { "Idempotency-Key": randomUUID() });

  // Errors, so that something is logged.
  await service.member().visitor.request(callback);
  await gina.command({ type: "accept_invitation", token, issuer: "i", subject: "s", email: "e@acme.example" });
  await gina.command(`{"type":"create_team","name":"${"x".repeat(10)}`);
  await service.operator("/v1/keys/rotate", { token: "a-wrong-operator's-token" });
  await nora.post("/v1/invitation", { token: `${token}x` });
  for (const path of [
    "/v1/snapshot",
    "/v1/delta?from=1",
    "/v1/head",
    "/v1/directory",
    "/v1/audit",
    "/v1/session",
    "/.well-known/jwks.json",
  ])
    await gina.get(path);
  await service.operator("/v1/keys/rotate");
  await service.restart({ SMTP_PORT: "1" });
  await gina.does({
    type: "resend_invitation",
    user: (await gina.does({ type: "invite_user", email: "nils@acme.example" })).result.user,
  });

  const [rows] = await service.restart({ edit: [["SELECT secret FROM keys WHERE secret IS NOT NULL"]] });
  const privateKeys = rows.map(({ secret }) => JSON.parse(secret).d);
  assert.equal(privateKeys.length, 2);
  const code = callback.searchParams.get("code");

  const disk = onDisk();
  assert.ok(disk.includes(privateKeys[0]), "the search finds what is there");
  const answers = service.answered();
  assert.ok(answers.includes("not_signed_in"), "the answers are recorded");

  const everywhere = [
    gina.session,
    nora.session,
    token,
    code,
    password,
    "a-wrong-operator's-token",
    ...Object.values(service.secrets),
  ];
  for (const [where, text, secrets] of [
    ["an answer", answers, [...everywhere, ...privateKeys]],
    ["the log", service.log(), [...everywhere, ...privateKeys, key]],
    ["the disk", disk, [...everywhere, key]],
  ]) {
    for (const secret of secrets) assert.ok(!text.includes(secret), `${where} holds a secret: number ${secrets.indexOf(secret)}`);
  }
  assert.equal(answers.split(key).length, 2, "a link's key is answered once");
});
