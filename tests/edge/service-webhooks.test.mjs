// Webhooks: every event in order and once, signed, whatever the receivers do; who may manage them; switching off.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { guideCode } from "../lib/guide-code.mjs";
import { behaviours, startReceiver } from "../lib/receiver.mjs";
import { startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";
import { verifyWebhook } from "../lib/verify-webhook.mjs";

const DAY = 24 * 60 * 60;

let service;
let gina;
const receivers = [];

before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});

after(async () => {
  await service?.stop();
  await Promise.all(receivers.map((receiver) => receiver.stop()));
});

async function receiver(behaviour) {
  const started = await startReceiver(behaviour);
  receivers.push(started);
  return started;
}

async function create(url, more = {}) {
  const { result } = await gina.does({ type: "create_webhook", url, ...more });
  return result.webhook;
}

async function stateOf(id) {
  const { webhooks } = await gina.json("/v1/webhooks");
  return webhooks.find((webhook) => webhook.id === id);
}

const deliveriesOf = async (id) => (await gina.json(`/v1/webhooks/${id}/deliveries`)).deliveries;
const team = (name) => gina.does({ type: "create_team", name });
const remove = (id) => gina.does({ type: "delete_webhook", webhook: id });

test("every event is sent in order, as the history has it, signed with the organization's key", async () => {
  const { received, url, ...receiving } = await receiver();
  const id = await create(url, { name: "Tickets" });
  const versions = [];
  for (let n = 0; n < 20; n += 1) versions.push((await team(`Équipe ${n}`)).version);
  await receiving.until((all) => all.length === 20, "all are sent");
  const { keys } = await gina.json("/v1/webhooks");
  const { events } = await gina.json(`/v1/events?after=${versions[0] - 1}`);
  for (const [index, request] of received.entries()) {
    const payload = verifyWebhook(
      request,
      keys.map(({ key }) => key),
    );
    const { at } = JSON.parse(events[index].text);
    assert.deepEqual(payload, {
      type: "create_team",
      timestamp: new Date(at * 1000).toISOString(),
      data: { organization: "acme", version: versions[index], event: events[index].text },
    });
    assert.equal(request.path, "/in?token=secret");
    assert.equal(request.headers["content-type"], "application/json");
    assert.match(request.headers["webhook-id"], /^evt_[A-Za-z0-9_-]{32}$/);
    assert.equal(request.headers.cookie, undefined);
    assert.throws(
      () =>
        verifyWebhook(
          { ...request, body: `${request.body} ` },
          keys.map(({ key }) => key),
        ),
      /no signature matches/,
    );
  }
  assert.equal(new Set(received.map(({ headers }) => headers["webhook-id"])).size, 20);
  // The code that docs/events.md shows.
  const { readWebhook } = await guideCode("docs/events.md", "read-webhook.mjs");
  const published = (await (await fetch(`${service.url}/.well-known/jwks.json`)).json()).keys;
  const [{ headers, body }] = received;
  assert.equal(readWebhook(headers, body, published).data.version, versions[0]);
  assert.throws(() => readWebhook(headers, body.replace("20", "21"), published), /the signature/);
  assert.throws(() => readWebhook(headers, body, published, Date.now() / 1000 + 400), /too old/);
  await until(async () => (await stateOf(id)).behind === 0, "the cursor is at the end");
  const state = await stateOf(id);
  assert.deepEqual(
    { ...state, last: { ...state.last, id: 0, at: 0 } },
    {
      id,
      url,
      name: "Tickets",
      behind: 0,
      last: { id: 0, version: versions.at(-1), type: "create_team", at: 0, attempts: 1, outcome: "delivered", status: 204 },
    },
  );
  await remove(id);
});

test("only chosen events are sent, and the address's secret is in no answer but the manager's", async () => {
  const { received, url, ...receiving } = await receiver();
  const id = await create(url, { events: ["suspend_user", "reactivate_user"] });
  await team("Passed over");
  await gina.does({ type: "suspend_user", user: "udo" });
  await team("Passed over too");
  await gina.does({ type: "reactivate_user", user: "udo" });
  await receiving.until((all) => all.length === 2, "both are sent");
  assert.deepEqual(
    received.map(({ body }) => JSON.parse(body).type),
    ["suspend_user", "reactivate_user"],
  );
  await gina.does({ type: "edit_webhook", webhook: id, events: null });
  await team("Sent");
  // The change itself is an event too.
  await receiving.until((all) => all.length === 4, "all events are sent");
  const audit = JSON.stringify(await gina.json("/v1/audit?limit=1000"));
  assert.ok(audit.includes(new URL(url).origin) && !audit.includes("token=secret"));
  await remove(id);
});

test("what a receiver does decides the outcome; redirects are not followed", async () => {
  const elsewhere = await receiver();
  const bad = await receiver();
  const id = await create(bad.url);
  const ways = [
    [behaviours.accepts, "delivered", 204],
    [behaviours.answersWithoutEnd, "delivered", 200],
    [behaviours.fails, "status", 500],
    [behaviours.redirects(elsewhere.url), "redirect", 307],
    [behaviours.cutsTheConnection, "connection", undefined],
  ];
  for (const [behaviour, outcome, status] of ways) {
    bad.behaviour = behaviour;
    const response = await gina.post(`/v1/webhooks/${id}/test`);
    assert.equal(response.status, 200);
    const { delivery } = await response.json();
    assert.deepEqual([delivery.type, delivery.outcome, delivery.status, delivery.by_hand], ["test", outcome, status, true]);
  }
  const { keys } = await gina.json("/v1/webhooks");
  const { type, data } = verifyWebhook(bad.received[0], [keys[0].key]);
  assert.deepEqual([type, data.organization], ["test", "acme"]);
  assert.match(bad.received[0].headers["webhook-id"], /^test_[0-9a-f]{32}$/);
  assert.deepEqual(elsewhere.received, []);
  await remove(id);
});

test("a receiver that stalls delays no other and no command, and its event comes again", async () => {
  const stalling = await receiver(behaviours.stalls);
  const good = await receiver();
  const [slow, quick] = [await create(stalling.url), await create(good.url)];
  const { version } = await team("First");
  await stalling.until((all) => all.length === 1, "the stalled one is called");
  const begun = Date.now();
  for (let n = 0; n < 5; n += 1) await team(`While it stalls ${n}`);
  await good.until(() => good.versions().includes(version + 5), "the other has all");
  assert.ok(Date.now() - begun < 5000, "nothing waited for the stalled one");
  assert.equal(stalling.received.length, 1);
  // After 15 seconds it counts as failed. It answers now, and gets all in order, the first one again.
  stalling.behaviour = behaviours.accepts;
  await stalling.until(() => stalling.versions().at(-1) === version + 5, "the other catches up", 40);
  const versions = stalling.versions();
  const first = versions[0];
  assert.deepEqual(versions, [first, ...Array.from({ length: version + 6 - first }, (_, n) => first + n)]);
  assert.equal(stalling.received[0].headers["webhook-id"], stalling.received[1].headers["webhook-id"]);
  const [, timedOut] = [...(await deliveriesOf(slow))].reverse().map(({ outcome, attempts }) => `${outcome} ${attempts}`);
  assert.equal((await deliveriesOf(slow)).at(-1).attempts, 2, timedOut);
  await remove(slow);
  await remove(quick);
});

test("failed calls are repeated after longer and longer, and after what the receiver asks for", async () => {
  const bad = await receiver(behaviours.fails);
  const id = await create(bad.url);
  const waits = [];
  const failures = async () => (await deliveriesOf(id))[0]?.attempts ?? 0;
  await team("Fails");
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await until(async () => (await failures()) === attempt, `attempt ${attempt}`);
    const { next_attempt: next, last, failing_since: since } = await stateOf(id);
    waits.push(next - last.at);
    assert.ok(since <= last.at);
    if (attempt === 3) bad.behaviour = behaviours.asksToWait(2000);
    await service.restart({ edit: [["UPDATE webhooks SET due = 0 WHERE id = ?", id]] });
    await gina.json("/v1/webhooks");
  }
  for (const [index, [least, most]] of [
    [5, 6],
    [10, 11],
    [20, 22],
    [2000, 2200],
  ].entries()) {
    assert.ok(waits[index] >= least && waits[index] <= most, `${waits}`);
  }
  assert.deepEqual(new Set(bad.versions()).size, 1, "nothing is sent before what failed");
  await remove(id);
});

test("after three days it is switched off, with an event and a mail; switched on, it goes on where it was", async () => {
  const bad = await receiver(behaviours.fails);
  const id = await create(bad.url, { name: "Billing" });
  const { version } = await team("Fails for days");
  await until(async () => (await stateOf(id)).failing_since, "it fails");
  const since = Math.floor(Date.now() / 1000) - 3 * DAY;
  await service.restart({ edit: [["UPDATE webhooks SET due = 0, since = ? WHERE id = ?", since, id]] });
  await gina.json("/v1/webhooks");
  await until(async () => (await stateOf(id)).paused === "disabled", "it is switched off");
  const { events } = await gina.json(`/v1/events?after=${version}`);
  const { actor, command } = JSON.parse(events.at(-1).text);
  assert.deepEqual([actor, command], [undefined, { type: "disable_webhook", webhook: id }]);
  const mail = await service.mail.waitForMail("gina@acme.example", ({ subject }) => subject.includes("Billing"));
  assert.match(mail.text, /“Billing” of acme is switched off: localhost:\d+ has accepted nothing since/);
  assert.ok(!mail.text.includes("secret") && mail.text.includes(`${service.url}/settings/webhooks`));
  bad.behaviour = behaviours.accepts;
  const calls = bad.received.length;
  await team("While it is off");
  assert.equal(bad.received.length, calls);
  await gina.does({ type: "enable_webhook", webhook: id });
  await bad.until(() => bad.versions().at(-1) === version + 3, "it catches up");
  assert.deepEqual(bad.versions().slice(calls), [version, version + 1, version + 2, version + 3]);
  await remove(id);
});

test("410 switches it off at once", async () => {
  const gone = await receiver(behaviours.isGone);
  const id = await create(gone.url, { name: "Gone" });
  await team("For nobody");
  await until(async () => (await stateOf(id)).paused === "disabled", "it is switched off");
  assert.equal(gone.received.length, 1);
  await service.mail.waitForMail("gina@acme.example", ({ subject }) => subject.includes("Gone"));
  await remove(id);
});

test("an event is sent again by hand, with the same id", async () => {
  const good = await receiver();
  const id = await create(good.url);
  await team("Once more");
  await good.until((all) => all.length === 1, "it is sent");
  await until(async () => (await deliveriesOf(id)).length === 1, "it is recorded");
  const [first] = await deliveriesOf(id);
  const response = await gina.post(`/v1/webhooks/${id}/deliveries/${first.id}/resend`);
  const { delivery } = await response.json();
  assert.deepEqual([delivery.version, delivery.outcome, delivery.by_hand], [first.version, "delivered", true]);
  assert.equal(good.received[0].body, good.received[1].body);
  assert.equal(good.received[0].headers["webhook-id"], good.received[1].headers["webhook-id"]);
  for (const number of [999_999, delivery.id + 1]) {
    assert.equal((await gina.post(`/v1/webhooks/${id}/deliveries/${number}/resend`)).status, 404);
  }
  await remove(id);
  assert.equal((await gina.post(`/v1/webhooks/${id}/test`)).status, 404);
});

test("after a rotation of the key the new one signs", async () => {
  const good = await receiver();
  const id = await create(good.url);
  const { keys: old } = await gina.json("/v1/webhooks");
  assert.equal((await service.operator("/v1/keys/rotate", { body: { at_once: true } })).status, 200);
  await team("With the new key");
  await good.until((all) => all.length === 1, "it is sent");
  const { keys } = await gina.json("/v1/webhooks");
  assert.deepEqual(
    keys.map(({ state }) => state),
    ["current"],
  );
  verifyWebhook(good.received[0], [keys[0].key]);
  assert.throws(() => verifyWebhook(good.received[0], [old[0].key]), /no signature matches/);
  const { keys: published } = await (await fetch(`${service.url}/.well-known/jwks.json`)).json();
  assert.equal(keys[0].key, `whpk_${Buffer.from(published[0].x, "base64url").toString("base64")}`);
  await remove(id);
});

test("nobody else manages them, and no address of a private network is taken", async () => {
  const good = await receiver();
  const id = await create(good.url);
  const abe = await service.signIn("abe");
  for (const response of [
    await abe.get("/v1/webhooks"),
    await abe.get(`/v1/webhooks/${id}/deliveries`),
    await abe.post(`/v1/webhooks/${id}/test`),
    await abe.post(`/v1/webhooks/${id}/deliveries/1/resend`),
    await abe.command({ type: "create_webhook", url: good.url }),
  ]) {
    assert.equal(response.status, 403);
    assert.equal((await response.json()).capability, "integrations.manage");
  }
  assert.equal((await gina.post(`/v1/webhooks/${id}/test`, {}, { Origin: "https://evil.example" })).status, 403);
  assert.equal((await service.member().get("/v1/webhooks")).status, 401);
  for (const url of [
    "https://10.0.0.1/",
    "https://metadata.google.internal/",
    "http://hooks.acme.example/",
    "https://169.254.169.254",
  ]) {
    const response = await gina.command({ type: "create_webhook", url });
    const { code, path } = await response.json();
    assert.deepEqual([response.status, code, path], [400, "invalid_command", "url"], url);
  }
  // What the plan withholds is sent to nobody.
  await service.operator("/v1/plan", { method: "PUT", body: { withholds: ["audit.view"] } });
  await team("Withheld");
  assert.equal((await gina.get("/v1/webhooks")).status, 403);
  await service.operator("/v1/plan", { method: "PUT", body: { withholds: [] } });
  await good.until((all) => all.some(({ body }) => body.includes("Withheld")), "what was withheld comes afterwards");
  await remove(id);
});
