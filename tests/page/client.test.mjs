// The live client in Chromium, in several pages of one origin: they share one connection, and its data reaches all of them.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { startAuthority } from "../lib/live.mjs";
import { LIVE_PAGE } from "../lib/live-page.mjs";
import { until } from "../lib/until.mjs";
import { launchBrowser } from "./browser.mjs";

let browser, authority, context;
before(async () => (browser = await launchBrowser()));
after(() => browser?.close());
beforeEach(async () => {
  authority = await startAuthority({ folder: fileURLToPath(new URL(".", import.meta.resolve("wicketgate/wicketgate.wasm"))) });
  authority.page = LIVE_PAGE;
  context = await browser.newContext();
  context.setDefaultTimeout(20_000);
});
afterEach(async () => {
  await context.close();
  await authority.stop();
});

async function tab(more = {}) {
  const page = await context.newPage();
  await page.goto(authority.url);
  await page.waitForFunction(() => globalThis.ready);
  await page.evaluate((more) => globalThis.begin(more), more);
  return page;
}

const state = (page) => page.evaluate(() => globalThis.state());
const eventsOf = (page) => page.evaluate(() => globalThis.events.splice(0));
const connections = (count) => until(() => authority.sockets.size === count, `${count} connections`);
const reaches = (pages, version) =>
  Promise.all(pages.map((page) => page.waitForFunction((version) => globalThis.live.version === version, version)));
const edit = (facts) => (
  (facts.assistants.find(({ id }) => id === "helper").owner = "gina"),
  (facts.teams[0].members = facts.teams[0].members.filter(({ user }) => user !== "vic"))
);
const asked = () => authority.to("/v1/delta").length + authority.to("/v1/snapshot").length;

for (const deltas of [true, 409]) {
  test(`pages share one connection, and what one of them gets: ${deltas === true ? "a delta" : "a snapshot"}`, async () => {
    authority.deltas = deltas;
    const pages = [await tab(), await tab(), await tab()];
    await connections(1);
    assert.equal(authority.connections, 1);
    const before = asked();
    authority.change(edit);
    await reaches(pages, 2);
    for (const page of pages) {
      assert.deepEqual(await state(page), { version: 2, freshness: "fresh", edits: false, subject: "vic" });
      assert.ok((await eventsOf(page)).some(([event]) => event === "change"));
    }
    assert.equal(asked() - before, deltas === true ? 1 : 2);
    assert.equal(authority.connections, 1);
  });
}

test("the connection is handed over when its page closes, and nothing is missed", async () => {
  const pages = [await tab(), await tab(), await tab()];
  for (const version of [2, 3]) {
    await connections(1);
    // No page was told of this version: the page that takes over the connection learns it at once.
    authority.change(() => {}, { send: false });
    await pages.shift().close();
    await reaches(pages, version);
  }
  await connections(1);
  assert.equal(authority.connections, 3);
  authority.change(edit);
  await reaches(pages, 4);
  assert.equal((await state(pages[0])).edits, false);
});

test("closing the client hands over too", async () => {
  const [first, second] = [await tab(), await tab()];
  await connections(1);
  await first.evaluate(() => globalThis.live.close());
  await until(() => authority.connections === 2 && authority.sockets.size === 1, "the second page's connection");
  authority.change(edit);
  await reaches([second], 2);
  assert.equal((await state(first)).freshness, "expired");
});

test("what a page without the connection asks for reaches the others", async () => {
  authority.deltas = 409;
  const [first, second] = [await tab(), await tab()];
  await connections(1);
  authority.change(edit, { send: false });
  await second.evaluate(() => globalThis.live.refresh());
  await reaches([first, second], 2);
  assert.equal((await state(first)).edits, false);
});

test("a token that says less than it claims is not believed", async () => {
  const [first, second] = [await tab(), await tab()];
  await connections(1);
  const relay = (message) =>
    first.evaluate((message) => {
      const channel = new BroadcastChannel(
        `wicketgate:${JSON.stringify([`${location.origin}/`, "live-tests", JSON.stringify(["https://authority.acme.example", "acme", "vic"])])}`,
      );
      channel.postMessage(message);
      channel.close();
    }, message);
  await relay({ version: 9, token: { payload: "{}", signature: "a..b" } });
  await second.waitForFunction(() => globalThis.live.freshness === "stale");
  assert.deepEqual(await state(second), { version: 1, freshness: "stale", edits: true, subject: "vic" });
  authority.version = 8;
  authority.change(edit);
  await reaches([first, second], 9);
  assert.equal((await state(second)).freshness, "fresh");
});

test("signed out in one is signed out in all", async () => {
  const pages = [await tab(), await tab(), await tab()];
  await connections(1);
  authority.user = { status: 403, code: "removed_user" };
  await pages[2].evaluate(() => globalThis.live.refresh().catch(() => {}));
  for (const page of pages) {
    await page.waitForFunction(() => globalThis.events.some(([event]) => event === "signedOut"));
    const { freshness, edits } = await state(page);
    assert.deepEqual({ freshness, edits }, { freshness: "expired", edits: false });
    assert.deepEqual((await eventsOf(page)).at(-1), ["signedOut", "removed_user"]);
  }
  await connections(0);
});

test("people do not mix: whoever signs in next gets their own, the pages of the one before nothing", async () => {
  const first = await tab();
  await connections(1);
  authority.user = "ed";
  const second = await tab();
  assert.equal((await state(second)).subject, "ed");
  authority.change(() => {});
  await reaches([second], 2);
  await first.waitForFunction(() => globalThis.events.some(([event]) => event === "signedOut"));
  assert.deepEqual((await eventsOf(first)).at(-1), ["signedOut", "other_user"]);
  const { edits, subject, freshness } = await state(first);
  assert.deepEqual({ edits, subject, freshness }, { edits: false, subject: "vic", freshness: "expired" });
  await first.evaluate(() => globalThis.live.refresh());
  assert.equal((await state(first)).subject, "ed");
  await connections(1);
});

test("where it is not wanted, or cannot be, each page has its own", async () => {
  const first = await tab({ crossTab: false });
  await connections(1);
  await tab({ crossTab: false });
  await connections(2);
  await context.addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
  await tab();
  await connections(3);
  authority.change(edit);
  await reaches([first], 2);
});

test("where locks are refused too", async () => {
  await context.addInitScript(() => {
    navigator.locks.request = () => Promise.reject(new DOMException("no", "SecurityError"));
  });
  const pages = [await tab(), await tab()];
  await connections(2);
  authority.change(edit);
  await reaches(pages, 2);
});

test("what was seen is remembered across loads: nothing older is taken", async () => {
  authority.version = 7;
  const page = await tab();
  authority.version = 6;
  await page.reload();
  await page.waitForFunction(() => globalThis.ready);
  const code = await page.evaluate(() => globalThis.begin().catch((error) => error.code));
  assert.equal(code, "rolled_back");
});

test("offline it goes on; online again it knows at once", async () => {
  const page = await tab();
  await connections(1);
  await context.setOffline(true);
  await authority.stop();
  await page.waitForFunction(() => globalThis.events.some(([event]) => event === "error"));
  assert.equal((await state(page)).edits, true);
  await authority.start();
  authority.change(edit, { send: false });
  await context.setOffline(false);
  await reaches([page], 2);
  assert.deepEqual(await state(page), { version: 2, freshness: "fresh", edits: false, subject: "vic" });
});
