// The history for other services: pages and streams, as it is stored; and the signals beside it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { verifyChain } from "wicketgate/authority";
import { readStream } from "../lib/event-stream.mjs";
import { signIn, startService } from "../lib/service.mjs";

let service;
let gina;

before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});

after(() => service?.stop());

const team = (name) => gina.does({ type: "create_team", name });
const version = async () => (await gina.json("/v1/directory")).version;

async function allSignals() {
  const all = [];
  for (let from = 0; from !== undefined; ) {
    const { signals, next } = await gina.json(`/v1/signals?after=${from}&limit=50`);
    all.push(...signals);
    from = next;
  }
  return all;
}

const signalsOf = async (type) => (await allSignals()).filter((signal) => signal.type === type);

async function open(member, query = "", headers = {}) {
  const response = await member.get(`/v1/events/stream${query}`, headers);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  return readStream(response);
}

test("pages have the texts as they are hashed, and lead to the next page", async () => {
  for (let n = 0; n < 7; n += 1) await team(`Team ${n}`);
  const events = [];
  for (let from = 0; from !== undefined; ) {
    const page = await gina.json(`/v1/events?after=${from}&limit=3`);
    assert.equal(page.epoch, 0);
    assert.ok(page.events.every((event) => Object.keys(event).join() === "version,text"));
    events.push(...page.events);
    from = page.next;
  }
  assert.equal(events.length, await version());
  await verifyChain(events);
  const ahead = await gina.get(`/v1/events?after=${events.length + 1}`);
  assert.deepEqual([ahead.status, (await ahead.json()).code], [404, "unknown_version"]);
  for (const query of ["after=-1", "after=x", "limit=0", "limit=1001"]) {
    assert.equal((await gina.get(`/v1/events?${query}`)).status, 400, query);
  }
});

test("a stream sends what is there and what comes, and goes on after the last event that was received", async () => {
  const from = await version();
  const stream = await open(gina, `?after=${from - 2}`);
  await stream.until(2);
  await team("Zoë’s team");
  await team("Next");
  await stream.until(4);
  assert.deepEqual(
    stream.events.map(({ id }) => Number(id)),
    [from - 1, from, from + 1, from + 2],
  );
  const { events } = await gina.json(`/v1/events?after=${from - 2}`);
  assert.deepEqual(
    stream.events.map(({ data }) => data),
    events.map(({ text }) => text),
  );
  await stream.leave();
  await team("Missed");
  const again = await open(gina, `?after=1`, { "Last-Event-ID": String(from + 2) });
  await again.until(1);
  assert.equal(JSON.parse(again.events[0].data).command.name, "Missed");
  await again.leave();
  const later = await open(gina);
  await team("From now on");
  await later.until(1);
  assert.equal(JSON.parse(later.events[0].data).command.name, "From now on");
  await later.leave();
});

test("a stream ends with the session and with the right to read it", async () => {
  await gina.does({ type: "define_role", id: "auditor", on: "organization", grants: ["audit.view"] });
  await gina.does({ type: "assign_role", user: "udo", role: "auditor" });
  const udo = await service.signIn("udo");
  const first = await open(udo);
  await gina.does({ type: "assign_role", user: "udo", role: "user" });
  await first.ended();
  assert.deepEqual(first.events, [], "not even the event that took the right");
  assert.equal((await udo.get("/v1/events/stream")).status, 403);
  await gina.does({ type: "assign_role", user: "udo", role: "auditor" });
  const second = await open(udo);
  await udo.post("/v1/session/end", {});
  await second.ended();
  assert.equal((await udo.get("/v1/events/stream")).status, 401);
  const back = await service.signIn("udo");
  const third = await open(back);
  await gina.does({ type: "suspend_user", user: "udo" });
  await third.ended();
  await gina.does({ type: "reactivate_user", user: "udo" });
});

test("a caller has three streams at most: a new one ends the oldest", async () => {
  const streams = [];
  for (let n = 0; n < 4; n += 1) streams.push(await open(gina));
  await streams[0].ended();
  await team("For three");
  for (const stream of streams.slice(1)) await stream.until(1);
  for (const stream of streams.slice(1)) await stream.leave();
  // Those that were left are the oldest now.
  const again = await open(gina);
  await team("For one");
  await again.until(1);
  await again.leave();
});

test("only who may read the audit log reads events and signals", async () => {
  const abe = await service.signIn("abe");
  for (const path of ["/v1/events", "/v1/events/stream", "/v1/signals"]) {
    const refused = await abe.get(path);
    assert.deepEqual([refused.status, (await refused.json()).capability], [403, "audit.view"], path);
    assert.equal((await service.member().get(path)).status, 401, path);
  }
});

test("sign-ins and refused ones are signals, without addresses", async () => {
  await service.signIn("uma");
  const [last] = (await signalsOf("signed_in")).slice(-1);
  assert.equal(last.user, "uma");
  assert.ok(Math.abs(last.at - Date.now() / 1000) < 60);
  assert.equal((await signIn(service, service.member().visitor, "sam")).response.status, 403);
  assert.equal((await signIn(service, service.member().visitor, "ulla")).response.status, 403);
  const refused = (await signalsOf("sign_in_refused")).map(({ id: _, at: __, type: ___, ...said }) => said);
  assert.deepEqual(refused, [{ code: "suspended_user", user: "sam" }, { code: "email_not_verified" }]);
  assert.ok(!JSON.stringify(await allSignals()).includes("@"));
});

test("refused commands are signals, and a flood of them is counted and does not fill the disk", async () => {
  const uma = await service.signIn("uma");
  const before = await version();
  const refusals = 130;
  for (let n = 0; n < refusals; n += 1) assert.equal((await uma.command({ type: "create_team", name: `No ${n}` })).status, 403);
  assert.equal(await version(), before);
  const refused = (await signalsOf("command_refused")).filter(({ actor }) => actor.user === "uma");
  assert.equal(refused.length, 100);
  const { id: _, at: __, ...said } = refused[0];
  assert.deepEqual(said, { type: "command_refused", actor: { user: "uma" }, command: "create_team", code: "not_allowed" });
  // Others are still heard, and what was left out is said then.
  await gina.command({ type: "delete_team", team: "nowhere" });
  const [omitted, ginas] = (await allSignals()).slice(-2);
  assert.deepEqual([omitted.type, omitted.of, omitted.count], ["omitted", "command_refused", refusals - 100]);
  assert.deepEqual([ginas.actor.user, ginas.command], ["gina", "delete_team"]);
});

test("keys and the operator's acts are signals", async () => {
  await service.operator("/v1/plan", { method: "PUT", body: { withholds: [] } });
  const { keys } = await (await service.operator("/v1/keys/rotate", { body: {} })).json();
  const acts = (await signalsOf("operator_acted")).map(({ act }) => act);
  assert.deepEqual(acts, ["found", "set_plan", "rotate_keys"]);
  const [rotated] = await signalsOf("key_rotated");
  assert.deepEqual([rotated.kid, rotated.at_once], [keys.find(({ state }) => state === "next").kid, false]);
});

test("signals are kept for 90 days, and their numbers are not used again", async () => {
  const all = await allSignals();
  assert.deepEqual(
    all.map(({ id }) => id),
    all.map((_, index) => index + 1),
  );
  const old = Math.floor(Date.now() / 1000) - 90 * 24 * 60 * 60;
  await service.restart({ edit: [["UPDATE signals SET at = ?", old]] });
  await service.maintain();
  assert.deepEqual(await allSignals(), []);
  await service.signIn("uma");
  assert.ok((await allSignals())[0].id > all.length);
});
