// On which sites the widget opens. The browser decides by the frame's policy, for every page around the frame; the gate decides by the
// origin that the browser sends. Where the frame is blocked, the gate is not asked, and the widget says so.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { until } from "../lib/until.mjs";
import { BLOCKED, button, chat, converse, startEmbedding, unreachable } from "./embedding.mjs";
import { assertAccessible, assertAttribute, LOOKS, photograph } from "./browser.mjs";

const PATIENCE = 10_000;

let world;
let window;
let page;
/** Ports of the allowed sites. */
let http;
let https;
before(async () => {
  world = await startEmbedding();
  [http, https] = [world.sites.port, world.sites.securePort];
});
after(() => world?.stop());
beforeEach(async () => {
  window = await world.open({ expects: BLOCKED });
  ({ page } = window);
});
afterEach(() => window.close());

/** The widget on the page at this address opens, and answers. */
async function opens(url, where = page) {
  await page.goto(url);
  await button(where).click();
  await converse(chat(where), "hello");
  assert.equal(window.passes.length, 1);
  assert.equal(window.passes[0].postDataJSON().embedder, await page.evaluate(() => globalThis.origin));
  window.passes.length = 0;
}

/** The widget on the page at this address stays closed. @param inside the frame that has the page with the widget */
async function staysClosed(url, inside = (one) => one) {
  await page.clock.install();
  await page.goto(url);
  const where = inside(page);
  await button(where).click();
  await until(() => page.frames().some((frame) => frame.url().startsWith("chrome-error:")), "the frame to be blocked");
  await where.locator("wicketgate-widget").getByText("Opening the chat…").waitFor();
  await page.clock.runFor(PATIENCE);
  await unreachable(where).waitFor();
  assert.deepEqual(
    window.passes.map((request) => request.postData()),
    [],
    "the gate is not asked for a pass",
  );
}

const widgetOn = (options, sites = world.sites) => sites.page(world.widget(), options);
const shop = () => `https://shop.example:${https}`;

describe("one site is allowed", () => {
  before(() => world.allow(shop()));

  test("it opens there, however the address is written", async () => {
    const url = widgetOn({ host: "shop.example" });
    await opens(url);
    await opens(url.replace("shop.example", "SHOP.Example"));
    await opens(url.replace("https://", "https://somebody:secret@"));
  });

  const elsewhere = {
    "another site": () => widgetOn({ host: "evil.example" }),
    "a site whose name begins with it": () => widgetOn({ host: "shop.example.evil.example" }),
    "a site whose name ends with it": () => widgetOn({ host: "myshop.example" }),
    "a site whose name looks like it": () => widgetOn({ host: "sh0p.example" }),
    "a host below it": () => widgetOn({ host: "www.shop.example" }),
    "the host with a dot behind it": () => widgetOn({ host: "shop.example." }),
    "the same host on another port": () => widgetOn({ host: "shop.example" }, world.others),
    "the same host without encryption": () => widgetOn({ host: "shop.example", secure: false }),
    "a name in another script that reads the same": () => widgetOn({ host: "shоp.example" }),
    "the same name as a user of another site": () =>
      widgetOn({ host: "evil.example" }).replace("https://", "https://shop.example@"),
    "this machine": () => widgetOn({ host: "localhost" }),
  };
  for (const [name, url] of Object.entries(elsewhere)) test(`it stays closed on ${name}`, () => staysClosed(url()));

  for (const [name, options] of LOOKS) {
    test(`what is said there can be read, and closed: ${name}`, async () => {
      await window.close();
      window = await world.open({ expects: BLOCKED, ...options });
      ({ page } = window);
      const head = `<meta name="viewport" content="width=device-width">`;
      const body = `<main><h1>Another site</h1>${world.widget(`data-position="left"`)}</main>`;
      await staysClosed(world.sites.page(body, { host: "evil.example", head }));
      await photograph(page, `widget-unreachable-${name}`);
      await assertAccessible(page);
      assert.equal(await page.locator("wicketgate-widget [role=status]").innerText(), "This chat cannot be reached here.");
      await page.locator("wicketgate-widget").getByRole("button", { name: "Close" }).press("Enter");
      await assertAttribute(button(page), "aria-expanded", "false");
      assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.className), "launch");
    });
  }

  test("it stays closed where another site is around the good one", async () => {
    const inner = widgetOn({ host: "shop.example" });
    const frame = (url) => `<iframe src="${url}" width="600" height="600"></iframe>`;
    await staysClosed(world.sites.page(frame(inner), { host: "evil.example" }), (page) => page.frameLocator("iframe").first());
  });

  test("and where another site is between two good ones", async () => {
    const frame = (url) => `<iframe src="${url}" width="600" height="600"></iframe>`;
    const between = world.sites.page(frame(widgetOn({ host: "shop.example" })), { host: "evil.example" });
    await staysClosed(world.sites.page(frame(between), { host: "shop.example" }), (page) =>
      page.frameLocator("iframe").first().frameLocator("iframe").first(),
    );
  });

  test("an inherited or made-up document is no site, whoever made it", async () => {
    const markup = world.widget().replaceAll(`"`, "&quot;");
    const body = `<iframe srcdoc="${markup}" width="600" height="600"></iframe>`;
    await staysClosed(world.sites.page(body, { host: "evil.example" }), (page) => page.frameLocator("iframe").first());
  });
});

describe("patterns", () => {
  test("a name of another script, as people and as browsers write it", async () => {
    await world.allow(`https://xn--bcher-kva.example:${https}`);
    await opens(widgetOn({ host: "bücher.example" }));
    await opens(widgetOn({ host: "xn--bcher-kva.example" }));
    await staysClosed(widgetOn({ host: "bucher.example" }));
  });

  test("a wildcard stands for one label or more, and not for none", async () => {
    await world.allow(`https://*.shop.example:${https}`);
    await opens(widgetOn({ host: "www.shop.example" }));
    await opens(widgetOn({ host: "a.b.shop.example" }));
    for (const host of ["shop.example", "wwwshop.example", "www.shop.example.evil.example"]) await staysClosed(widgetOn({ host }));
  });

  test("a site on this machine, by its port", async () => {
    await world.allow(`http://localhost:${http}`);
    await opens(widgetOn({ host: "localhost" }));
    await staysClosed(widgetOn({ host: "localhost" }, world.others));
    await staysClosed(widgetOn({ host: "127.0.0.1", secure: false }));
  });

  test("everywhere", async () => {
    await world.allow("*");
    await opens(widgetOn({ host: "shop.example" }));
    await opens(widgetOn({ host: "evil.example" }));
    await opens(widgetOn({ host: "evil.example", secure: false }));
  });

  test("an empty list is nowhere", async () => {
    await world.allow();
    for (const host of ["shop.example", "evil.example", "localhost"]) await staysClosed(widgetOn({ host }));
    await staysClosed(world.demo.customer.url);
  });
});

describe("pages without an origin of their own", () => {
  const sandboxed = (content) => `<iframe sandbox="allow-scripts" ${content} width="600" height="600"></iframe>`;

  for (const [name, allowed] of [
    ["the site is allowed", () => shop()],
    ["every site is", () => "*"],
  ]) {
    test(`get nothing, though ${name}`, async () => {
      await world.allow(allowed());
      const inner = widgetOn({ host: "shop.example" });
      await opens(inner);
      for (const content of [`src="${inner}"`, `srcdoc="${world.widget().replaceAll(`"`, "&quot;")}"`]) {
        await page.clock.install();
        await page.goto(world.sites.page(sandboxed(content), { host: "shop.example" }));
        const where = page.frameLocator("iframe").first();
        await button(where).click();
        await where
          .locator("wicketgate-widget")
          .getByText(/Opening|cannot be reached/)
          .waitFor();
        await page.waitForLoadState("networkidle");
        await page.clock.runFor(PATIENCE);
        await unreachable(where).waitFor();
        assert.deepEqual(window.passes, []);
      }
    });
  }
});
