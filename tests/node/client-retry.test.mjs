// Failures while connecting: which are tried again, which end the attempts, and their messages.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect } from "wicketgate/client";
import { fails } from "../lib/fails.mjs";
import { connected, setUp } from "../lib/follow.mjs";
import { until } from "../lib/until.mjs";
import { NOW } from "../lib/world.mjs";

const edits = (live) => live.me.can("assistant.edit", "helper");

describe("an authority that is out of reach at first is asked again", () => {
  const passing = (status) => [
    `answers ${status}`,
    (authority) => (authority.intercept = () => ({ status, headers: {}, body: "" })),
    (authority) => (authority.intercept = undefined),
  ];
  for (const [name, fail, mend] of [
    ["does not answer", (authority) => authority.stop(), (authority) => authority.start()],
    ...[408, 425, 429, 500, 503].map(passing),
    [
      "breaks off",
      (authority) => (authority.intercept = () => ({ status: 200, headers: { "content-length": "50" }, body: "half" })),
      (authority) => (authority.intercept = undefined),
    ],
    [
      "is not encoded as it says",
      (authority) =>
        (authority.intercept = (_, answer) => ({ ...answer, headers: { ...answer.headers, "content-encoding": "gzip" } })),
      (authority) => (authority.intercept = undefined),
    ],
  ]) {
    test(name, async (t) => {
      const { options, clock, authority, net } = await setUp(t);
      await fail(authority);
      const told = [];
      const live = connected(t, { ...options, onRetry: (error) => told.push(error) });
      for (let attempt = 1; attempt <= 4; attempt++) {
        await until(() => told.length === attempt && clock.timers.size === 1, `attempt ${attempt}`);
        // After half a second, then twice as long each time.
        assert.equal(clock.next, 2 ** (attempt - 2));
        if (attempt < 4) clock.pass(clock.next);
      }
      for (const error of told) fails("unreachable")(error);
      await mend(authority);
      await net.quiet();
      clock.pass(clock.next);
      assert.ok(edits(await live));
      assert.equal((await live).freshness, "fresh");
    });
  }

  test("attempts are at most a minute apart, and an answer has a minute", async (t) => {
    const { options, clock } = await setUp(t, { intercept: () => new Promise(() => {}) });
    const told = [];
    const abort = new AbortController();
    const refused = assert.rejects(connect({ ...options, signal: abort.signal, onRetry: (error) => told.push(error.code) }));
    for (let attempt = 1; attempt < 10; attempt++) {
      await until(() => clock.timers.size === 1 && clock.next === 60, `the question of attempt ${attempt}`);
      clock.pass(60);
      await until(() => told.length === attempt && clock.timers.size === 1, `attempt ${attempt}`);
      assert.ok(clock.next <= 30);
      clock.pass(clock.next);
    }
    abort.abort();
    await refused;
    assert.equal(clock.timers.size, 0);
  });

  test("the attempts end when the signal aborts, with its reason", async (t) => {
    const { options, clock, authority } = await setUp(t);
    await authority.stop();
    const [abort, reason] = [new AbortController(), new Error("enough")];
    let told = 0;
    const refused = assert.rejects(
      connect({ ...options, signal: abort.signal, onRetry: () => told++ }),
      (error) => error === reason,
    );
    await until(() => told === 1 && clock.timers.size === 1, "the first attempt");
    abort.abort(reason);
    await refused;
    assert.equal(clock.timers.size, 0);
    await authority.start();
  });

  test("the next attempt follows at once when the page is online again", async (t) => {
    const window = new EventTarget();
    globalThis.addEventListener = (...given) => window.addEventListener(...given);
    t.after(() => delete globalThis.addEventListener);
    const { options, clock, authority } = await setUp(t);
    await authority.stop();
    let told = 0;
    const live = connected(t, { ...options, onRetry: () => told++ });
    await until(() => told === 1 && clock.timers.size === 1, "the first attempt");
    await authority.start();
    window.dispatchEvent(new Event("online"));
    assert.ok(edits(await live));
    assert.equal(clock.steady, 0);
  });
});

describe("an answer that would be the same again ends the attempts, and the message names the cause", () => {
  const instead = (path, answered) => ({ intercept: (asked, answer) => asked === path && { ...answer, ...answered(answer) } });
  const page = () => ({ headers: { "content-type": "text/html; charset=utf-8" }, body: "<!doctype html>" });
  const [SNAPSHOT, KEYS] = ["/v1/snapshot", "/.well-known/jwks.json"];
  for (const [name, state, code, message, more] of [
    [
      "a page in place of the snapshot",
      instead(SNAPSHOT, (answer) => ({ ...page(), headers: { ...answer.headers, ...page().headers } })),
      "malformed",
      /text\/html: is the authority at `http:\/\/localhost:\d+\/`\?$/,
    ],
    [
      "a page in place of the keys",
      instead(KEYS, page),
      "malformed",
      /text\/html: is the authority at `http:\/\/localhost:\d+\/`\?$/,
    ],
    ["nothing", instead(SNAPSHOT, () => ({ body: "" })), "malformed", /200 without a body/],
    ["204", instead(SNAPSHOT, () => ({ status: 204, body: "" })), "malformed", /204 without a body/],
    ["another status", instead(SNAPSHOT, () => ({ status: 418 })), "unreachable", /answered 418$/],
    [
      "a redirect that leads nowhere",
      instead(SNAPSHOT, () => ({ status: 301, body: "" })),
      "unreachable",
      /answered with a redirect$/,
    ],
    [
      "that nothing has changed, since nothing",
      instead(SNAPSHOT, () => ({ status: 304, body: "" })),
      "unreachable",
      /answered 304$/,
    ],
    ["no signature", instead(SNAPSHOT, () => ({ headers: {} })), "malformed", /no Wicketgate-Signature header/],
    [
      "bytes that are compressed twice",
      instead(SNAPSHOT, () => ({ body: Buffer.from([0x1f, 0x8b, 8, 0]) })),
      "malformed",
      /still compressed/,
    ],
    [
      "milliseconds for seconds",
      {},
      "invalid_options",
      /^now: looks like milliseconds, expected Unix seconds$/,
      { now: () => NOW * 1000 },
    ],
  ]) {
    test(name, async (t) => {
      const { options, clock, net } = await setUp(t, state);
      await assert.rejects(
        connect({ ...options, fetch, ...more, onRetry: () => assert.fail("tried again") }),
        (error) => fails(code)(error) && assert.match(error.message, message) === undefined,
      );
      await net.quiet();
      assert.equal(clock.timers.size, 0);
    });
  }

  test("a header that a page of another origin cannot read", async (t) => {
    const { options } = await setUp(t);
    const hidden = async (...request) => {
      const response = await options.fetch(...request);
      const headers = new Headers(response.headers);
      headers.delete("Wicketgate-Signature");
      return Object.defineProperty(new Response(response.body, { headers }), "type", { value: "cors" });
    };
    await assert.rejects(
      connect({ ...options, fetch: hidden }),
      (error) =>
        fails("malformed")(error) && error.message.includes("`Access-Control-Expose-Headers: Wicketgate-Signature, ETag, Date`"),
    );
  });
});

describe("an endless answer is cut off", () => {
  /** An endless body, and the number of bytes that were read. */
  function endless(length) {
    const read = { bytes: 0, cancelled: false };
    const body = new ReadableStream({
      pull: (stream) => (stream.enqueue(new Uint8Array(65_536)), void (read.bytes += 65_536)),
      cancel: () => void (read.cancelled = true),
    });
    return {
      read,
      response: new Response(body, { headers: { "wicketgate-signature": "x..y", ...(length && { "content-length": length }) } }),
    };
  }

  for (const [path, limit] of [
    ["/v1/snapshot", 1_000_000],
    ["/.well-known/jwks.json", 256 * 1024],
  ]) {
    for (const [name, length] of [
      ["that does not say how long it is", undefined],
      ["that says so", "1000000000"],
    ]) {
      test(`${path}, ${name}`, async (t) => {
        const { options } = await setUp(t);
        const { read, response } = endless(length);
        const flooded = (url, init) => (new URL(url).pathname === path ? Promise.resolve(response) : options.fetch(url, init));
        await assert.rejects(connect({ ...options, maxBytes: 1_000_000, fetch: flooded }), fails("too_large"));
        assert.ok(read.bytes <= (length ? 0 : limit) + 3 * 65_536, `${read.bytes} bytes`);
        await until(() => read.cancelled, "its end");
      });
    }
  }
});
