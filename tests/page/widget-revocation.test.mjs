// An open chat on a customer's site when its access is revoked, and the lifetime of its pass.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { until } from "../lib/until.mjs";
import { assertAccessible, photograph } from "./browser.mjs";
import { ASSISTANT, BLOCKED, button, chat, converse, startEmbedding, unreachable } from "./embedding.mjs";

/** Seconds. */
const LIFETIME = 2;

let world;
let window;
let page;
before(async () => {
  world = await startEmbedding({ passLifetime: LIFETIME });
});
after(() => world?.stop());
beforeEach(async () => {
  await world.allow(world.demo.customer.url);
  window = await world.open({ expects: BLOCKED });
  ({ page } = window);
});
afterEach(() => window.close());

async function begin() {
  await page.goto(world.demo.customer.url);
  await button(page).click();
  await converse(chat(page), "hello");
}

async function assertTakenBack() {
  await chat(page).getByLabel("Your message").fill("still there?");
  await chat(page).getByLabel("Your message").press("Enter");
  await chat(page).getByText("You can no longer use this chat.").waitFor();
  assert.equal(await chat(page).getByLabel("Your message").isVisible(), false);
  assert.equal(await chat(page).getByText("one word").count(), 1);
}

test("the site is taken off the list", async () => {
  await begin();
  await world.command({ type: "set_embed", origins: ["https://other.example"] });
  await assertTakenBack();
  await photograph(page, "widget-taken-back");
  await assertAccessible(page.frames().find((frame) => frame.url().includes("/embed/")));
});

test("the list is emptied", async () => {
  await begin();
  await world.command({ type: "set_embed", origins: [] });
  await assertTakenBack();
});

test("the assistant is made private: also for the next visit", async () => {
  await begin();
  try {
    await world.command({ type: "set_accessibility", accessibility: "only_me" });
    await assertTakenBack();
    await page.clock.install();
    await page.reload();
    await button(page).click();
    await until(() => page.frames().some((frame) => frame.url().startsWith("chrome-error:")), "the frame to be blocked");
    await page.clock.runFor(10_000);
    await unreachable(page).waitFor();
  } finally {
    await world.command({ type: "set_accessibility", accessibility: "public" });
  }
});

test("nothing else is disturbed: another site of the same assistant goes on", async () => {
  const other = world.sites.page(world.widget(), { host: "shop.example" });
  await world.allow(world.demo.customer.url, new URL(other).origin);
  await page.goto(other);
  await button(page).click();
  await converse(chat(page), "hello");
  await world.allow(new URL(other).origin);
  assert.match(await converse(chat(page), "still there?"), /2 words/);
});

test("a pass that ended unnoticed is replaced, though the clock here stands still", async () => {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1000);
  await page.goto(world.demo.customer.url);
  const answered = page.waitForResponse((response) => response.url().endsWith("/v1/pass"));
  await button(page).click();
  const answer = await (await answered).json();
  assert.equal(answer.expires_in, LIFETIME);
  await converse(chat(page), "one");
  const holds = async () =>
    (await fetch(`${world.demo.url}/v1/chat/${ASSISTANT}/greeting`, { headers: { Authorization: `Bearer ${answer.pass}` } }))
      .status;
  await until(async () => (await holds()) === 401, "the pass to end", 90);
  assert.match(await converse(chat(page), "two"), /one word/);
  assert.equal(window.passes.length, 2);
});
