// The live client on an authority of its own: its requests and their times, the answers that it accepts, and when it denies.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket } from "ws";
import { WicketgateError } from "wicketgate";
import { Directory, detach, generateKeyPair } from "wicketgate/authority";
import { connect, localStorageOf } from "wicketgate/client";
import { fails } from "../lib/fails.mjs";
import { connected, follow, setUp } from "../lib/follow.mjs";
import { AUDIENCE, ISSUER, storage } from "../lib/live.mjs";
import { until } from "../lib/until.mjs";
import { NOW, acme, keyPair, keys } from "../lib/world.mjs";

const FIRST_WORD = 10;

const edits = (principal) => principal.can("assistant.edit", "helper");
const removeHelper = (facts) =>
  facts.assistants.splice(
    facts.assistants.findIndex(({ id }) => id === "helper"),
    1,
  );
const refusal = (promise) =>
  promise.then(
    () => assert.fail("not refused"),
    (error) => error,
  );

describe("connecting", () => {
  test("fetches the snapshot of the signed-in person, verifies it, and answers", async (t) => {
    const { live, authority } = await follow(t);
    assert.deepEqual([live, live.snapshot, live.me].map(String), [
      "[object Live fresh]",
      "[object Snapshot acme, member, version 1]",
      "[object Principal vic in Snapshot acme, member, version 1]",
    ]);
    assert.equal(live.snapshot.subject, "vic");
    assert.deepEqual([edits(live.me), live.me.can("assistant.edit", "pitch")], [true, false]);
    assert.deepEqual([live.version, live.freshness], [1, "fresh"]);
    assert.deepEqual(authority.requests.map(({ path }) => path).sort(), ["/.well-known/jwks.json", "/v1/snapshot"]);
    assert.equal(authority.connections, 1);
  });

  test("fetches no keys if they are given; uses the path of the URL", async (t) => {
    const { options, authority } = await setUp(t);
    const live = await connected(t, { ...options, keys });
    assert.ok(edits(live.me));
    assert.deepEqual(
      authority.requests.map(({ path }) => path),
      ["/v1/snapshot"],
    );
    const asked = [];
    const elsewhere = async (url) => (asked.push(url), new Response("", { status: 404 }));
    for (const url of ["https://a.example/authority", new URL("https://a.example/authority/"), "https://a.example/authority?x"]) {
      await assert.rejects(connect({ ...options, keys, url, fetch: elsewhere }), fails("unreachable"));
    }
    assert.deepEqual([...new Set(asked.map((url) => url.split("?")[0]))], ["https://a.example/authority/v1/snapshot"]);
  });

  test("refuses options that are misspelt or wrong", async (t) => {
    const { options, authority } = await setUp(t);
    for (const [name, value, path = name] of [
      ["isuer", "x"],
      ["issuer", undefined],
      ["audience", undefined],
      ["organization", undefined],
      ["issuer", 1],
      ["now", NOW],
      ["fetch", {}],
      ["WebSocket", "x"],
      ["url", "here"],
      ["url", undefined],
    ]) {
      await assert.rejects(connect({ ...options, [name]: value }), fails("invalid_options", path), `${name}: ${value}`);
    }
    assert.deepEqual(authority.requests, []);
  });

  const cases = [
    ["nobody signed in", { user: { status: 401, code: "not_signed_in" } }, "not_signed_in"],
    ["a removed user", { user: { status: 403, code: "removed_user" } }, "removed_user"],
    ["a suspended user", { user: { status: 403, code: "suspended_user" } }, "suspended_user"],
    ["a refusal of unknown code", { user: { status: 403, code: "constructor" } }, "not_signed_in"],
    ["nothing at the address", { user: { status: 404, code: "not_found" } }, "unreachable"],
    ["another issuer", { issuer: "https://evil.example" }, "wrong_issuer"],
    ["a snapshot of everything", { claims: { scope: "workspace" } }, "wrong_scope"],
    ["a snapshot that has expired", { claims: { issuedAt: NOW - 1000, expiresIn: 1000 } }, "expired"],
    [
      "an answer without a signature",
      { intercept: (path, answer) => path === "/v1/snapshot" && { ...answer, headers: {} } },
      "malformed",
    ],
    [
      "a changed answer",
      {
        intercept: (path, answer) =>
          path === "/v1/snapshot" && { ...answer, body: answer.body.replace('"role":"user"', '"role":"global_admin"') },
      },
      "bad_signature",
    ],
    [
      "keys that are none",
      { intercept: (path, answer) => path.endsWith("jwks.json") && { ...answer, body: "<html>" } },
      "malformed",
    ],
  ];
  for (const [name, state, code] of cases) {
    test(`${name}: ${code}, and no request follows`, async (t) => {
      const { options, clock, net, authority } = await setUp(t, state);
      await assert.rejects(connect(options), fails(code));
      await net.quiet();
      assert.equal(clock.timers.size, 0);
      assert.equal(authority.connections, 0);
      assert.ok(authority.to("/.well-known/jwks.json").length <= 1);
    });
  }

  test("ends when the signal aborts, with its reason", async (t) => {
    const { options, clock, authority } = await setUp(t);
    const reason = new Error("enough");
    await assert.rejects(connect({ ...options, signal: AbortSignal.abort(reason) }), (error) => error === reason);
    assert.deepEqual(authority.requests, []);
    for (const path of ["/v1/snapshot", "/.well-known/jwks.json"]) {
      const abort = new AbortController();
      authority.intercept = (asked) => void (asked === path && abort.abort(reason));
      await assert.rejects(connect({ ...options, signal: abort.signal }), (error) => error === reason);
      assert.equal(clock.timers.size, 0);
    }
    assert.equal(authority.connections, 0);
  });

  test("an abort after the last answer ends it too", async (t) => {
    const { options, clock, authority, net } = await setUp(t);
    const abort = new AbortController();
    const late = async (url) => {
      const response = await net.fetch(url);
      if (!url.endsWith("/v1/snapshot")) return response;
      const body = new Uint8Array(await response.arrayBuffer());
      return new Response(
        new ReadableStream({ pull: (stream) => (abort.abort(), stream.enqueue(body), stream.close()) }),
        response,
      );
    };
    await assert.rejects(connect({ ...options, fetch: late, signal: abort.signal }), { name: "AbortError" });
    await net.quiet();
    assert.equal(clock.timers.size, 0);
    assert.equal(authority.connections, 0);
  });
});

describe("keys", () => {
  test("an unknown key is fetched once, past the cache", async (t) => {
    const { live, authority, since } = await follow(t, { deltas: 409 });
    const next = await generateKeyPair();
    Object.assign(authority, { key: next, published: [...authority.published, next.publicKey] });
    authority.change(removeHelper);
    await until(() => live.version === 2, "the new version");
    const fetched = authority.to("/.well-known/jwks.json");
    assert.equal(fetched.length, 2);
    assert.equal(fetched[1].headers["cache-control"], "no-cache");
    assert.deepEqual(
      since().filter(([event]) => event === "error"),
      [],
    );
    authority.change(() => {});
    await until(() => live.version === 3, "the version after");
    assert.equal(authority.to("/.well-known/jwks.json").length, 2);
  });

  test("so is the unknown key of a delta", async (t) => {
    const { live, authority } = await follow(t);
    const next = await generateKeyPair();
    Object.assign(authority, { key: next, published: [next.publicKey] });
    authority.change(removeHelper);
    await until(() => live.version === 2, "the new version");
    assert.equal(authority.to("/.well-known/jwks.json").length, 2);
    assert.equal(authority.to("/v1/snapshot").length, 1);
  });

  test("a key that stays unknown is refused, and the present snapshot stays", async (t) => {
    const { live, authority, since } = await follow(t, { deltas: 409 });
    authority.key = await generateKeyPair();
    authority.change(removeHelper, { send: false });
    const refused = await refusal(live.refresh());
    assert.ok(fails("unknown_key")(refused));
    assert.equal(authority.to("/.well-known/jwks.json").length, 2);
    assert.deepEqual(since(), [["error", "unknown_key"]]);
    assert.ok(edits(live.me));
  });

  test("given keys are never fetched again", async (t) => {
    const { live, authority } = await follow(t, { deltas: 409 }, { keys });
    authority.key = await generateKeyPair();
    authority.published = [authority.key.publicKey];
    authority.change(removeHelper, { send: false });
    await assert.rejects(live.refresh(), fails("unknown_key"));
    assert.deepEqual(authority.to("/.well-known/jwks.json"), []);
  });
});

describe("a change", () => {
  test("arrives as a delta, and changes the snapshot in place", async (t) => {
    const { live, authority, since } = await follow(t);
    const { snapshot, me } = live;
    authority.change(removeHelper);
    await until(() => live.version === 2, "the new version");
    assert.ok(live.snapshot === snapshot && live.me === me);
    assert.equal(edits(me), false);
    assert.deepEqual(since(), [["freshness", "stale"], "change", ["freshness", "fresh"]]);
    assert.deepEqual(
      authority.requests.slice(2).map(({ path }) => path),
      ["/v1/delta?from=1"],
    );
  });

  test("arrives as a snapshot if there is no delta; the earlier one denies", async (t) => {
    const { live, authority, since } = await follow(t, { deltas: 409 });
    const { snapshot, me } = live;
    authority.change(removeHelper);
    await until(() => live.version === 2, "the new version");
    assert.ok(live.snapshot !== snapshot && live.me !== me);
    assert.equal(edits(live.me), false);
    assert.ok(live.me.can("assistant.edit", "draft"));
    assert.equal(me.check("assistant.edit", "draft").denied, "expired");
    assert.equal(snapshot.as().can("assistant.edit", "draft"), false);
    assert.deepEqual(since(), [["freshness", "stale"], "change", ["freshness", "fresh"]]);
    assert.ok(authority.to("/v1/snapshot")[1].headers["if-none-match"]);
  });

  for (const [name, deltas, errors] of [
    ["from another state", (answer) => answer, []],
    ["that was changed", (answer) => ({ ...answer, body: answer.body.replace('"vic"', '"ana"') }), [["error", "bad_signature"]]],
    ["without a signature", (answer) => ({ ...answer, headers: {} }), [["error", "malformed"]]],
  ]) {
    test(`a delta ${name} is refused, and the snapshot fetched`, async (t) => {
      const { live, authority, since } = await follow(t, { deltas });
      const { snapshot } = live;
      if (errors.length === 0) {
        // Something has expired there without a new version.
        authority.claims = { state: "another" };
      }
      authority.change(removeHelper);
      await until(() => live.version === 2, "the new version");
      assert.ok(live.snapshot !== snapshot);
      assert.equal(edits(live.me), false);
      assert.deepEqual(
        since().filter(([event]) => event === "error"),
        errors,
      );
    });
  }

  test("after too many deltas, the snapshot is fetched without an error", async (t) => {
    const { live, authority, since } = await follow(t);
    for (let size = 0; size < 100 && authority.to("/v1/snapshot").length === 1; size++) {
      authority.change((facts) => (facts.assistants[1].name = `${size}`.repeat(10_000)), { send: false });
      await live.refresh();
    }
    assert.equal(authority.to("/v1/snapshot").length, 2);
    assert.ok(authority.to("/v1/delta").length > 1);
    assert.deepEqual(
      since().filter(([event]) => event === "error"),
      [],
    );
    assert.equal(live.freshness, "fresh");
  });

  test("several in a row all arrive, each with one request", async (t) => {
    const { live, authority, net } = await follow(t, { deltas: 409 });
    authority.change(removeHelper);
    authority.change(() => {});
    await until(() => live.version === 3, "the last version");
    await net.quiet();
    authority.send({ version: 2 });
    authority.send({ version: 3 });
    for (const junk of ["", "null", "[]", "{}", "{", '{"version":"9"}', '{"version":1e99}']) authority.send(junk);
    authority.change(() => {});
    await until(() => live.version === 4, "the version after the junk");
    assert.equal(live.freshness, "fresh");
    assert.ok(authority.to("/v1/snapshot").length <= 4);
  });

  test("announced during an answer is fetched right after it", async (t) => {
    const { live, authority, run, clock } = await follow(t, { deltas: 409 });
    let late;
    authority.intercept = async (path) => {
      if (path !== "/v1/snapshot" || late !== undefined) return;
      late = true;
      authority.change(() => {});
      await new Promise((resolve) => setImmediate(resolve));
    };
    authority.change(removeHelper);
    await until(() => live.version >= 2 && clock.timers.size === 1, "the first");
    await run(0);
    assert.deepEqual([live.version, live.freshness], [3, "fresh"]);
  });

  test("announced between request and answer is fetched right after it", async (t) => {
    const { live, authority, run, clock, net } = await follow(t);
    authority.intercept = async (path) => {
      if (path !== "/v1/delta" || live.freshness === "stale" || authority.version > 1) return;
      authority.change(removeHelper);
      await until(() => live.freshness === "stale", "the news");
    };
    const before = clock.steady;
    await live.refresh();
    await run(0);
    await net.quiet();
    assert.deepEqual([live.version, live.freshness, clock.steady - before], [2, "fresh", 0]);
  });

  test("that cannot be fetched yet makes the client stale until it is there", async (t) => {
    const { live, authority, since, run, asked } = await follow(t);
    authority.send({ version: 2 });
    await until(() => live.freshness === "stale", "stale");
    await run(3);
    assert.ok(edits(live.me));
    // There is still only version 1: asked again, less and less often.
    assert.deepEqual(
      asked().map(([after]) => after),
      [0, 0.5, 1],
    );
    assert.deepEqual(since(), [["freshness", "stale"]]);
    authority.change(removeHelper, { send: false });
    await run(10);
    assert.deepEqual([live.version, live.freshness, edits(live.me)], [2, "fresh", false]);
  });

  test("of the page itself is fetched by refresh", async (t) => {
    const { live, authority, run } = await follow(t, { deltas: 409 });
    authority.change(removeHelper, { send: false });
    await Promise.all([live.refresh(), live.refresh()]);
    assert.equal(live.version, 2);
    await run(1);
    assert.equal(authority.to("/v1/snapshot").length, 2);
    assert.equal(authority.connections, 1);
  });

  test("refresh does not accept an answer to an earlier request", async (t) => {
    const { live, authority } = await follow(t);
    let release;
    authority.intercept = (path) => path === "/v1/delta" && release === undefined && new Promise((resolve) => (release = resolve));
    const first = live.refresh();
    await until(() => release !== undefined, "the first answer");
    authority.change(removeHelper, { send: false });
    const second = live.refresh();
    release();
    await Promise.all([first, second]);
    assert.equal(live.version, 2);
  });

  test("an authority that fails gets no further request at once", async (t) => {
    const { live, authority, since } = await follow(t, { deltas: 503 });
    await assert.rejects(live.refresh(), fails("unreachable"));
    assert.equal(authority.to("/v1/snapshot").length, 1);
    assert.deepEqual(since(), [["error", "unreachable"]]);
  });

  test("is announced to every listener until it is removed", async (t) => {
    const { live, authority } = await follow(t, { deltas: 409 });
    const thrown = [];
    const { queueMicrotask } = globalThis;
    t.after(() => (globalThis.queueMicrotask = queueMicrotask));
    globalThis.queueMicrotask = (task) => {
      try {
        task();
      } catch (error) {
        thrown.push(error.message);
      }
    };
    let heard = 0;
    live.on("change", () => {
      throw new Error("a listener's own");
    });
    const listener = () => heard++;
    const off = live.on("change", listener);
    live.on("change", listener);
    authority.change(() => {});
    await live.refresh();
    assert.deepEqual([heard, thrown], [2, ["a listener's own"]]);
    off();
    off();
    authority.change(() => {});
    await live.refresh();
    assert.equal(heard, 3);
    assert.throws(() => live.on("changed", listener), fails("invalid_options"));
  });
});

test("the commands of a directory arrive one by one, in place, until one ends the session", async (t) => {
  const { directory } = await Directory.found(acme(), { now: NOW });
  t.after(() => directory.free());
  const directed = (clock) => async (path, answer, query) => {
    if (answer.status !== 200 || !["/v1/snapshot", "/v1/delta"].includes(path)) return;
    const options = {
      key: keyPair.privateKey,
      issuer: ISSUER,
      audience: AUDIENCE,
      issuedAt: Math.floor(clock.now),
      expiresIn: 600,
      scope: { member: "vic" },
    };
    const { payload, signature } = await detach(
      path === "/v1/delta" ? directory.delta(Number(query.get("from")), options) : directory.snapshot(options),
    );
    return { status: 200, headers: { "wicketgate-signature": signature }, body: payload };
  };
  const { clock, authority, options, net } = await setUp(t);
  authority.intercept = directed(clock);
  const live = await connected(t, options);
  await net.quiet();
  const { snapshot } = live;
  const told = [];
  live.on("change", () => told.push(edits(live.me)));
  const command = async (command) => {
    directory.execute({ user: "gina" }, command, { now: Math.floor(clock.now) });
    authority.version = directory.version;
    authority.send({ version: directory.version });
    await until(() => live.version === directory.version, command.type);
  };
  await command({ type: "transfer_assistant", assistant: "helper", user: "olga" });
  await command({ type: "grant", assistant: "helper", user: "vic", role: "editor", expires: NOW + 100 });
  assert.deepEqual(told, [false, true]);
  assert.deepEqual([live.snapshot === snapshot, authority.to("/v1/snapshot").length], [true, 1]);
  // The state has changed, so the snapshot itself follows.
  clock.pass(101);
  assert.deepEqual(told, [false, true, false], "it has expired by itself");
  await command({ type: "set_accessibility", assistant: "draft", accessibility: "public" });
  assert.deepEqual([live.freshness, live.me.can("assistant.delete", "draft")], ["fresh", true]);
  await command({ type: "grant", assistant: "helper", user: "vic", role: "editor" });
  assert.ok(edits(live.me));
  assert.equal(authority.to("/v1/snapshot").length, 2);
  directory.execute({ user: "gina" }, { type: "suspend_user", user: "vic" }, { now: Math.floor(clock.now) });
  authority.user = { status: 403, code: "suspended_user" };
  authority.send({ version: directory.version });
  const [reason] = await once(live, "signedOut");
  assert.equal(reason.code, "suspended_user");
  assert.equal(edits(live.me), false);
});

/** The arguments of the next event. */
const once = (live, event) => new Promise((resolve) => live.on(event, (...told) => resolve(told)));

describe("time", () => {
  test("a snapshot is renewed at 1/2 to 3/4 of its lifetime, by chance", async (t) => {
    for (const [random, at] of [
      [0, 300],
      [0.5, 375],
      [0.96, 444],
    ]) {
      await t.test(`${random}`, async (t) => {
        const { live, asked, run, since, clock } = await follow(t, {}, {});
        clock.random = random;
        await live.refresh();
        asked();
        since();
        await run(600);
        assert.deepEqual(asked()[0], [at, "/v1/delta"]);
        assert.deepEqual([live.freshness, live.snapshot.expiresAt > NOW + 600], ["fresh", true]);
      });
    }
  });

  test("a snapshot that lasts for weeks is renewed every quarter of an hour all the same", async (t) => {
    const { run, asked } = await follow(t, { life: 3_000_000 });
    await run(601);
    assert.deepEqual(asked(), [[600, "/v1/delta"]]);
  });

  test("out of reach, a short snapshot is stale sooner, with at most two attempts a second", async (t) => {
    const { live, run, authority, asked, clock } = await follow(t, { life: 120 });
    await authority.stop();
    await until(() => clock.next < 1, "the loss");
    await run(29);
    assert.equal(live.freshness, "fresh");
    await run(3);
    assert.equal(live.freshness, "stale");
    await authority.start();
    authority.life = 2;
    await run(100);
    await authority.stop();
    await until(() => live.freshness === "stale" || clock.next < 1, "the loss");
    await run(1);
    asked();
    await run(20);
    assert.ok(asked().filter(([, what]) => what === "connection").length <= 40);
    assert.equal(live.freshness, "expired");
  });

  test("a renewal by a delta changes no answer and emits no event", async (t) => {
    const { live, run, since, authority } = await follow(t);
    const { snapshot } = live;
    await run(3600);
    assert.ok(live.snapshot === snapshot && edits(live.me));
    assert.deepEqual([since(), live.freshness, authority.to("/v1/snapshot").length], [[], "fresh", 1]);
  });

  test("without deltas, the snapshot renews it, without the entity tag", async (t) => {
    const { live, run, authority } = await follow(t, { deltas: 409 });
    await run(3600);
    assert.ok(edits(live.me));
    assert.equal(live.freshness, "fresh");
    assert.ok(
      authority
        .to("/v1/snapshot")
        .slice(1)
        .every(({ status }) => status === 200),
    );
  });

  test("an expiry is announced at its time", async (t) => {
    const { live, run, since, authority } = await follow(t, { user: "ed" });
    authority.change((facts) => (facts.assistants.find(({ id }) => id === "site").grants[0].expires = NOW + 100), { send: false });
    authority.deltas = 409;
    await live.refresh();
    assert.ok(live.me.can("conversations.view", "site"));
    since();
    await run(99.9);
    assert.deepEqual(since(), []);
    await run(0.2);
    assert.deepEqual(since(), ["change"]);
    assert.equal(live.me.can("conversations.view", "site"), false);
  });

  test("out of reach it works until it expires, then denies, and recovers", async (t) => {
    const { live, run, since, authority } = await follow(t);
    const { me } = live;
    await authority.stop();
    await run(599);
    assert.ok(edits(live.me));
    assert.equal(live.freshness, "stale");
    await run(1.1);
    assert.equal(edits(live.me), false);
    assert.equal(me.check("assistant.edit", "helper").denied, "expired");
    assert.equal(live.freshness, "expired");
    assert.deepEqual(
      since().filter(([event]) => event !== "error"),
      [["freshness", "stale"], "change", ["freshness", "expired"]],
    );
    await authority.start();
    await run(61);
    assert.ok(edits(live.me));
    assert.equal(live.freshness, "fresh");
    assert.deepEqual(
      since().filter(([event]) => event !== "error"),
      ["change", ["freshness", "fresh"]],
    );
  });

  test("a clock that is set back brings nothing back, and time goes on", async (t) => {
    const { live, run, authority, clock, since } = await follow(t);
    await authority.stop();
    await run(300);
    clock.now = NOW - 86_400;
    await run(299);
    assert.ok(edits(live.me));
    await run(2);
    assert.equal(edits(live.me), false);
    assert.equal(live.freshness, "expired");
    assert.ok(since().includes("change"));
    clock.now = NOW;
    assert.equal(edits(live.me), false);
    assert.equal(live.me.check("assistant.edit", "helper").denied, "expired");
    await authority.start();
  });

  test("a clock that is set back brings nothing back in a later page", async (t) => {
    const { options, clock, authority } = await setUp(t);
    const held = storage();
    const first = await connect({ ...options, storage: held });
    const token = authority.intercept;
    assert.equal(token, undefined);
    clock.now = NOW + 601;
    assert.equal(edits(first.me), false);
    first.close();
    // The same snapshot again, at a time when it was valid.
    clock.now = NOW + 10;
    authority.claims = { issuedAt: NOW };
    await assert.rejects(connect({ ...options, storage: held }), fails("expired"));
    const forgetful = await connected(t, { ...options, storage: storage() });
    assert.ok(edits(forgetful.me));
  });

  test("a clock that was once set far ahead locks nobody out: a later token proves the time", async (t) => {
    const { live, clock, run, since, authority } = await follow(t, {}, { storage: storage() });
    clock.now = NOW + 1e9;
    assert.equal(edits(live.me), false);
    clock.now = NOW + 5;
    assert.equal(edits(live.me), false);
    for (const socket of authority.sockets) socket.terminate();
    await until(() => clock.next < 1, "the loss");
    await run(121);
    assert.ok(edits(live.me));
    assert.equal(live.freshness, "fresh");
    assert.ok(since().includes("change"));
    assert.equal(authority.sockets.size, 1);
  });

  test("a clock that was once set far ahead locks nobody out in a later page, and is not stored again", async (t) => {
    const { options, clock } = await setUp(t);
    const held = storage();
    const first = await connect({ ...options, storage: held });
    clock.now = NOW + 1e9;
    edits(first.me);
    first.close();
    clock.now = NOW + 5;
    const second = await connected(t, { ...options, storage: held });
    assert.ok(edits(second.me));
    const [[, text]] = held.held;
    assert.ok(JSON.parse(text).time < NOW + 60);
  });

  test("a clock that tells no time denies", async (t) => {
    const { live, clock, run } = await follow(t);
    clock.now = NaN;
    assert.equal(edits(live.me), false);
    assert.equal(live.freshness, "expired");
    clock.now = NOW + 5;
    await run(1);
    assert.ok(edits(live.me));
  });
});

describe("memory", () => {
  const key = `wicketgate:${JSON.stringify([ISSUER, "acme", "vic"])}`;

  test("an older version is refused in a later page", async (t) => {
    const { options, authority } = await setUp(t, { version: 7 });
    const held = storage();
    (await connect({ ...options, storage: held })).close();
    assert.deepEqual(Object.keys(JSON.parse(held.getItem(key))).sort(), ["issued", "time", "version"]);
    authority.version = 6;
    await assert.rejects(connect({ ...options, storage: held }), fails("rolled_back", "version"));
    assert.equal(JSON.parse(held.getItem(key)).version, 7);
    // Another person and another issuer have stored values of their own.
    authority.user = "ed";
    (await connect({ ...options, storage: held })).close();
    authority.user = "vic";
    const { issuer: _, ...anyIssuer } = options;
    (await connect({ ...anyIssuer, storage: held })).close();
    assert.equal(held.held.size, 3);
    authority.version = 7;
    (await connect({ ...options, storage: held })).close();
  });

  test("an older version is refused in the same page, and the present one stays", async (t) => {
    const { live, authority, since } = await follow(t, { version: 7, deltas: 409 });
    authority.version = 6;
    await assert.rejects(live.refresh(), fails("rolled_back"));
    assert.deepEqual([live.version, edits(live.me)], [7, true]);
    assert.deepEqual(since(), [["error", "rolled_back"]]);
  });

  test("the versions of other pages count too", async (t) => {
    const held = storage();
    const { live, authority } = await follow(t, { version: 7, deltas: 409 }, { storage: held });
    held.setItem(key, JSON.stringify({ ...JSON.parse(held.getItem(key)), version: 9 }));
    authority.change(() => {}, { send: false });
    await assert.rejects(live.refresh(), fails("rolled_back"));
  });

  test("the version of a delta is stored", async (t) => {
    const held = storage();
    const { live, authority } = await follow(t, {}, { storage: held });
    authority.change(removeHelper);
    await until(() => live.version === 2, "the new version");
    assert.equal(JSON.parse(held.getItem(key)).version, 2);
    // Another page has seen a later version.
    held.setItem(key, JSON.stringify({ ...JSON.parse(held.getItem(key)), version: 9 }));
    authority.change(() => {});
    await until(() => live.version === 3, "the version after");
    assert.equal(JSON.parse(held.getItem(key)).version, 9);
  });

  test("a restored authority with a new epoch is followed, and the earlier epoch is refused", async (t) => {
    const held = storage();
    const { live, authority, options, since } = await follow(
      t,
      { deltas: (answer) => (authority.refuse ? { ...answer, status: 409 } : answer) },
      { storage: held },
    );
    for (const name of ["One", "Two", "Three", "Four"])
      authority.change((facts) => {
        facts.teams[0].name = name;
      });
    await until(() => live.version === 5, "the last version");
    authority.refuse = true;
    since();
    authority.restore(2, 77);
    await until(() => live.snapshot.epoch === 77, "the epoch");
    assert.deepEqual([live.version, live.freshness, live.snapshot.facts().teams[0].name], [3, "fresh", "One"]);
    assert.deepEqual(
      since().filter(([event]) => event === "error"),
      [],
    );
    authority.refuse = false;
    authority.change((facts) => {
      facts.teams[0].name = "Other";
    });
    await until(() => live.version === 4, "the version after");
    assert.deepEqual([live.snapshot.epoch, live.freshness], [77, "fresh"]);
    const { epoch, version } = JSON.parse(held.getItem(key));
    assert.deepEqual([epoch, version], [77, 4]);
    live.close();
    // A later page begins there.
    const later = await connect({ ...options, storage: held });
    assert.deepEqual([later.snapshot.epoch, later.version], [77, 4]);
    later.close();
    authority.claims = {};
    authority.version = 99;
    await assert.rejects(connect({ ...options, storage: held }), fails("rolled_back", "epoch"));
    assert.equal(JSON.parse(held.getItem(key)).epoch, 77);
  });

  test("a restored authority without a new epoch is refused", async (t) => {
    const held = storage();
    const { live, authority, options } = await follow(t, {}, { storage: held });
    for (const name of ["One", "Two"])
      authority.change((facts) => {
        facts.teams[0].name = name;
      });
    await until(() => live.version === 3, "the last version");
    authority.restore(1);
    live.close();
    await assert.rejects(connect({ ...options, storage: held }), fails("rolled_back", "version"));
  });

  test("a storage that throws is reported once, and has no other effect", async (t) => {
    const broken = {
      getItem: () => {
        throw new Error("no");
      },
      setItem: () => {
        throw new Error("full");
      },
    };
    const { live, authority, since, run } = await follow(t, { deltas: 409 }, { storage: broken });
    authority.change(removeHelper);
    await until(() => live.version === 2, "the new version");
    await run(700);
    assert.equal(live.freshness, "fresh");
    assert.deepEqual(
      since().filter(([event]) => event === "error"),
      [["error", "storage_failed"]],
    );
    authority.version = 1;
    await assert.rejects(live.refresh(), fails("rolled_back"), "within the page it remembers");
  });

  test("malformed stored values are ignored", async (t) => {
    for (const text of ["", "{", "null", "[]", "7", '{"version":"9"}', '{"version":-1,"time":null}', '{"version":1,"time":"x"}']) {
      await t.test(text, async (t) => {
        const { options } = await setUp(t);
        const held = storage();
        held.setItem(key, text);
        const live = await connected(t, { ...options, storage: held });
        assert.ok(edits(live.me));
        assert.equal(JSON.parse(held.getItem(key)).version, 1);
      });
    }
  });

  test("localStorage, if the browser allows it", () => {
    const held = storage();
    assert.equal(localStorageOf({ localStorage: held }), held);
    assert.equal(
      localStorageOf({
        get localStorage() {
          throw new Error("forbidden");
        },
      }),
      undefined,
    );
  });
});

describe("the connection", () => {
  test("lost, it is dialled less and less often, with requests meanwhile", async (t) => {
    const { live, authority, run, asked, since } = await follow(t);
    await authority.stop();
    await until(() => since().length === 0 && authority.sockets.size === 0, "the loss");
    await run(15);
    // Half a second, then twice as long each time; each failed attempt is followed by a request with delays of its own.
    const tries = asked();
    const dials = tries.reduce(
      ({ at, list }, [after, what]) => ({ at: at + after, list: what === "connection" ? [...list, at + after] : list }),
      { at: 0, list: [] },
    ).list;
    assert.deepEqual(dials, [0.5, 1.5, 3.5, 7.5]);
    assert.ok(tries.filter(([, what]) => what !== "connection").length <= 6);
    await run(600);
    const later = asked();
    assert.ok(later.length < 60, `${later.length} attempts in ten minutes`);
    assert.ok(later.every(([after]) => after <= 30));
    assert.equal(live.freshness, "expired");
    await authority.start();
    authority.change(removeHelper);
    await run(31);
    assert.deepEqual([live.version, live.freshness, edits(live.me)], [2, "fresh", false]);
    assert.equal(authority.sockets.size, 1);
    // The failures are forgotten: the next loss begins anew.
    asked();
    for (const socket of authority.sockets) socket.terminate();
    await until(() => authority.sockets.size === 0, "the loss");
    await run(0.6);
    assert.deepEqual(
      asked().map(([, what]) => what),
      ["connection"],
    );
  });

  test("pages do not reconnect at the same time", async (t) => {
    const dial = [];
    for (const random of [0, 0.25, 0.999]) {
      await t.test(`${random}`, async (t) => {
        const { authority, clock, run, asked } = await follow(t);
        clock.random = random;
        for (const socket of authority.sockets) socket.terminate();
        await until(() => clock.next < 2, "the loss");
        await run(1);
        dial.push(asked()[0][0]);
      });
    }
    assert.deepEqual(dial, [0.5, 0.625, 1]);
  });

  test("a page that gave way to the person's other pages does not reconnect at once", async (t) => {
    const { authority, run } = await follow(t);
    for (const socket of authority.sockets) socket.close(4429);
    await until(() => authority.sockets.size === 0, "the end");
    await run(20);
    assert.equal(authority.connections, 1);
    await run(41);
    assert.equal(authority.connections, 2);
    assert.equal(authority.sockets.size, 1);
  });

  test("if none can be opened, the authority is polled with the entity tag", async (t) => {
    const { live, authority, run, since } = await follow(t, { updates: false });
    await run(120);
    assert.equal(live.freshness, "fresh");
    const polls = authority.to("/v1/snapshot").slice(1);
    assert.ok(polls.length >= 5 && polls.length <= 12, `${polls.length} in two minutes`);
    assert.ok(polls.every(({ status }) => status === 304));
    assert.deepEqual(since(), []);
    authority.change(removeHelper);
    await run(31);
    assert.deepEqual([live.version, edits(live.me)], [2, false]);
  });

  test("after a delta, it is polled by deltas, because the entity tag belongs to the earlier snapshot", async (t) => {
    const { live, authority, run } = await follow(t);
    const { snapshot } = live;
    authority.change(removeHelper);
    await until(() => live.version === 2, "the delta");
    authority.updates = false;
    for (const socket of authority.sockets) socket.terminate();
    await until(() => authority.sockets.size === 0, "the loss");
    await run(60);
    assert.ok(authority.to("/v1/delta").length > 3);
    assert.ok(live.snapshot === snapshot && live.freshness === "fresh");
    assert.equal(authority.to("/v1/snapshot").length, 1);
  });

  test("a platform without WebSocket is polled too", async (t) => {
    const had = globalThis.WebSocket;
    t.after(() => (globalThis.WebSocket = had));
    delete globalThis.WebSocket;
    const { options, clock, net, authority } = await setUp(t);
    const { WebSocket: _, ...without } = options;
    const live = await connected(t, without);
    authority.change(removeHelper);
    for (let turn = 0; turn < 5 && live.version === 1; turn++) {
      clock.pass(Math.max(0, clock.next));
      await net.quiet();
    }
    assert.equal(live.version, 2);
  });

  test("without a message is given up after ten seconds", async (t) => {
    const { authority, clock, live, asked } = await follow(t, { updates: false });
    live.close();
    authority.updates = "silent";
    const silent = [];
    const { options } = { options: { url: authority.url, now: () => clock.now, audience: AUDIENCE } };
    class Silent extends WebSocket {
      constructor(url) {
        super(url);
        silent.push(this);
      }
    }
    const another = await connected(t, { ...options, WebSocket: Silent });
    assert.equal(another.freshness, "fresh");
    assert.equal(clock.next, FIRST_WORD);
    await until(() => authority.sockets.size === 1, "the connection");
    clock.pass(FIRST_WORD);
    await until(() => authority.sockets.size === 0, "its end");
    assert.equal(silent.length, 1);
    asked();
  });

  test("that was given up is not listened to any more", async (t) => {
    const sockets = [];
    class Manual {
      onmessage = null;
      onclose = null;
      onerror = null;
      closed = false;
      constructor() {
        sockets.push(this);
      }
      close() {
        this.closed = true;
      }
    }
    const { live, authority, run } = await follow(t, {}, { WebSocket: Manual });
    const [first] = sockets;
    first.onmessage({ data: '{"version":1}' });
    authority.change(removeHelper, { send: false });
    await run(301);
    assert.equal(live.version, 2);
    assert.deepEqual(
      sockets.map(({ closed }) => closed),
      [true, false],
    );
    first.onmessage?.({ data: '{"version":99}' });
    first.onclose?.({ code: 4401 });
    assert.equal(live.freshness, "fresh");
    assert.equal(sockets[1].closed, false);
  });

  test("that did not announce a version which an answer shows is replaced", async (t) => {
    const { live, authority, run } = await follow(t, { deltas: 409 });
    authority.change(removeHelper, { send: false });
    await run(301);
    assert.equal(live.version, 2);
    await run(1);
    assert.equal(authority.connections, 2);
    assert.equal(authority.sockets.size, 1);
    await run(300);
    assert.equal(authority.connections, 2);
  });
});

describe("being woken", () => {
  /** A page that can be hidden and shown. */
  function page(t) {
    const events = Object.assign(new EventTarget(), { visibilityState: "visible" });
    const counts = { added: 0, removed: 0 };
    const add =
      (target) =>
      (type, listener, { signal }) => {
        counts.added++;
        signal.addEventListener("abort", () => counts.removed++);
        target.addEventListener(type, listener, { signal });
      };
    const window = new EventTarget();
    Object.assign(globalThis, {
      document: {
        get visibilityState() {
          return events.visibilityState;
        },
        addEventListener: add(events),
      },
      addEventListener: add(window),
    });
    t.after(() => {
      delete globalThis.document;
      delete globalThis.addEventListener;
    });
    return {
      counts,
      online: () => window.dispatchEvent(new Event("online")),
      show(visibilityState) {
        events.visibilityState = visibilityState;
        events.dispatchEvent(new Event("visibilitychange"));
      },
    };
  }

  test("online again, it asks and connects at once", async (t) => {
    const { online } = page(t);
    const { live, authority, run, asked, net } = await follow(t);
    await authority.stop();
    await run(120);
    asked();
    online();
    await run(1.6);
    assert.deepEqual(
      asked().filter(([, what]) => what === "connection").length,
      3,
      "begins anew: at once, after a half and one more second",
    );
    await run(60);
    await authority.start();
    authority.change(removeHelper);
    asked();
    online();
    await net.quiet();
    assert.deepEqual([live.version, live.freshness], [2, "fresh"]);
    assert.deepEqual(
      asked()
        .map(([after, what]) => [after, what])
        .sort()
        .slice(0, 1)
        .map(([after]) => after),
      [0],
    );
    assert.equal(authority.sockets.size, 1);
  });

  test("shown again after a while, it asks; soon after, it does not", async (t) => {
    const { show } = page(t);
    const held = storage();
    const { live, authority, run, asked, clock, net } = await follow(t, {}, { storage: held });
    show("hidden");
    await run(5);
    show("visible");
    await net.quiet();
    assert.deepEqual(asked(), []);
    clock.now += 100;
    show("hidden");
    assert.ok(
      [...held.held.values()].some((text) => JSON.parse(text).time >= NOW + 105),
      "the time is written down",
    );
    authority.change(removeHelper, { send: false });
    show("visible");
    await net.quiet();
    assert.deepEqual(
      asked()
        .slice(0, 1)
        .map(([, what]) => what),
      ["/v1/snapshot"],
    );
    assert.equal(live.version, 2);
    assert.equal(edits(live.me), false);
  });

  test("after sleeping past the expiry, it denies at once and asks when it is shown", async (t) => {
    const { show } = page(t);
    const { live, clock, net, since } = await follow(t);
    clock.now += 3600;
    assert.equal(edits(live.me), false);
    assert.equal(live.freshness, "expired");
    show("visible");
    assert.ok(since().includes("change"));
    await net.quiet();
    assert.ok(edits(live.me));
    assert.equal(live.freshness, "fresh");
  });

  test("after closing, no listener is left", async (t) => {
    const { counts } = page(t);
    const { live } = await follow(t);
    assert.deepEqual(counts, { added: 2, removed: 0 });
    live.close();
    assert.deepEqual(counts, { added: 2, removed: 2 });
  });
});

describe("among other pages", () => {
  /** Web Locks that a test grants, and a channel for messages of another page. */
  function pages(t) {
    const asked = [];
    const had = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    const request = (name, { signal }, lead) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        asked.push({ name, lead: () => resolve(lead()) });
      });
    Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks: { request } } });
    t.after(() => (had ? Object.defineProperty(globalThis, "navigator", had) : delete globalThis.navigator));
    return {
      asked,
      say(message) {
        const channel = new BroadcastChannel(asked.at(-1).name);
        channel.postMessage(message);
        channel.close();
      },
    };
  }

  async function token(authority, path) {
    const response = await fetch(authority.url + path);
    return { payload: new Uint8Array(await response.arrayBuffer()), signature: response.headers.get("Wicketgate-Signature") };
  }

  /** Delays the next answer of the path. */
  function held(authority, path) {
    const hold = {};
    authority.intercept = (asked) =>
      asked === path && hold.release === undefined && new Promise((resolve) => (hold.release = resolve));
    return hold;
  }

  test("waits for the lock, and connects when it has it", async (t) => {
    const { asked } = pages(t);
    const { authority, live, net } = await follow(t, {}, { crossTab: true });
    assert.deepEqual([asked.length, authority.connections], [1, 0]);
    asked[0].lead();
    await net.quiet();
    assert.equal(authority.sockets.size, 1);
    live.close();
  });

  test("a lock that is granted after closing is released", async (t) => {
    const { asked } = pages(t);
    const { live, clock, net } = await follow(t, {}, { crossTab: true });
    live.close();
    asked[0].lead();
    assert.deepEqual([net.open.size, clock.timers.size], [0, 0]);
  });

  test("not by default outside of browsers", async (t) => {
    const { asked } = pages(t);
    const { authority } = await follow(t);
    assert.deepEqual([asked.length, authority.connections], [0, 1]);
  });

  test("an announced version that no page brings is fetched after one to two seconds", async (t) => {
    const { say } = pages(t);
    const { authority, live, run, asked } = await follow(t, {}, { crossTab: true });
    authority.change(removeHelper);
    say({ version: 2 });
    await until(() => live.freshness === "stale", "the news");
    await run(0.9);
    assert.deepEqual(asked(), []);
    await run(0.2);
    assert.deepEqual([asked(), live.version], [[[1, "/v1/delta"]], 2]);
  });

  test("if the authority is out of reach for the leading page, all pages become stale", async (t) => {
    const { say } = pages(t);
    const { live, run, since, clock } = await follow(t, {}, { crossTab: true });
    say({ down: true });
    await until(() => clock.next === 60, "the news");
    await run(30);
    say({ down: true });
    await run(31);
    assert.deepEqual(since(), [["freshness", "stale"]]);
    say({ down: false });
    await until(() => live.freshness === "fresh", "better news");
  });

  test("a delta that another page brings first is applied", async (t) => {
    const { say } = pages(t);
    const { authority, live, net, since } = await follow(t, {}, { crossTab: true });
    const { snapshot } = live;
    const hold = held(authority, "/v1/delta");
    const refreshed = live.refresh();
    await until(() => hold.release !== undefined, "the answer");
    authority.change(removeHelper);
    say({ version: 2, token: await token(authority, "/v1/delta?from=1"), delta: true });
    await until(() => live.version === 2, "the delta");
    hold.release();
    await refreshed;
    await net.quiet();
    assert.ok(live.snapshot === snapshot && edits(live.me) === false && live.freshness === "fresh");
    assert.equal(authority.to("/v1/snapshot").length, 1);
    assert.deepEqual(
      since().filter(([event]) => event === "error"),
      [],
    );
  });

  test("a snapshot that another page brings is installed, and an older answer is ignored", async (t) => {
    const { say } = pages(t);
    const { authority, live, net, since } = await follow(t, { deltas: 409 }, { crossTab: true });
    authority.change(() => {});
    const hold = held(authority, "/v1/snapshot");
    const refreshed = live.refresh();
    await until(() => hold.release !== undefined, "the answer");
    authority.change(removeHelper);
    const newest = { version: 3, token: await token(authority, "/v1/snapshot") };
    say(newest);
    await until(() => live.version === 3, "the snapshot");
    const { snapshot } = live;
    hold.release();
    await refreshed;
    say(newest);
    say({ version: 2, token: newest.token });
    say({ down: false });
    await net.quiet();
    assert.ok(live.snapshot === snapshot && live.freshness === "fresh");
    assert.deepEqual(
      since().filter(([event]) => event === "error"),
      [],
    );
  });

  test("a token for another person, or a changed one, is not taken from another page", async (t) => {
    const { say } = pages(t);
    const { authority, live, net, since } = await follow(t, {}, { crossTab: true });
    authority.user = "ed";
    authority.version = 2;
    const theirs = await token(authority, "/v1/snapshot");
    authority.user = "vic";
    say({ version: 2, token: theirs });
    say({
      version: 2,
      token: { ...theirs, payload: new TextEncoder().encode(new TextDecoder().decode(theirs.payload).replace('"ed"', '"vic"')) },
    });
    await until(() => live.freshness === "stale", "the news");
    await net.quiet();
    assert.deepEqual([live.snapshot.subject, live.version, edits(live.me)], ["vic", 1, true]);
    assert.deepEqual(since(), [["freshness", "stale"]]);
  });
});

describe("signed out", () => {
  const ways = [
    ["the connection says so", (authority) => [...authority.sockets].map((socket) => socket.close(4401)), "not_signed_in"],
    ["an answer says so", (authority) => authority.send({ version: 2 }), "removed_user"],
  ];
  for (const [name, end, code] of ways) {
    test(`${name}: everything is denied at once, and no request follows`, async (t) => {
      const { live, authority, run, since, asked, clock } = await follow(t);
      const { me, snapshot } = live;
      authority.user = { status: 403, code: "removed_user" };
      end(authority);
      const told = [];
      await until(() => (told.push(...since()), told.some(([event]) => event === "signedOut")), "the end");
      assert.deepEqual(told.slice(-3), ["change", ["freshness", "expired"], ["signedOut", code]].slice(told.length > 3 ? -3 : 0));
      for (const any of [me, live.me, snapshot.as()]) {
        assert.equal(edits(any), false);
        assert.deepEqual(any.list("assistant.view"), []);
        assert.deepEqual(any.capabilities("helper"), []);
        assert.equal(any.check("assistant.edit", "helper").denied, "expired");
      }
      assert.equal(live.freshness, "expired");
      assert.equal(clock.timers.size, 0);
      asked();
      await run(3600);
      assert.deepEqual(asked(), []);
      await until(() => authority.sockets.size === 0, "no connection");
    });
  }

  test("refresh begins anew after signing in, and otherwise throws the reason", async (t) => {
    const { live, authority, since, net, run, clock } = await follow(t);
    authority.user = { status: 401, code: "not_signed_in" };
    await assert.rejects(live.refresh(), fails("not_signed_in"));
    assert.deepEqual(since(), ["change", ["freshness", "expired"], ["signedOut", "not_signed_in"]]);
    await assert.rejects(live.refresh(), fails("not_signed_in"));
    assert.deepEqual(since(), []);
    await authority.stop();
    await assert.rejects(live.refresh(), fails("unreachable"));
    assert.deepEqual([since(), clock.timers.size], [[], 0]);
    await authority.start();
    authority.user = "vic";
    await live.refresh();
    await net.quiet();
    assert.deepEqual(since(), ["change", ["freshness", "fresh"]]);
    assert.ok(edits(live.me));
    authority.change(removeHelper);
    await until(() => live.version === 2, "it follows again");
    await run(1);
    assert.equal(authority.sockets.size, 1);
  });

  test("another person's snapshot is not installed: other_user; after refresh it is", async (t) => {
    const held = storage();
    const { live, authority, since, net } = await follow(t, { version: 5, deltas: 409 }, { storage: held });
    const vic = live.me;
    authority.user = "ed";
    authority.version = 4;
    authority.send({ version: 6 });
    const told = [];
    await until(() => (told.push(...since()), told.some(([event]) => event === "signedOut")), "the end");
    assert.deepEqual(told.at(-1), ["signedOut", "other_user"]);
    assert.deepEqual([edits(vic), edits(live.me), live.snapshot.subject], [false, false, "vic"]);
    await live.refresh();
    await net.quiet();
    assert.deepEqual([live.snapshot.subject, live.version, live.freshness], ["ed", 4, "fresh"], "what vic has seen is vic's");
    assert.deepEqual([live.me.can("conversations.view", "site"), live.me.can("assistant.view", "draft")], [true, false]);
    assert.equal(vic.can("assistant.view", "draft"), false);
    assert.equal(held.held.size, 2);
  });

  test("another person's delta is not applied", async (t) => {
    const { live, authority, since } = await follow(t);
    authority.user = "ed";
    authority.change(() => {});
    const told = [];
    await until(() => (told.push(...since()), told.some(([event]) => event === "signedOut")), "the end");
    assert.deepEqual(told.at(-1), ["signedOut", "other_user"]);
    assert.equal(edits(live.me), false);
  });
});

describe("closing", () => {
  test("leaves no timer, connection or request, and denies", async (t) => {
    const { live, authority, clock, net, since } = await follow(t, { deltas: 409 });
    const { me } = live;
    authority.intercept = () => new Promise(() => {});
    const pending = refusal(live.refresh());
    await until(() => authority.requests.length > 0 && clock.timers.size > 0, "a request");
    live.close();
    assert.equal(clock.timers.size, 0);
    live.close();
    await pending;
    assert.equal(clock.timers.size, 0);
    await until(() => authority.sockets.size === 0 && net.open.size === 0, "no connection");
    assert.deepEqual([edits(me), edits(live.me), live.freshness], [false, false, "expired"]);
    await assert.rejects(live.refresh(), fails("freed"));
    assert.deepEqual(since(), []);
  });

  test("by the signal, and by `using`", async (t) => {
    const abort = new AbortController();
    const { live, clock, options, authority } = await follow(t, {}, { signal: abort.signal });
    abort.abort();
    assert.equal(live.freshness, "expired");
    assert.equal(clock.timers.size, 0);
    const another = await connect(options);
    assert.equal(another.freshness, "fresh");
    assert.ok(clock.timers.size > 0);
    another[Symbol.dispose]();
    assert.equal(clock.timers.size, 0);
    await until(() => authority.sockets.size === 0, "no connection");
  });

  test("in a listener", async (t) => {
    const { live, authority, clock, net } = await follow(t, { deltas: 409 });
    live.on("change", () => live.close());
    authority.change(removeHelper);
    await until(() => live.freshness === "expired", "closed");
    await net.quiet();
    assert.deepEqual([clock.timers.size, authority.connections], [0, 1]);
  });

  test("errors are the package's own", async (t) => {
    const { options } = await setUp(t, { user: { status: 401, code: "not_signed_in" } });
    assert.ok((await refusal(connect(options))) instanceof WicketgateError);
  });
});
