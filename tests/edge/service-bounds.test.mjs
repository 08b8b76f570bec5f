// Limits of shared resources for one person: open updates, sessions and mails.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { assertProblem } from "../lib/problem.mjs";
import { startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

const team = (id) => ({ type: "create_team", id, name: id });
const digest = (text) => createHash("sha256").update(text).digest("base64url");

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

describe("updates", () => {
  test("of one person are at most twenty: the oldest is closed and told to try again later", async () => {
    const uma = await service.signIn("uma");
    const other = await gina.updates();
    const opened = [];
    for (let count = 0; count < 200; count += 1) opened.push(await uma.updates());
    const codes = await Promise.all(opened.slice(0, -20).map(({ closed }) => closed));
    assert.deepEqual(new Set(codes), new Set([4429]));
    for (const socket of opened.slice(-20)) await socket.next();
    await other.next();
    const { version } = await gina.does(team("told"));
    for (const socket of [other, ...opened.slice(-20)]) assert.equal(await socket.next(), version);
    for (const socket of [other, ...opened.slice(-20)]) socket.close();
  });

  test("that never confirm their closing do not get around the limit", async () => {
    const udo = await service.signIn("udo");
    const silent = [];
    let refused;
    for (let count = 0; count < 120 && refused === undefined; count += 1) {
      const socket = await udo.updates().catch((error) => {
        refused = error;
      });
      socket?.deafen();
      if (socket) silent.push(socket);
    }
    assert.equal(refused?.status, 429);
    assert.equal(refused.headers["retry-after"], "60");
    assert.equal(silent.length, 80);
    // Others are not affected.
    const other = await gina.updates();
    await other.next();
    for (const socket of [...silent, other]) socket.close();
  });

  test("are for listening: a message closes the socket", async () => {
    const abe = await service.signIn("abe");
    const updates = await abe.updates();
    updates.send("ping");
    updates.send("anything else");
    assert.equal(await updates.closed, 1008);
  });
});

test("sessions of one person are at most twenty: a new one ends the oldest, with its updates", async () => {
  const first = await service.signIn("abe");
  const updates = await first.updates();
  await service.restart({ edit: [["UPDATE sessions SET created = created - 100 WHERE digest = ?", digest(first.session)]] });
  const open = await first.updates();
  const others = [];
  while (others.length < 20) others.push(await service.signIn("abe"));
  assert.equal(await open.closed, 4401);
  await assertProblem(await first.get("/v1/session"), 401, "not_signed_in");
  assert.equal((await others.at(-1).get("/v1/session")).status, 200);
  const [[{ count }]] = await service.restart({ edit: [["SELECT COUNT(*) AS count FROM sessions WHERE user = 'abe'"]] });
  assert.equal(count, 20);
  updates.close();
});

describe("mails", () => {
  const refusedFor = async (response) => {
    const { retry_after: seconds } = await assertProblem(response, 429, "rate_limited");
    assert.equal(response.headers.get("Retry-After"), String(seconds));
    return seconds;
  };

  test("to one address are at most five in an hour, by any command", async () => {
    const {
      result: { user },
    } = await gina.does({ type: "invite_user", email: "stranger@elsewhere.example" });
    await gina.does({ type: "resend_invitation", user });
    await gina.does({ type: "revoke_invitation", user });
    const again = (await gina.does({ type: "invite_user", email: "Stranger@elsewhere.example" })).result.user;
    await gina.does({ type: "resend_invitation", user: again });
    const abe = await service.signIn("abe");
    await abe.does({ type: "resend_invitation", user: again });
    const { version } = await gina.json("/v1/directory");
    const mails = () => service.mail.mails().filter(({ to }) => `${to}`.includes("elsewhere.example")).length;
    await until(() => mails() === 5, "the mails");
    for (const member of [gina, abe]) {
      const seconds = await refusedFor(await member.command({ type: "resend_invitation", user: again }));
      assert.ok(seconds > 3500 && seconds <= 3600, `${seconds}`);
    }
    await gina.does({ type: "revoke_invitation", user: again });
    await refusedFor(await gina.command({ type: "invite_user", email: "stranger@elsewhere.example" }));
    // The command did nothing, and others can be invited.
    assert.equal((await gina.json("/v1/directory")).version, version + 1);
    assert.equal(mails(), 5);
    await gina.does({ type: "invite_user", email: "somebody@elsewhere.example" });
  });

  test("and ten in a day", async () => {
    const now = Math.floor(Date.now() / 1000);
    const {
      result: { user },
    } = await gina.does({ type: "invite_user", email: "patient@elsewhere.example" });
    await service.restart({
      edit: [
        [
          "INSERT INTO mails SELECT address, 'abe', ? FROM mails WHERE address = ? LIMIT 1",
          now - 80_000,
          digest("patient@elsewhere.example"),
        ],
        ...Array.from({ length: 8 }, (_, n) => [
          "INSERT INTO mails VALUES (?, 'abe', ?)",
          digest("patient@elsewhere.example"),
          now - 7200 - n,
        ]),
      ],
    });
    const seconds = await refusedFor(await gina.command({ type: "resend_invitation", user }));
    assert.ok(seconds > 6300 && seconds <= 6400, `${seconds}`);
  });

  test("of one person and of all have limits above a whole department", async () => {
    const now = Math.floor(Date.now() / 1000);
    const fill = (count, actor) => [
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO mails SELECT 'x' || i, ?, ? FROM n",
      count,
      actor,
      now - 60,
    ];
    const invite = (member, name) => member.command({ type: "invite_user", email: `${name}@elsewhere.example` });
    await service.restart({ edit: [["DELETE FROM mails"], fill(999, "gina")] });
    const abe = await service.signIn("abe");
    assert.equal((await invite(gina, "last")).status, 200);
    await refusedFor(await invite(gina, "one-more"));
    assert.equal((await invite(abe, "another")).status, 200);
    await service.restart({ edit: [fill(3999, "somebody")] });
    await refusedFor(await invite(abe, "yet-another"));
    // Rows that are a day old do not count and are deleted.
    await service.restart({ edit: [["UPDATE mails SET at = at - 86400"]] });
    assert.equal((await invite(gina, "one-more")).status, 200);
    await service.maintain();
    const [[{ count }]] = await service.restart({ edit: [["SELECT COUNT(*) AS count FROM mails"]] });
    assert.equal(count, 1);
  });
});
