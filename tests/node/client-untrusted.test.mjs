// Messages of other pages and connections, and stored values, are not believed: malformed ones cause a request, and unsigned stored versions give way.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect } from "wicketgate/client";
import { fails } from "../lib/fails.mjs";
import { connected, follow, setUp } from "../lib/follow.mjs";
import { ISSUER, storage } from "../lib/live.mjs";
import { until } from "../lib/until.mjs";
import { NOW } from "../lib/world.mjs";

const key = `wicketgate:${JSON.stringify([ISSUER, "acme", "vic"])}`;
const edits = (live) => live.me.can("assistant.edit", "helper");
const removeHelper = (facts) =>
  facts.assistants.splice(
    facts.assistants.findIndex(({ id }) => id === "helper"),
    1,
  );
const MOST = Number.MAX_SAFE_INTEGER;
const cyclic = {};
cyclic.version = cyclic.token = cyclic;
const NUMBERS = [NaN, Infinity, -Infinity, -1, 1.5, MOST, 2 ** 60, "9", 9n, null, [], {}, [9], true, new Date(0)];
const NONSENSE = [
  null,
  undefined,
  7,
  "x",
  [],
  ...NUMBERS.map((version) => ({ version })),
  cyclic,
  { version: 2, token: "x" },
  { version: 2, token: {} },
  { version: 2, token: { payload: [1], signature: "x..y" } },
  { version: 2, token: { payload: "x", signature: 7 } },
  { token: { payload: "x", signature: "x..y" } },
  { version: 2, delta: 1 },
  { down: "no" },
  { out: 1 },
];

describe("messages of other pages", () => {
  /** Sends messages as another page. */
  function channel(t) {
    const names = [];
    const had = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    const request = (name, { signal }) =>
      new Promise((_, reject) => (names.push(name), signal.addEventListener("abort", () => reject(signal.reason))));
    Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks: { request } } });
    t.after(() => (had ? Object.defineProperty(globalThis, "navigator", had) : delete globalThis.navigator));
    return (message) => {
      const page = new BroadcastChannel(names.at(-1));
      page.postMessage(message);
      page.close();
    };
  }

  for (const message of NONSENSE.filter((message) => !Array.isArray(message))) {
    test(`a malformed message causes a request, and later messages are still read: ${inspectable(message)}`, async (t) => {
      const say = channel(t);
      const { authority, live, run, asked, clock } = await follow(t, {}, { crossTab: true });
      authority.change(removeHelper, { send: false });
      say(message);
      await until(() => clock.next <= 2, "a reason to ask");
      await run(2);
      assert.ok(asked().length > 0);
      assert.deepEqual([live.version, edits(live), live.freshness], [2, false, "fresh"]);
      // Later messages are still read.
      authority.change(() => {}, { send: false });
      say({ version: 3 });
      await until(() => live.freshness === "stale", "the news");
      await run(2);
      assert.deepEqual([live.version, live.freshness], [3, "fresh"]);
    });
  }

  test("an announced version that the authority does not have is forgotten after the request", async (t) => {
    const say = channel(t);
    const { live, run, asked } = await follow(t, {}, { crossTab: true });
    say({ version: MOST - 1 });
    await until(() => live.freshness === "stale", "the news");
    await run(2);
    assert.equal(live.freshness, "fresh");
    asked();
    await run(100);
    assert.deepEqual(asked(), [], "nor asked for again");
  });

  test("the entity tag of another page is not used: it would hide newer facts", async (t) => {
    const say = channel(t);
    const { authority, live, run, net } = await follow(t, { deltas: 409 }, { crossTab: true });
    authority.change(() => {}, { send: false });
    const older = await fetch(`${authority.url}/v1/snapshot`);
    const token = { payload: new Uint8Array(await older.arrayBuffer()), signature: older.headers.get("Wicketgate-Signature") };
    authority.change(removeHelper, { send: false });
    const newest = await fetch(`${authority.url}/v1/snapshot`);
    say({ version: 2, token, etag: newest.headers.get("ETag") });
    await until(() => live.version === 2, "the snapshot");
    await live.refresh();
    await run(1);
    await net.quiet();
    assert.deepEqual([live.version, edits(live)], [3, false]);
  });
});

describe("messages on the connection", () => {
  for (const word of [
    "",
    "x",
    "null",
    "[]",
    "{}",
    '{"version":"9"}',
    '{"version":-1}',
    '{"version":1e99}',
    `{"version":${MOST}}`,
    '{"__proto__":{"version":9}}',
    `{"version":2,"pad":"${"x".repeat(10_000)}"}`,
  ]) {
    test(`a malformed message causes a request: ${word.slice(0, 40)}`, async (t) => {
      const { authority, live, run } = await follow(t);
      authority.change(removeHelper, { send: false });
      authority.send(word);
      await until(async () => (await run(2), live.version === 2), "the answer");
      assert.deepEqual([edits(live), live.freshness], [false, "fresh"]);
    });
  }
});

describe("stored values", () => {
  const written = (held) => JSON.parse(held.getItem(key));

  for (const [name, floor] of [
    ["a version that cannot be", { version: MOST, time: NOW, issued: NOW }],
    ["a version far ahead", { version: 1e9, time: NOW - 5, issued: NOW - 5 }],
    ["a time in the year 9999", { version: 1, time: 253_402_300_799, issued: NOW }],
    ["a time in a thousand years", { version: 1, time: NOW + 3e10, issued: NOW - 5 }],
    ["issued in a thousand years", { version: 1, time: NOW, issued: NOW + 3e10 }],
    ["issued tomorrow, and all of it ahead", { version: 1e9, time: NOW + 86_400, issued: NOW + 86_400 }],
    ["all of it at its most", { version: MOST, time: MOST, issued: MOST }],
    ["other types", { version: "7", time: [], issued: {} }],
    ["fractions and negatives", { version: 1.5, time: -1, issued: NOW }],
    ["one that is nonsense beside good ones", { version: 1e9, time: null, issued: NOW }],
  ]) {
    test(`an impossible stored version gives way: ${name}`, async (t) => {
      const { options, clock } = await setUp(t);
      const held = storage();
      held.setItem(key, JSON.stringify(floor));
      assert.ok(edits(await connected(t, { ...options, storage: held })));
      assert.deepEqual([written(held).version, written(held).issued, written(held).time <= NOW + 2], [1, NOW, true]);
      clock.pass(1);
      assert.ok(edits(await connected(t, { ...options, storage: held })), "and for good");
    });
  }

  test("an impossible stored version of the running session gives way in the next page", async (t) => {
    const held = storage();
    const { live, authority, run, options } = await follow(t, {}, { storage: held });
    held.setItem(key, JSON.stringify({ version: 1e9, time: NOW + 1e9, issued: NOW + 1e9 }));
    authority.change(() => {});
    await until(() => live.version === 2, "the new version");
    await run(10);
    assert.equal(live.freshness, "fresh");
    live.close();
    assert.ok(edits(await connected(t, { ...options, storage: held })));
    assert.equal(written(held).version, 2);
  });

  test("a stored version that is only a little later gives way after a lifetime: until then the authority may lag", async (t) => {
    const { options, clock } = await setUp(t);
    const held = storage();
    held.setItem(key, JSON.stringify({ version: 9, time: NOW, issued: NOW }));
    clock.pass(300);
    await assert.rejects(connect({ ...options, storage: held }), fails("rolled_back", "version"));
    clock.pass(301);
    assert.ok(edits(await connected(t, { ...options, storage: held })));
    assert.equal(written(held).version, 1);
  });

  test("a version that was seen holds against every earlier answer", async (t) => {
    const { options, clock, authority } = await setUp(t, { version: 7 });
    const held = storage();
    authority.life = 10_000;
    clock.pass(100);
    (await connect({ ...options, storage: held })).close();
    clock.pass(100);
    for (const [version, issuedAt, code] of [
      [6, NOW, "rolled_back"],
      [6, NOW + 100, "rolled_back"],
    ]) {
      authority.version = version;
      authority.claims = { issuedAt, expiresIn: 10_000 };
      await assert.rejects(connect({ ...options, storage: held }), fails(code, "version"));
      // In every form.
      authority.intercept = (_, answer) => ({
        ...answer,
        headers: { ...answer.headers, date: new Date(issuedAt * 1000).toUTCString() },
      });
      await assert.rejects(connect({ ...options, storage: held }), fails(code, "version"));
      authority.intercept = undefined;
    }
    assert.equal(written(held).version, 7);
  });
});

function inspectable(message) {
  if (message === cyclic) return "a cycle";
  return (
    JSON.stringify(message, (_, value) =>
      typeof value === "bigint" || typeof value === "number" || value === undefined ? String(value) : value,
    ) ?? String(message)
  );
}
