// The sources that come with the gate, and keys that are fetched.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authoritySource, Gate, keyValueSource, MemorySource, remoteKeys } from "wicketgate/gate";
import { detach } from "wicketgate/authority";
import { fails } from "../lib/fails.mjs";
import { gateSnapshot, headOf, OPTIONS, withSite } from "../lib/gate-library.mjs";
import { EDIT, NOW, VIEW, keys } from "../lib/world.mjs";

const { signal } = new AbortController();

describe("a key-value namespace", () => {
  test("is read at the prefix and the id, and needs a prefix", async () => {
    const asked = [];
    const store = { get: async (key) => (asked.push(key), key.endsWith("site") ? "token" : null) };
    const source = keyValueSource(store, { prefix: "gate:acme:" });
    assert.equal(await source.read("site", signal), "token");
    assert.equal(await source.read("other", signal), undefined);
    assert.equal(await keyValueSource(store, { prefix: "" }).read("site", signal), "token");
    assert.deepEqual(asked, ["gate:acme:site", "gate:acme:other", "site"]);
    assert.throws(() => keyValueSource(store, {}), fails("invalid_options", "prefix"));
    assert.throws(() => keyValueSource(store, { prefix: undefined }), fails("invalid_options", "prefix"));
  });

  test("with an authority, admits by view and edit links", async () => {
    const token = await gateSnapshot();
    const { authority } = memory(token, headOf());
    const gate = new Gate({ ...OPTIONS, source: keyValueSource({ get: async () => token }, { prefix: "", authority }) });
    assert.ok((await gate.admit("site", { link: EDIT })).admitted);
    const without = new Gate({ ...OPTIONS, source: keyValueSource({ get: async () => token }, { prefix: "" }) });
    assert.ok((await without.admit("site", { link: VIEW })).admitted);
    await assert.rejects(without.admit("site", { link: EDIT }), fails("unavailable"));
  });
});

function memory(snapshot, head) {
  const source = new MemorySource();
  source.put("site", snapshot, head);
  return source;
}

describe("memory", () => {
  test("returns the snapshots that were put into it, until they are deleted", async () => {
    const source = memory(await gateSnapshot(), headOf());
    const gate = new Gate({ ...OPTIONS, source, revalidateAfter: 0 });
    assert.ok((await gate.admit("site", { link: EDIT })).admitted);
    source.put("site", await gateSnapshot({ version: 2, facts: withSite({ links: [] }) }));
    assert.equal((await gate.admit("site", { link: VIEW })).reason, "link_invalid");
    source.delete("site");
    assert.equal((await gate.admit("site", { link: VIEW })).reason, "unknown_target");
    assert.equal(await source.authority.head("site", signal), undefined);
  });

  test("without a head does not tell the current version", async () => {
    const gate = new Gate({ ...OPTIONS, source: memory(await gateSnapshot()) });
    await assert.rejects(gate.admit("site", { link: EDIT }), fails("unavailable"));
  });
});

describe("the authority", () => {
  /** An authority with chosen answers, which records the requests. */
  function authority(answer, options = {}) {
    const asked = [];
    const fetch = async (url, init) => (asked.push({ url: String(url), ...init }), answer(new URL(url).pathname));
    return { asked, source: authoritySource({ url: "https://authority.acme.example", token: "secret", fetch, ...options }) };
  }
  const problem = (status, code) => Response.json({ code }, { status });
  const serving = async (token) => {
    const { payload, signature } = await detach(token);
    return new Response(payload, { headers: { "Wicketgate-Signature": signature } });
  };

  test("returns snapshots and heads for the token", async () => {
    const { asked, source } = authority(async (path) => serving(path.endsWith("/head") ? headOf() : await gateSnapshot()));
    const gate = new Gate({ ...OPTIONS, source });
    assert.ok((await gate.admit("site", { link: EDIT })).admitted);
    assert.deepEqual(
      asked.map(({ url }) => url),
      ["https://authority.acme.example/v1/gate/site", "https://authority.acme.example/v1/gate/site/head"],
    );
    for (const { headers, redirect, signal } of asked)
      assert.deepEqual([headers, redirect, signal instanceof AbortSignal], [{ Authorization: "Bearer secret" }, "manual", true]);
  });

  test("is found below a path, with every id in a segment of its own", async () => {
    const { asked, source } = authority(() => problem(404, "unknown_assistant"), { url: "https://acme.example/authority" });
    await source.read("a:b@c.d", signal);
    assert.deepEqual(
      asked.map(({ url }) => url),
      ["https://acme.example/authority/v1/gate/a%3Ab%40c.d"],
    );
    for (const id of [".", ".."])
      for (const ask of [source.read, source.authority.head]) assert.equal(await ask(id, signal), undefined, "leads out of it");
    assert.equal(asked.length, 1);
  });

  test("reports a missing assistant only with its own code", async () => {
    for (const ask of [
      (source) => source.read("site", signal),
      ({ authority }) => authority.head("site", signal),
      ({ authority }) => authority.snapshot("site", signal),
    ]) {
      assert.equal(await ask(authority(() => problem(404, "unknown_assistant")).source), undefined);
      for (const answer of [
        () => problem(404, "not_found"),
        () => new Response("not found", { status: 404 }),
        () => problem(401, "unknown_assistant"),
        () => problem(500, "internal"),
        () => new Response(null, { status: 204 }),
        () => new Response(null, { status: 302, headers: { Location: "/" } }),
        () => new Response("no signature"),
        () => Promise.reject(new TypeError("fetch failed")),
      ]) {
        await assert.rejects(ask(authority(answer).source));
      }
    }
  });

  test("needs a URL and a token", () => {
    assert.throws(() => authoritySource({ url: "/relative", token: "x" }), fails("invalid_options", "url"));
    for (const token of ["", undefined, 1])
      assert.throws(() => authoritySource({ url: "https://a.example", token }), fails("invalid_options", "token"));
  });
});

describe("keys that are fetched", () => {
  const same = { newer: false };
  const newer = { newer: true };
  function fetched() {
    const state = { now: NOW, loads: 0, load: async () => keys };
    const ask = remoteKeys(() => (state.loads++, state.load()), { now: () => state.now });
    return { state, ask };
  }
  const down = () => Promise.reject(new Error("down"));

  test("are used for five minutes", async () => {
    const { state, ask } = fetched();
    for (const [after, loads] of [
      [0, 1],
      [299, 1],
      [1, 2],
      [0, 2],
      [299, 2],
    ]) {
      state.now += after;
      assert.equal(await ask(same), keys);
      assert.equal(state.loads, loads, `${after} s later`);
    }
  });

  test("are fetched again when a `kid` is unknown, at most every ten seconds", async () => {
    const { state, ask } = fetched();
    await ask(same);
    for (const [after, loads] of [
      [0, 1],
      [9, 1],
      [1, 2],
      [0, 2],
      [9, 2],
      [1, 3],
    ]) {
      state.now += after;
      await ask(newer);
      assert.equal(state.loads, loads, `${after} s later`);
    }
  });

  test("are used for an hour if they cannot be fetched, and then no more", async () => {
    const { state, ask } = fetched();
    await ask(same);
    state.load = down;
    state.now += 3599;
    assert.equal(await ask(same), keys);
    state.now += 1;
    await assert.rejects(ask(same));
    state.load = async () => keys;
    assert.equal(await ask(same), keys, "asked at once, with nothing to go on with");
  });

  test("never there: each request fails, and no wrong value is kept", async () => {
    for (const load of [
      down,
      async () => undefined,
      async () => ({}),
      async () => "keys",
      () => {
        throw new Error("no");
      },
    ]) {
      const { state, ask } = fetched();
      state.load = load;
      await assert.rejects(ask(same));
      state.load = async () => keys;
      assert.equal(await ask(same), keys);
    }
  });

  test("concurrent requests use the known keys while new ones are fetched", async () => {
    const { state, ask } = fetched();
    await ask(same);
    state.now += 300;
    state.load = () => new Promise(() => {});
    void ask(same);
    assert.equal(await ask(same), keys);
    assert.equal(state.loads, 2);
  });

  test("are fetched again after the clock was set back", async () => {
    const { state, ask } = fetched();
    await ask(same);
    state.now -= 3600;
    await ask(same);
    assert.equal(state.loads, 2);
  });
});
