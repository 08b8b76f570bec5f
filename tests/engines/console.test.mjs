// The whole demonstration in Firefox and WebKitGTK, over http://localhost, like after the first start: signing in, each page of the
// console with axe, a change that another browser shows, the widget on a customer's site, and a share link.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { startDemonstration } from "../edge/demonstration.mjs";
import { ENGINES } from "../lib/engines.mjs";
import { until } from "../lib/until.mjs";
import { ENTER } from "../lib/webdriver.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGES = [
  ["/assistants", "Assistants"],
  ["/teams", "Teams"],
  ["/settings/team", "Team"],
  ["/settings/roles", "Roles and plan"],
  ["/settings/api-keys", "API keys"],
  ["/access/matrix", "Access matrix"],
  ["/access/view-as", "View as"],
  ["/access/review", "Access review"],
  ["/access/audit", "Audit log"],
  ["/me", "Your access"],
  ["/inspector", "Snapshot inspector"],
];

/** Records the failures and console errors of this document from now on. */
const listen = (browser) =>
  browser.run(() => {
    window.complaints = [];
    for (const event of ["error", "unhandledrejection"])
      window.addEventListener(event, (it) => window.complaints.push(`${event}: ${it.message ?? it.reason}`));
    window.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      window.complaints.push(`${violatedDirective}: ${blockedURI}`),
    );
    const { error } = window.console;
    window.console.error = (...given) => (window.complaints.push(given.join(" ")), error.apply(window.console, given));
  });
const assertQuiet = async (browser) => assert.deepEqual(await browser.run(() => window.complaints), []);

async function assertAccessible(browser) {
  await browser.evaluate(AXE);
  const found = await browser.run(async () => {
    const { violations } = await window.axe.run(window.document, { iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
  assert.deepEqual(found, []);
}

async function signIn(browser, url, person) {
  await browser.goto(url);
  await browser.click("a", "Sign in", { exact: true });
  await browser.find("h1", "Choose who you are");
  await browser.clickOn(await browser.find(`button[value="${person}"]`));
  await browser.find("nav[aria-label=Console]");
  await browser.find(".account strong", `${person}@acme.example`);
}

/** Sends a message, and waits for the answer. */
async function converse(browser, text, answer) {
  await browser.type("#message", null, text + ENTER);
  await browser.find(".message.assistant", answer);
}

for (const { name, skip, start } of ENGINES) {
  describe(name, { skip }, () => {
    let demo, browser, other;
    before(async () => {
      demo = await startDemonstration({ revalidateAfter: 0 });
      [browser, other] = [await start(), await start()];
    });
    after(async () => {
      await browser?.close();
      await other?.close();
      await demo?.stop();
    });

    test("signing in over http://localhost, and still signed in after a reload", async () => {
      assert.match(demo.url, /^http:\/\/localhost:/);
      await signIn(browser, demo.url, "gina");
      await browser.goto(`${demo.url}/me`);
      await browser.find("h1", "Your access");
    });

    test("each page of the console opens, without findings of axe and without console errors", async () => {
      await browser.goto(`${demo.url}/me`);
      await browser.find("nav[aria-label=Console]");
      await listen(browser);
      for (const [path, title] of PAGES) {
        await browser.run((path) => {
          window.history.pushState(null, "", path);
          window.dispatchEvent(new PopStateEvent("popstate"));
        }, path);
        await browser.find("h1", title);
        await browser.gone("[aria-busy=true]");
        await assertAccessible(browser);
      }
      await assertQuiet(browser);
    });

    test("an addition in one browser appears in the other, at once and without a reload", async () => {
      await signIn(other, demo.url, "cora");
      await other.goto(`${demo.url}/settings/team`);
      await other.find('tr[data-row="abe"]');
      await other.run(() => {
        window.mark = "not reloaded";
      });
      await listen(other);

      await browser.goto(`${demo.url}/settings/team`);
      await browser.find('tr[data-row="abe"]');
      await browser.click("button", "Add user", { exact: true });
      await browser.type("[role=dialog] input", "E-mail address", "Zoë.Grünwald@acme.example");
      await browser.click("[role=dialog] button", "Invite", { exact: true });
      await browser.gone("[role=dialog]");
      await other.type("input", "Find a person", "zoë");
      await other.find("tr[data-row] th", "zoë.grünwald@acme.example");
      assert.equal(await other.run(() => window.mark), "not reloaded");
      await assertQuiet(other);
    });

    test("signed out in one tab is signed out in the other", async () => {
      const first = await other.handle();
      await other.tab();
      await other.goto(demo.url);
      await other.find("nav[aria-label=Console]");
      await other.click("button", "Sign out", { exact: true });
      await other.find("h1", "You are not signed in");
      await other.show(first);
      await other.find("h1", "You are not signed in");
    });

    test("the widget on a customer's site, closed from within", async () => {
      await browser.goto(demo.customer.url);
      const host = await browser.find("wicketgate-widget");
      await listen(browser);
      await browser.clickOn(await browser.within(host, ".launch"));
      const frame = await browser.within(host, "iframe");
      await until(
        () => browser.run(() => window.document.querySelector("wicketgate-widget").shadowRoot.querySelector(".ready") !== null),
        "the chat to open",
      );
      await browser.frame(frame);
      await browser.find("h1", "Shop adviser");
      await converse(browser, "Livrez-vous à Liège?", "You wrote 3 words to Shop adviser");
      await assertAccessible(browser);
      await browser.click("button", "Close the chat");
      await browser.frame();
      await until(
        () => browser.run(() => window.document.querySelector("wicketgate-widget").shadowRoot.querySelector(".panel").hidden),
        "the panel to close",
      );
      await assertQuiet(browser);
    });

    test("a share link opens a chat", async () => {
      const { key } = demo.links.find(
        ({ assistant, level, expired }) => assistant === "shop-adviser" && level === "view" && !expired,
      );
      await browser.goto(`${demo.url}/a/shop-adviser#${key}`);
      await browser.find("h1", "Shop adviser");
      await listen(browser);
      await converse(browser, "hello", "one word");
      await assertAccessible(browser);
      await assertQuiet(browser);
    });
  });
}
