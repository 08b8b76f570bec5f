// Mail over encrypted connections, to a real server that requires a password.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { SMTPServer } from "smtp-server";

// The key and self-signed certificate of `localhost`, made for this test alone. The local runtime reads this when it is loaded.
const CERTIFICATE = fileURLToPath(new URL("../fixtures/mail-server.pem", import.meta.url));
process.env.NODE_EXTRA_CA_CERTS = CERTIFICATE;
const { startService } = await import("../lib/service.mjs");

const pem = readFileSync(CERTIFICATE, "utf8");
const login = { SMTP_USER: "wicketgate", SMTP_PASSWORD: "a password" };
const received = [];
const servers = [];
let service;
let gina;
let starttls;
let tls;

before(async () => {
  [starttls, tls] = await Promise.all([listen({ secure: false }), listen({ secure: true })]);
  service = await startService();
  gina = await service.signIn("gina");
});
after(async () => {
  await service?.stop();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

function listen(options) {
  const server = new SMTPServer({
    ...options,
    key: pem,
    cert: pem,
    onAuth: ({ username, password }, _, done) =>
      done(username === login.SMTP_USER && password === login.SMTP_PASSWORD ? null : new Error("wrong password"), {
        user: username,
      }),
    onData(stream, { secure, user, envelope }, done) {
      stream.resume().on("end", () => {
        received.push({ secure, user, to: envelope.rcptTo.map(({ address }) => address) });
        done();
      });
    },
  });
  server.on("error", () => {}); // some tests are about clients that close the connection
  servers.push(server);
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(String(server.server.address().port))));
}

async function invite(name, settings) {
  await service.restart(settings);
  const { mail } = await gina.does({ type: "invite_user", email: `${name}@acme.example` });
  return { mail, received: received.find(({ to }) => to.includes(`${name}@acme.example`)) };
}

test("goes over STARTTLS, with the password", async () => {
  const { mail, received } = await invite("starttls", { SMTP_SECURE: "starttls", SMTP_PORT: starttls, ...login });
  assert.equal(mail, "sent");
  assert.deepEqual(received, { secure: true, user: "wicketgate", to: ["starttls@acme.example"] });
});

test("goes over TLS, with the password", async () => {
  const { mail, received } = await invite("tls", { SMTP_SECURE: "tls", SMTP_PORT: tls, ...login });
  assert.equal(mail, "sent");
  assert.deepEqual(received, { secure: true, user: "wicketgate", to: ["tls@acme.example"] });
});

for (const [what, settings] of [
  ["with a wrong password", () => ({ SMTP_SECURE: "tls", SMTP_PORT: tls, ...login, SMTP_PASSWORD: "another" })],
  [
    "to a server whose certificate names another host",
    () => ({ SMTP_SECURE: "tls", SMTP_PORT: tls, SMTP_HOST: "127.0.0.1", ...login }),
  ],
  ["to such a server over STARTTLS", () => ({ SMTP_SECURE: "starttls", SMTP_PORT: starttls, SMTP_HOST: "127.0.0.1", ...login })],
]) {
  test(`does not go ${what}`, async () => {
    const { mail, received } = await invite(what.replaceAll(/\W/g, "-"), settings());
    assert.equal(mail, "failed");
    assert.equal(received, undefined);
  });
}
