// The widget in old browsers: it works in the supported ones, and does not appear in others. It never causes an error in the customer's page.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { assertAttribute } from "./browser.mjs";
import { BLOCKED, button, chat, converse, startEmbedding } from "./embedding.mjs";

let world;
let window;
before(async () => {
  world = await startEmbedding();
  await world.allow(new URL(world.sites.page("")).origin);
});
after(() => world?.stop());
afterEach(() => window.close());

/** Removes these globals before any script runs, also in frames. A name with a dot is a member of a prototype. */
async function without(names, options) {
  window = await world.open(options);
  await window.context.addInitScript((names) => {
    globalThis.faults = [];
    for (const event of ["error", "unhandledrejection"])
      addEventListener(event, ({ message, reason }) => globalThis.faults.push(`${event}: ${message ?? reason}`), true);
    for (const name of names) {
      const [owner, member] = name.includes(".") ? name.split(".") : [undefined, name];
      if (!delete (owner ? globalThis[owner].prototype : globalThis)[member]) throw new Error(`${name} is still there`);
    }
  }, names);
  return window.page;
}

/** The page has no errors, and neither does the console, which `window.close` checks. */
const assertQuiet = async (page) => assert.deepEqual(await page.evaluate(() => globalThis.faults), []);

/** Features of this browser that Chrome 80, Firefox 78 or Safari 14 lack. */
const LATER = [
  "Document.adoptedStyleSheets",
  "ShadowRoot.adoptedStyleSheets",
  "CSSStyleSheet.replaceSync",
  "CSSStyleSheet.replace",
  "Element.replaceChildren",
  "Document.replaceChildren",
  "DocumentFragment.replaceChildren",
  "Array.at",
  "String.at",
  "String.replaceAll",
  "structuredClone",
  "AggregateError",
  "WeakRef",
  "FinalizationRegistry",
  "Array.findLast",
  "Array.toSorted",
];

test("as old as the oldest that it is for: styled, and a conversation", async () => {
  const page = await without(LATER);
  await page.goto(world.sites.page(`<h1>Shop</h1>${world.widget()}`));
  await button(page).click();
  assert.match(await converse(chat(page), "Do you deliver to Liège?"), /You wrote 5 words/);
  const { position, display } = await button(page).evaluate((element) => ({
    position: getComputedStyle(element.getRootNode().host).position,
    display: getComputedStyle(element).display,
  }));
  assert.deepEqual([position, display], ["fixed", "flex"]);
  await page.evaluate(() => {
    document.body.innerHTML = "<h1>Next</h1>";
  });
  assert.match(await converse(chat(page), "still here"), /2 words/);
  await button(page).click();
  await assertAttribute(button(page), "aria-expanded", "false");
  await assertQuiet(page);
});

describe("the style of such a browser, under a policy of the page", () => {
  const policy = (styles) => ({
    headers: {
      "Content-Security-Policy": `default-src 'none'; script-src 'nonce-n0nce'; style-src ${styles}; img-src data:; frame-src ${world.demo.url}`,
    },
  });

  test("counts by the script's nonce", async () => {
    const page = await without(LATER);
    await page.goto(world.sites.page(world.widget('nonce="n0nce"'), policy("'nonce-n0nce'")));
    await button(page).click();
    await chat(page).getByRole("heading").first().waitFor();
    await assertQuiet(page);
  });

  test("and where that is forbidden, there is no widget: nothing lies about in the page", async () => {
    const page = await without(LATER, { expects: /Content Security Policy/ });
    await page.goto(world.sites.page(world.widget('nonce="n0nce"'), policy("'none'")));
    await page.waitForLoadState("load");
    assert.equal(await page.locator("wicketgate-widget").count(), 0);
    await assertQuiet(page);
  });
});

describe("older than any that it is for: no widget, or one that says that the chat cannot be reached", () => {
  for (const [name, there] of [
    ["Element.attachShadow", false],
    ["MutationObserver", false],
    ["URL", false],
    ["Element.append", false],
    ["Node.isConnected", true],
    ["CustomEvent", true],
    ["MessageChannel", true],
    ["Array.flatMap", true],
    ["HTMLIFrameElement.contentWindow", true],
  ]) {
    test(`without ${name}`, async () => {
      const page = await without([name], { expects: BLOCKED });
      await page.goto(world.sites.page(`<h1>Shop</h1>${world.widget()}`));
      await page.waitForLoadState("load");
      assert.equal(await page.locator("wicketgate-widget .launch").count(), there ? 1 : 0);
      if (there) {
        await button(page).click();
        await button(page).click();
        await page.keyboard.press("Escape");
        await page.evaluate(() => {
          document.body.innerHTML = "<h1>Next</h1>";
        });
      }
      await assertQuiet(page);
    });
  }
});
