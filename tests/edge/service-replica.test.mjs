// The whole organization in a server's memory, from the real Worker: it follows, decides as the organization's object does, and ends with its key.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import WebSocket from "ws";
import { connect } from "wicketgate/client";
import { startService } from "../lib/service.mjs";
import { until } from "../lib/until.mjs";

let service;
let gina;
before(async () => {
  service = await startService();
  gina = await service.signIn("gina");
});
after(() => service?.stop());

async function key(fields = {}) {
  const command = { type: "create_api_key", name: "Réplica", role: "global_admin", scopes: ["read"], ...fields };
  const { result } = await gina.does(command);
  return { id: result.api_key, token: result.secret };
}

const replicaWith = (token, more = {}) =>
  connect({ url: service.url, token, scope: "workspace", WebSocket, issuer: "https://authority.acme.example", ...more });

describe("a replica", () => {
  let replica;
  before(async () => {
    replica = await replicaWith((await key()).token);
  });
  after(() => replica?.close());

  test("decides for everybody without a request", async () => {
    assert.equal(replica.freshness, "fresh");
    assert.equal(replica.snapshot.scope, "workspace");
    for (const [user, capability, target, expected] of [
      ["uma", "assistant.edit", "draft", true],
      ["udo", "assistant.view", "draft", false],
      ["udo", "assistant.view", "site", true],
      ["sam", "assistant.view", "site", false],
      ["nobody", "assistant.view", "site", false],
      ["gina", "user.invite", undefined, true],
    ])
      assert.equal(replica.as({ user }).can(capability, ...(target ? [target] : [])), expected, `${user} ${capability} ${target}`);
    assert.equal(replica.as({ user: "uma" }), replica.as({ user: "uma" }));
    assert.throws(() => replica.me, { code: "wrong_scope" });
  });

  test("has what somebody has just changed, before it is announced or after", async () => {
    const udo = replica.as({ user: "udo" });
    await gina.does({ type: "set_accessibility", assistant: "draft", accessibility: "public" });
    for (let n = 0; n < 5; n += 1) {
      const { version } = await gina.does({ type: "grant", assistant: "draft", user: "udo", role: "editor" });
      await replica.reached(version);
      assert.ok(replica.version >= version);
      assert.equal(udo.can("assistant.edit", "draft"), true);
      const { version: later } = await gina.does({ type: "revoke_grant", assistant: "draft", user: "udo" });
      await replica.reached(later);
      assert.equal(udo.can("assistant.edit", "draft"), false);
    }
  });

  test("follows what is announced, by deltas", async () => {
    const { snapshot } = replica;
    const { version } = await gina.does({ type: "edit_team", team: "support", name: "Wsparcie" });
    await until(() => replica.version >= version, "it follows by itself");
    assert.equal(replica.snapshot, snapshot);
  });

  test("does not wait for ever for a version that never comes", async () => {
    const begin = performance.now();
    await assert.rejects(replica.reached(replica.version + 1000, { timeout: 0.2 }), { code: "unreachable" });
    assert.ok(performance.now() - begin < 5000);
    assert.equal(replica.freshness, "fresh");
    await assert.rejects(replica.reached(1.5), { code: "invalid_options" });
    await replica.reached(1);
  });

  test("keeps a thousand principals, and drops the one that was asked for longest ago", () => {
    const first = replica.as({ user: "uma" });
    for (let n = 0; n < 1000; n += 1) replica.as({ user: `visitor-${n}` });
    assert.notEqual(replica.as({ user: "uma" }), first);
    assert.equal(first.can("assistant.edit", "draft"), true);
  });
});

test("a key that may not read it opens none", async () => {
  for (const [fields, code] of [
    [{ scopes: ["commands"] }, /missing_scope/],
    [{ role: "user" }, /not_allowed/],
  ])
    await assert.rejects(replicaWith((await key(fields)).token), (error) => {
      assert.equal(error.code, "not_signed_in");
      assert.match(error.message, code);
      return true;
    });
  await assert.rejects(replicaWith("wgk_none"), { code: "not_signed_in" });
});

test("when its key is revoked, everything is denied at once; rotated with a grace, it goes on", async () => {
  const { id, token } = await key();
  const replica = await replicaWith(token);
  const uma = replica.as({ user: "uma" });
  await gina.does({ type: "rotate_api_key", key: id, grace: 3600 });
  const { version } = await gina.does({ type: "edit_team", team: "support", name: "Suporte" });
  await until(() => replica.version >= version, "it follows after the rotation", 20);
  const ended = new Promise((resolve) => replica.on("signedOut", resolve));
  await gina.does({ type: "revoke_api_key", key: id });
  assert.equal((await ended).code, "not_signed_in");
  assert.equal(uma.can("assistant.edit", "draft"), false);
  assert.equal(replica.freshness, "expired");
  await assert.rejects(replica.reached(version + 100), { code: "not_signed_in" });
  replica.close();
});

test("closing it ends the waits for a version, however long they may be", async () => {
  const replica = await replicaWith((await key()).token);
  const waits = [{ timeout: 60 }, { timeout: Infinity }].map((options) =>
    assert.rejects(replica.reached(replica.version + 1000, options), { code: "freed" }),
  );
  await replica.refresh();
  replica.close();
  await Promise.all(waits);
});

test("without a WebSocket it asks, and `reached` still holds", async () => {
  const refused = class {
    constructor() {
      throw new Error("there is none");
    }
  };
  const replica = await replicaWith((await key()).token, { WebSocket: refused });
  const { version } = await gina.does({ type: "edit_team", team: "support", name: "Dukungan" });
  await replica.reached(version);
  assert.ok(replica.version >= version);
  replica.close();
});

test("the options are checked", async () => {
  const base = { url: service.url };
  for (const options of [
    { ...base, scope: "workspace" },
    { ...base, token: "wgk_x" },
    { ...base, scope: "member", token: "wgk_x" },
    { ...base, scope: "workspace", token: "a b" },
    { ...base, scope: "gate", token: "wgk_x" },
    { ...base, scope: "workspace", token: undefined },
  ])
    await assert.rejects(connect(options), { code: "invalid_options" });
});
