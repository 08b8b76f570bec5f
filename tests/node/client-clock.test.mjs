// Computers with a wrong clock: answers follow the authority's time, and nothing that has expired becomes valid again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect } from "wicketgate/client";
import { fails } from "../lib/fails.mjs";
import { connected, follow, setUp } from "../lib/follow.mjs";
import { AUDIENCE, ISSUER, storage } from "../lib/live.mjs";
import { until } from "../lib/until.mjs";
import { NOW, acme, signed } from "../lib/world.mjs";

const [MINUTES, DAY] = [600, 86_400];
const edits = (live) => live.me.can("assistant.edit", "helper");
/** The clock of a computer that is this many seconds ahead. */
const skewed = (clock, seconds) => () => clock.now + (typeof seconds === "function" ? seconds() : seconds);
const about = (offset, seconds) => assert.ok(Math.abs(offset - seconds) <= 2, `${offset}, expected about ${seconds}`);
const key = `wicketgate:${JSON.stringify([ISSUER, "acme", "vic"])}`;

describe("a clock that is wrong from the start", () => {
  for (const [name, seconds] of [
    ["ten minutes fast", MINUTES],
    ["a day fast", DAY],
    ["ten years fast", 3650 * DAY],
    ["ten minutes slow", -MINUTES],
    ["a day slow", -DAY],
  ]) {
    test(`${name}: answers, reports the offset, and expires at the right time`, async (t) => {
      const { options, clock, authority, net } = await setUp(t);
      const held = storage();
      const live = await connected(t, { ...options, storage: held, now: skewed(clock, seconds) });
      assert.ok(edits(live));
      assert.equal(live.freshness, "fresh");
      about(live.clockOffset, seconds);
      const { time, issued } = JSON.parse(held.getItem(key));
      assert.deepEqual([Math.abs(time - NOW) <= 2, issued], [true, NOW]);
      await authority.stop();
      await until(() => net.open.size === 0, "the loss");
      clock.pass(597);
      assert.ok(edits(live));
      clock.pass(5);
      assert.equal(edits(live), false);
      assert.equal(live.freshness, "expired");
      await authority.start();
    });
  }

  test("a page that loads in the same second is accepted too", async (t) => {
    const { options, clock } = await setUp(t);
    const held = storage();
    for (let page = 0; page < 2; page++)
      assert.ok(edits(await connected(t, { ...options, storage: held, now: skewed(clock, DAY) })));
  });

  test("a right clock, and an error no larger than the time of an answer, are not reported", async (t) => {
    for (const seconds of [0, 3, -3]) {
      const { options, clock } = await setUp(t);
      assert.equal((await connected(t, { ...options, now: skewed(clock, seconds) })).clockOffset, 0);
    }
  });

  test("a slow answer, and one that was signed long before it was sent, report no wrong clock", async (t) => {
    const { options, clock, authority } = await setUp(t, { life: 600 });
    authority.intercept = (path) => void (path === "/v1/snapshot" && clock.pass(30));
    assert.equal((await connected(t, options)).clockOffset, 0);
    authority.intercept = undefined;
    authority.claims = { issuedAt: Math.floor(clock.now) - 300, expiresIn: 600 };
    assert.equal((await connected(t, options)).clockOffset, 0);
  });
});

describe("a clock that is set during the session", () => {
  for (const [name, seconds] of [
    ["ahead", DAY],
    ["back", -DAY],
  ]) {
    test(`${name}: is found and reported with the next answer; so is its correction`, async (t) => {
      let offset = 0;
      const all = await setUp(t);
      const { clock, authority, options } = all;
      const live = await connected(t, { ...options, now: skewed(clock, () => offset) });
      const told = [];
      live.on("clock", (offset) => told.push(offset));
      for (const to of [seconds, 0]) {
        offset = to;
        authority.change(() => {}, { send: false });
        clock.pass(5);
        await live.refresh();
        assert.ok(edits(live));
        assert.equal(live.freshness, "fresh");
      }
      assert.equal(told.length, 2);
      about(told[0], seconds);
      assert.equal(told[1], 0);
      assert.equal(live.clockOffset, 0);
    });
  }

  test("it is found without a question of the page", async (t) => {
    let offset = 0;
    const { live, run } = await follow(t, {}, ({ clock }) => ({ now: skewed(clock, () => offset) }));
    assert.equal(live.clockOffset, 0);
    offset = DAY;
    assert.equal(edits(live), false, "a clock that jumps is not believed");
    await run(61);
    assert.ok(edits(live));
    about(live.clockOffset, DAY);
  });
});

describe("an old answer does not set the time back", () => {
  test("an answer that was seen before, or is older: expired", async (t) => {
    const { options, clock, authority } = await setUp(t);
    const held = storage();
    (await connect({ ...options, storage: held })).close();
    clock.pass(1000);
    (await connect({ ...options, storage: held })).close();
    clock.pass(1000);
    for (const issuedAt of [NOW, NOW + 1000]) {
      authority.claims = { issuedAt, expiresIn: 600 };
      // The same answer as before.
      authority.intercept = (_, answer) => ({
        ...answer,
        headers: { ...answer.headers, date: new Date(issuedAt * 1000).toUTCString() },
      });
      await assert.rejects(connect({ ...options, storage: held }), fails("expired"), String(issuedAt - NOW));
    }
    assert.ok(JSON.parse(held.getItem(key)).time >= NOW + 1000);
  });

  test("in the same page", async (t) => {
    const { live, authority, run } = await follow(t, { deltas: 409 });
    await run(500);
    authority.claims = { issuedAt: NOW + 1, expiresIn: 400 };
    authority.intercept = (_, answer) => ({
      ...answer,
      headers: { ...answer.headers, date: new Date((NOW + 1) * 1000).toUTCString() },
    });
    authority.change(() => {}, { send: false });
    await assert.rejects(live.refresh(), fails("expired"));
    assert.equal(live.clockOffset, 0);
  });

  test("neither the header alone nor a token that does not verify changes the time", async (t) => {
    const { options, clock, authority } = await setUp(t);
    const now = skewed(clock, DAY);
    const forged = await signed(acme(), {
      issuer: ISSUER,
      audience: AUDIENCE,
      issuedAt: NOW,
      expiresIn: 600,
      scope: { member: "vic" },
    });
    authority.intercept = (path, answer) => path === "/v1/snapshot" && { ...answer, body: forged.split(".")[1] };
    await assert.rejects(connect({ ...options, now }), fails("bad_signature"));
    // Without the authority's `Date`, an old answer and a wrong clock look the same.
    authority.intercept = undefined;
    const dateless = async (...request) => {
      const response = await options.fetch(...request);
      const headers = new Headers(response.headers);
      headers.delete("date");
      return new Response(response.body, { headers });
    };
    await assert.rejects(connect({ ...options, now, fetch: dateless }), fails("expired"));
  });

  test("the age of a cached answer counts", async (t) => {
    const { options, clock, authority } = await setUp(t);
    authority.claims = { issuedAt: NOW - 1000, expiresIn: 600 };
    authority.intercept = (_, answer) => ({
      ...answer,
      headers: { ...answer.headers, date: new Date((NOW - 1000) * 1000).toUTCString(), age: "1000" },
    });
    await assert.rejects(connect(options), fails("expired"));
    assert.equal(clock.timers.size, 0);
  });
});
