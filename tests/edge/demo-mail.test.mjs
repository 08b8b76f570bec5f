// The demonstration's mail server: it speaks SMTP, delivers nothing, and shows the mails that it got.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, test } from "node:test";
import { startMailCatcher } from "../../demo/mail-catcher.mjs";

const MESSAGE = [
  "From: Acme <robot@acme.example>",
  "To: Someone else <header@acme.example>",
  "Subject: =?utf-8?q?Welcome_=E2=9C=93?=",
  "MIME-Version: 1.0",
  'Content-Type: multipart/alternative; boundary="b"',
  "",
  "--b",
  "Content-Type: text/plain; charset=utf-8",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "Hello <b>you</b>,",
  "",
  "http://localhost:8787/invitation#wi_=",
  "abc",
  "",
  "--b",
  "Content-Type: text/html",
  "",
  "<p>Hello</p>",
  "--b--",
  "",
].join("\r\n");

let mail;
beforeEach(async () => {
  mail = await startMailCatcher();
});
afterEach(() => mail.stop());

async function send(to, message = MESSAGE) {
  const socket = connect(mail.smtpPort, "127.0.0.1");
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async () => {
    for (;;) {
      const { value } = await lines.next();
      if (value[3] !== "-") return value;
    }
  };
  const say = (text) => (socket.write(`${text}\r\n`), reply());
  await reply();
  await say("EHLO test.example");
  await say("MAIL FROM:<robot@acme.example>");
  await say(`RCPT TO:<${to}>`);
  await say("DATA");
  const answer = await say(`${message.replaceAll(/^\./gm, "..")}\r\n.`);
  await say("QUIT");
  socket.destroy();
  return answer;
}

test("keeps each mail: envelope, subject, both texts, links", async () => {
  assert.match(await send("zoe@acme.example"), /^250/);
  const [kept] = mail.mails();
  assert.deepEqual(kept.to, ["zoe@acme.example"]);
  assert.equal(kept.from, "robot@acme.example");
  assert.equal(kept.subject, "Welcome ✓");
  assert.match(kept.text, /^Hello <b>you<\/b>,/);
  assert.match(kept.html, /^<p>Hello<\/p>/);
  assert.deepEqual(kept.links, ["http://localhost:8787/invitation#wi_abc"]);
  assert.equal(kept.raw.trimEnd(), MESSAGE.trimEnd());
});

test("waits for a future mail, and finds an earlier one", async () => {
  const waiting = mail.waitForMail("zoe@acme.example", ({ subject }) => subject.startsWith("Welcome"));
  await send("ben@acme.example");
  await send("zoe@acme.example");
  assert.equal((await waiting).id, 2);
  assert.equal((await mail.waitForMail("ben@acme.example")).id, 1);
  await assert.rejects(
    mail.waitForMail("ben@acme.example", ({ id }) => id > 1, { timeout: 1 }),
    /no such mail to ben@acme\.example within 1 ms/,
  );
});

test("shows the list, the newest first, and each mail with its link, escaped", async () => {
  const get = async (path) => (await fetch(mail.url + path)).text();
  assert.match(await get("/"), /No mail yet/);
  await send("zoe@acme.example");
  await send("ben@acme.example");
  const list = await get("/");
  assert.ok(list.indexOf("To ben@acme.example") < list.indexOf("To zoe@acme.example"));
  const page = await get("/mails/1");
  assert.match(page, /Hello &#60;b&#62;you/);
  assert.match(page, /<a href="http:\/\/localhost:8787\/invitation#wi_abc" rel="noreferrer">/);
  assert.equal((await fetch(`${mail.url}/mails/9`)).status, 404);
});

test("tells an open page about a new mail", async () => {
  const response = await fetch(`${mail.url}/events`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  await send("zoe@acme.example");
  assert.equal((await reader.read()).value, "data: 1\n\n");
  await reader.cancel();
});

test("refuses a mail that is too large, and keeps the others", async () => {
  assert.match(await send("zoe@acme.example", `Subject: large\r\n\r\n${"x".repeat(1100 * 1024)}`), /^552/);
  assert.deepEqual(mail.mails(), []);
  assert.match(await send("zoe@acme.example"), /^250/);
});

test("listens on the loopback interface alone, and stops at once", async () => {
  const second = await startMailCatcher();
  await second.stop();
  const socket = connect(second.smtpPort, "127.0.0.1");
  const [error] = await once(socket, "error");
  assert.equal(error.code, "ECONNREFUSED");
});
