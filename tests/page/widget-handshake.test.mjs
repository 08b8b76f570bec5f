// Which page may say hello to the frame: only the page around it, once; the browser says which origin that is. The pages here do by hand
// what the widget does, and what an attacker would do to get a pass.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { until } from "../lib/until.mjs";
import { ASSISTANT, BLOCKED, button, chat, converse, NAME, startEmbedding } from "./embedding.mjs";

let world;
let window;
let page;
let shop;
before(async () => {
  world = await startEmbedding();
  shop = `https://shop.example:${world.sites.securePort}`;
  await world.allow(shop);
});
after(() => world?.stop());
beforeEach(async () => {
  window = await world.open({ expects: new RegExp(`${BLOCKED.source}|blocked by CORS policy`) });
  ({ page } = window);
});
afterEach(() => window.close());

const embed = () => `${world.demo.url}/embed/${ASSISTANT}`;
const onShop = (body) => world.sites.page(body, { host: "shop.example" });
/** A frame like the widget's, without the widget. */
const rawFrame = (attributes = `sandbox="allow-scripts allow-same-origin allow-forms"`) =>
  `<iframe id="chat" src="${embed()}" ${attributes} width="500" height="500"></iframe>`;

/** Says hello from this page to a window, and records the answers. */
const hello = (page, target, more = {}) =>
  page.evaluate(
    ({ target, more }) => {
      const channel = new MessageChannel();
      globalThis.heard ??= [];
      const heard = [];
      globalThis.heard.push(heard);
      channel.port1.onmessage = ({ data }) => heard.push(data.type);
      const window = target.split(".").reduce((from, name) => from[name], globalThis);
      window.postMessage({ type: "wicketgate:hello", ...more }, "*", [channel.port2]);
    },
    { target, more },
  );
const heard = (page) => page.evaluate(() => globalThis.heard);
const gateFrame = (where = page) => where.frames().find((frame) => frame.url().startsWith(embed()));
/** Counts the messages to a window, so that a test can wait until an unwanted one has arrived. */
const count = (frame) =>
  frame.evaluate(() => {
    globalThis.reached = 0;
    addEventListener("message", () => setTimeout(() => (globalThis.reached += 1)));
  });
const reached = (frame, count) => frame.waitForFunction((count) => globalThis.reached >= count, count);

test("the page around it gets the chat, for its own site, whatever it claims to be", async () => {
  await page.goto(onShop(rawFrame()));
  await hello(page, "frames.0", { embedder: "https://other.example", origin: "https://other.example" });
  await page.frameLocator("#chat").getByRole("heading", { name: NAME }).waitFor();
  await until(async () => (await heard(page))[0].includes("ready"), "the frame to say that it is ready");
  assert.deepEqual(
    window.passes.map((request) => request.postDataJSON()),
    [{ assistant: ASSISTANT, embedder: shop }],
  );
});

test("the first hello counts, a second is not heard", async () => {
  await page.goto(onShop(rawFrame()));
  await hello(page, "frames.0");
  await hello(page, "frames.0");
  await page.frameLocator("#chat").getByRole("heading", { name: NAME }).waitFor();
  await until(async () => (await heard(page))[0].length > 0, "an answer to the first");
  await page.frameLocator("#chat").getByLabel("Your message").press("Escape");
  await until(async () => (await heard(page))[0].includes("close"), "the first port to be told");
  assert.deepEqual(await heard(page), [["ready", "close"], []]);
  assert.equal(window.passes.length, 1);
});

test("neighbours and children of the page are not heard, and do not spoil it for the page", async () => {
  const evil = world.sites.page("<p>evil</p>", { host: "evil.example" });
  await page.goto(onShop(`${rawFrame()}<iframe id="evil" src="${evil}"></iframe>`));
  const neighbour = page.frames().find((frame) => frame.url() === evil);
  await count(gateFrame());
  await hello(neighbour, "parent.frames.0");
  await reached(gateFrame(), 1);
  assert.deepEqual(window.passes, []);
  assert.deepEqual(await heard(neighbour), [[]]);
  await hello(page, "frames.0");
  await page.frameLocator("#chat").getByRole("heading", { name: NAME }).waitFor();
  // Also after the page has the chat.
  await hello(neighbour, "parent.frames.0");
  await reached(gateFrame(), 3);
  assert.deepEqual(await heard(neighbour), [[], []]);
  assert.equal(window.passes.length, 1);
});

for (const [name, message] of Object.entries({
  "another kind of message": (frame) => frame.postMessage({ type: "wicketgate:other" }, "*", [new MessageChannel().port2]),
  "no message at all": (frame) => frame.postMessage(null, "*", [new MessageChannel().port2]),
  "no port": (frame) => frame.postMessage({ type: "wicketgate:hello" }, "*"),
  "something odd for a port": (frame) => frame.postMessage({ type: "wicketgate:hello" }, "*", [new ArrayBuffer(8)]),
})) {
  test(`${name} is no hello`, async () => {
    await page.goto(onShop(rawFrame()));
    await count(gateFrame());
    await page.evaluate(`(${message})(frames[0])`);
    await reached(gateFrame(), 1);
    assert.deepEqual(window.passes, []);
    await hello(page, "frames.0");
    await page.frameLocator("#chat").getByRole("heading", { name: NAME }).waitFor();
  });
}

describe("as a window of its own", () => {
  test("the gate does not give the frame's page", async () => {
    await page.goto(world.sites.page("<p>evil</p>", { host: "evil.example" }));
    const [opened] = await Promise.all([
      page.waitForEvent("popup"),
      page.evaluate((url) => void (globalThis.opened = open(url)), embed()),
    ]);
    await opened.getByRole("heading", { name: "This chat isn’t available" }).waitFor();
    await count(opened);
    await hello(page, "opened");
    await reached(opened, 1);
    assert.deepEqual(window.passes, []);
  });

  test("and where an old browser had it given, the page listens to nobody", async () => {
    const answer = await fetch(embed());
    assert.equal(answer.status, 200);
    const served = { status: 200, headers: Object.fromEntries(answer.headers), body: await answer.text() };
    await window.context.route(embed(), (route) => route.fulfill(served));
    await page.goto(onShop(""));
    const [opened] = await Promise.all([
      page.waitForEvent("popup"),
      page.evaluate((url) => void (globalThis.opened = open(url)), embed()),
    ]);
    await opened.getByRole("heading", { name: "This chat isn’t available" }).waitFor();
    await count(opened);
    await hello(page, "opened");
    await hello(opened, "globalThis");
    await reached(opened, 2);
    assert.deepEqual(window.passes, []);
    assert.deepEqual(await heard(page), [[]]);
  });
});

describe("a frame without an origin of its own", () => {
  test("does not get its script", async () => {
    await page.goto(onShop(rawFrame(`sandbox="allow-scripts"`)));
    await count(gateFrame());
    await hello(page, "frames.0");
    await reached(gateFrame(), 1);
    assert.deepEqual(await heard(page), [[]]);
    assert.deepEqual(window.passes, []);
  });

  test("and where an old browser lets it have that, refuses, and asks for nothing", async () => {
    await window.context.route("**/embed/assets/*", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "cross-origin-resource-policy": "cross-origin" } });
    });
    await page.goto(onShop(rawFrame(`sandbox="allow-scripts"`)));
    await hello(page, "frames.0");
    await until(async () => (await heard(page))[0].length > 0, "an answer");
    assert.deepEqual(await heard(page), [["refused"]]);
    assert.deepEqual(window.passes, []);
  });
});

test("a page of an allowed site cannot have a pass for another, nor read the one of its frame", async () => {
  await page.goto(onShop(rawFrame()));
  await hello(page, "frames.0");
  await page.frameLocator("#chat").getByRole("heading", { name: NAME }).waitFor();
  const tried = await page.evaluate(
    async ({ gate, assistant }) => {
      const attempt = async (run) => {
        try {
          return await run();
        } catch (error) {
          return error.name;
        }
      };
      const ask = (type, embedder) =>
        fetch(`${gate}/v1/pass`, {
          method: "POST",
          headers: { "Content-Type": type },
          body: JSON.stringify({ assistant, embedder }),
        });
      return {
        json: await attempt(async () => (await ask("application/json", "https://other.example")).status),
        plain: await attempt(async () => (await ask("text/plain", location.origin)).status),
        inside: await attempt(() => frames[0].document.title),
      };
    },
    { gate: world.demo.url, assistant: ASSISTANT },
  );
  assert.deepEqual(tried, { json: "TypeError", plain: "TypeError", inside: "SecurityError" });
});

describe("the widget and a frame that is led elsewhere", () => {
  test("what it leads to hears nothing, and is not shown as the chat", async () => {
    await page.clock.install();
    const evil = world.sites.page(
      `<script>globalThis.got = []; addEventListener("message", (event) => got.push(event.data))</script><p>Type your card number</p>`,
      { host: "evil.example" },
    );
    await page.goto(onShop(world.widget()));
    await button(page).click();
    await converse(chat(page), "hello");
    await gateFrame()
      .evaluate((url) => void setTimeout(() => (location.href = url)), evil)
      .catch(() => {});
    await page.clock.runFor(1);
    await until(() => page.frames().some((frame) => frame.url() === evil), "the frame to be elsewhere");
    const led = page.frames().find((frame) => frame.url() === evil);
    await led.waitForLoadState();
    await page.locator("wicketgate-widget").getByText("Opening the chat…").waitFor();
    assert.equal(await page.locator("wicketgate-widget iframe").isVisible(), false);
    // A later message arrives later.
    await page.locator("wicketgate-widget iframe").evaluate((frame) => frame.contentWindow.postMessage("after it", "*"));
    await led.waitForFunction(() => globalThis.got.includes("after it"));
    assert.deepEqual(await led.evaluate(() => globalThis.got), ["after it"]);
    await page.clock.runFor(10_000);
    await page.locator("wicketgate-widget").getByText("This chat cannot be reached here.").waitFor();
    // The next attempt starts again.
    await page.locator("wicketgate-widget").getByRole("button", { name: "Close" }).click();
    await button(page).click();
    await converse(chat(page), "hello again");
  });

  test("a frame that loads anew says hello anew", async () => {
    await page.goto(onShop(world.widget()));
    await button(page).click();
    await converse(chat(page), "hello");
    await gateFrame()
      .evaluate(() => void setTimeout(() => location.reload()))
      .catch(() => {});
    await until(() => window.passes.length === 2, "another pass");
    await converse(chat(page), "hello again");
  });
});
