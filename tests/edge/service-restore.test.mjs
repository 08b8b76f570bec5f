// The authority's storage is put back to an earlier state. Versions are used a second time, and readers of the first ones are not locked out.
import assert from "node:assert/strict";
import { cp, rm } from "node:fs/promises";
import { after, before, beforeEach, describe, test } from "node:test";
import WebSocket from "ws";
import { open } from "wicketgate";
import { generateKeyPair, verifyChain } from "wicketgate/authority";
import { connect } from "wicketgate/client";
import { Gate, authoritySource, keyValueSource } from "wicketgate/gate";
import { fails } from "../lib/fails.mjs";
import { assertProblem } from "../lib/problem.mjs";
import { AUDIENCE, ISSUER, SESSION_COOKIE, startService } from "../lib/service.mjs";
import { standIn } from "../lib/stand-in.mjs";
import { until } from "../lib/until.mjs";

const passPair = await generateKeyPair();

let service;
let gina;
/** Folder with the copy of the disk, from version `then`. */
let saved;
let then;

const rename = (name) => ({ type: "edit_team", team: "support", name });
const copyTo = (from, to) => rm(to, { recursive: true, force: true }).then(() => cp(from, to, { recursive: true }));
const putBack = () => service.restart({ disk: () => copyTo(saved, service.objects) });
const restored = (body = {}, token) => service.operator("/v1/restored", { body, ...(token !== undefined && { token }) });
const keySet = () => gina.json("/.well-known/jwks.json");

async function raised() {
  const response = await restored();
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

/** A page of gina, which can be disconnected, with its storage and the codes of its errors. */
function page() {
  const held = new Map();
  const self = { online: true, errors: [] };
  const headers = () => ({ Origin: service.url, Cookie: `${SESSION_COOKIE}=${gina.session}` });
  const reachable = () => {
    if (!self.online) throw new TypeError("cut off");
  };
  class Socket extends WebSocket {
    constructor(url) {
      reachable();
      super(url, { headers: headers() });
    }
  }
  const options = {
    url: service.url,
    issuer: ISSUER,
    audience: AUDIENCE,
    organization: "acme",
    WebSocket: Socket,
    storage: { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => held.set(key, value) },
    fetch: async (url, init) => {
      reachable();
      return fetch(url, { ...init, headers: { ...init?.headers, ...headers() } });
    },
  };
  return Object.assign(self, {
    async load() {
      self.live?.close();
      self.live = await connect(options);
      self.live.on("error", ({ code }) => self.errors.push(code));
      return self.live;
    },
    moment: () => [self.live.snapshot.epoch, self.live.version],
  });
}

/** A gate that reads the store each time. */
function gateOf() {
  const store = { get: async (key) => (await service.gate()).get(key) };
  return new Gate({
    source: keyValueSource(store, {
      prefix: "gate:acme:",
      authority: authoritySource({ url: service.url, token: service.secrets.GATE_TOKEN }).authority,
    }),
    keys: keySet,
    issuer: ISSUER,
    organization: "acme",
    revalidateAfter: 0,
    passes: { keys: { keys: [passPair.privateKey] }, issuer: "https://gate.acme.example", audience: "chat" },
  });
}

async function memberToken() {
  const response = await gina.get("/v1/snapshot");
  return { payload: await response.text(), signature: response.headers.get("Wicketgate-Signature") };
}

before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
  then = (await gina.does(rename("Then"))).version;
  saved = `${service.objects}-saved`;
  await service.restart({ disk: () => copyTo(service.objects, saved) });
});
after(() => service?.stop());
beforeEach(putBack);

test("a reader of discarded versions is not locked out, after the authority began a new epoch", async () => {
  const first = page();
  await first.load();
  const gate = gateOf();
  const {
    result: { key },
  } = await (await gina.command({ type: "create_link", assistant: "site", level: "view" })).json();
  await gina.does({ type: "set_accessibility", assistant: "draft", accessibility: "public" });
  for (const name of ["Lost", "Gone"]) await gina.does(rename(name));
  const { version: last } = await gina.does(rename("Over"));
  await until(() => first.live.version === last, "the page has the last version");
  await until(async () => (await gate.admit("site", { link: key })).admitted, "the gate knows the link");
  await until(async () => (await (await service.gate()).get("gate:acme:draft")) !== null, "the other assistant is distributed");
  const admission = await gate.admit("site", { link: key });
  const old = { member: await memberToken(), gate: await (await service.gate()).get("gate:acme:site") };

  first.online = false;
  await putBack();
  const before = Math.floor(Date.now() / 1000);
  const { epoch, version } = await raised();
  assert.ok(epoch >= before && epoch <= Date.now() / 1000, String(epoch));
  assert.equal(version, then + 1);
  await gina.does(rename("Anew"));
  first.online = true;

  // The page that was open all the time, and a new one with its storage.
  await until(() => first.moment()[0] === epoch, "the page is of the epoch");
  assert.deepEqual(
    [first.moment(), first.live.freshness, first.live.snapshot.facts().teams[0].name],
    [[epoch, then + 2], "fresh", "Anew"],
  );
  await first.load();
  assert.deepEqual(first.moment(), [epoch, then + 2]);
  // It follows changes, also by deltas.
  await gina.does(rename("Further"));
  await until(() => first.live.version === then + 3, "the page follows");
  assert.deepEqual(
    first.errors.filter((code) => code !== "unreachable"),
    [],
  );
  await assertProblem(await gina.get(`/v1/delta?from=${then}`), 409, "delta_unavailable");

  // The gate: a link that was made after that time does not exist, and its copies are dropped.
  await until(async () => !(await gate.admit("site", { link: key })).admitted, "the gate has the earlier state");
  assert.deepEqual(await gate.admit("site", { link: key }), { admitted: false, reason: "link_invalid" });
  const { assistant, capabilities, obtained } = admission;
  const pass = { organization: "acme", assistant, capabilities, obtained };
  assert.equal((await gate.recheck(pass, "assistant.chat", { consult: "head" })).admitted, false);
  assert.equal(await gate.frameAncestors("site"), "frame-ancestors https://docs.acme.example");
  await until(async () => (await (await service.gate()).get("gate:acme:draft")) === null, "what was public only then is swept");

  // Snapshots that were signed before are refused from now on, with any version.
  const expect = { keys: await keySet(), issuer: ISSUER, organization: "acme", minEpoch: epoch, minVersion: 1 };
  for (const token of [old.member, old.gate]) await assert.rejects(open(token, expect), fails("rolled_back", "epoch"));
  const current = await open(await memberToken(), expect);
  assert.deepEqual([current.epoch, current.version], [epoch, then + 3]);
  await (await service.gate()).put("gate:acme:site", old.gate);
  assert.equal((await gate.admit("site", { link: key })).admitted, false);
  first.live.close();
});

test("without a new epoch, a reader of discarded versions refuses older ones", async () => {
  const first = page();
  await first.load();
  const { version } = await gina.does(rename("Lost"));
  await until(() => first.live.version === version, "the page has the last version");
  first.live.close();
  await putBack();
  await assert.rejects(first.load(), fails("rolled_back", "version"));
  await raised();
  await first.load();
  first.live.close();
});

test("going back twice makes two epochs", async () => {
  const one = await raised();
  const again = await raised();
  assert.ok(again.epoch > one.epoch);
  await putBack();
  // The clock is past the second of the first epoch.
  await until(() => Date.now() / 1000 >= one.epoch + 1, "a second has passed");
  const two = await raised();
  assert.ok(two.epoch > one.epoch, `${one.epoch}, ${two.epoch}`);
  assert.equal(two.version, one.version);
});

test("the history contains it, stays a valid chain, and survives a restart", async () => {
  const { epoch, version } = await raised();
  await service.restart();
  const { events } = await gina.json("/v1/audit?limit=1000");
  await verifyChain(events);
  const { actor, command } = JSON.parse(events.at(-1).text);
  assert.deepEqual([events.at(-1).version, actor, command], [version, undefined, { type: "begin_epoch", epoch }]);
  const snapshot = await open(await memberToken(), { keys: await keySet() });
  assert.deepEqual([snapshot.epoch, snapshot.version], [epoch, version]);
});

/** Stands in for the platform: deletes the events after the last one of that time. */
const STAND_IN = `
import worker, { Organization as Ours } from "./worker.js";
export { Registry } from "./worker.js";
export default worker;
export class Organization extends Ours {
  constructor(ctx, env) {
    const { storage } = ctx;
    storage.getBookmarkForTime = async (milliseconds) => String(milliseconds / 1000);
    storage.onNextSessionRestoreBookmark = async (bookmark) => {
      const events = storage.sql.exec("SELECT version, text FROM events ORDER BY version").toArray();
      const last = events.findLast(({ text }) => JSON.parse(text).at <= Number(bookmark));
      const digest = Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(last.text))).toString("base64url");
      storage.sql.exec("DELETE FROM events WHERE version > ?", last.version);
      storage.sql.exec("UPDATE head SET version = ?, hash = ?", last.version, digest);
      await storage.sync();
      return bookmark;
    };
    super(ctx, env);
  }
}`;

test("with a time, it puts the storage back itself, then begins the epoch", async () => {
  const other = await startService({ worker: await standIn(STAND_IN) });
  try {
    const admin = await other.signIn("gina");
    const { version: kept } = await admin.does(rename("Kept"));
    const at = Math.floor(Date.now() / 1000);
    await until(() => Date.now() / 1000 >= at + 2, "the second is over, and one more");
    await admin.does(rename("Lost"));
    const updates = await admin.updates();
    const response = await other.operator("/v1/restored", { body: { at } });
    const answer = await response.json();
    assert.deepEqual([response.status, answer.version], [200, kept + 1], JSON.stringify(answer));
    assert.ok(answer.epoch > at);
    // The object stopped and started with the earlier state.
    updates.close();
    const { version, organization } = await admin.json("/v1/directory");
    assert.deepEqual([version, organization.teams[0].name], [kept + 1, "Kept"]);
    await admin.does(rename("Anew"));
  } finally {
    await other.stop();
  }
});

describe("the request", () => {
  test("needs the operator's token", async () => {
    await assertProblem(await restored({}, "other"), 401, "not_signed_in");
    await assertProblem(await restored({}, null), 401, "not_signed_in");
    await assertProblem(await gina.command({ type: "begin_epoch", epoch: 7 }), 403, "not_allowed");
    assert.equal((await gina.json("/v1/directory")).version, then);
  });

  test("is empty, or has a time in the past", async () => {
    for (const body of [{ at: "now" }, { at: 1.5 }, { at: 0 }, { at: null }, { at: Date.now() }, { since: 1 }]) {
      await assertProblem(await restored(body), 400, "bad_request");
    }
    assert.equal((await gina.json("/v1/directory")).version, then);
  });

  test("does nothing if the platform keeps no earlier states", async () => {
    await assertProblem(await restored({ at: 1_790_000_000 }), 503, "unavailable");
    assert.equal((await gina.json("/v1/directory")).version, then);
  });
});
