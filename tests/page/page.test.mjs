// The page in Chromium, on the running demonstration: what a person sees, and what is shown when something is wrong.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { detach, issue } from "wicketgate/authority";
import { ISSUER, startDemonstration } from "../edge/demonstration.mjs";
import { launchBrowser } from "./browser.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PHONE = { width: 390, height: 844 };

let demo;
let browser;
let context;
let page;
let complaints;

before(async () => {
  [demo, browser] = await Promise.all([startDemonstration(), launchBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});
beforeEach(() => openPage());
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, []);
});

/** Scripts that fail and policies that are violated fail the test; answers that are meant to be refused do not. */
async function openPage(options = {}) {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(10_000);
  complaints = [];
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
}

const rows = () => page.locator("[data-assistant]");
const choose = (id) => page.locator(`[data-assistant="${id}"]`).click();
const action = (name) => page.locator("section.assistant").getByRole("button", { name, exact: true });

async function show(user) {
  await page.goto(`${demo.url}/?as=${user}`);
  await page.locator("details.organization").waitFor();
}

async function assertAction(name, allowed, reason) {
  const button = action(name);
  assert.equal(await button.getAttribute("aria-disabled"), String(!allowed), name);
  const described = await button.getAttribute("aria-describedby");
  assert.match(await page.locator(`[id="${described}"]`).innerText(), reason);
}

/** For somebody to look at, where SCREENSHOTS names a folder. */
async function photograph(name) {
  if (!process.env.SCREENSHOTS) return;
  await mkdir(process.env.SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

async function assertAccessible() {
  // Evaluated and not injected as a script element, which the page's policy forbids.
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { iframes: false }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
}

describe("what a person sees", () => {
  test("the owner gets the buttons, and the reasons", async () => {
    await show("vic");
    await choose("draft");
    await assertAction("Chat", true, /You own it/);
    await assertAction("Delete", true, /You own it/);
    await assertAction("Evaluation", false, /None of your roles grants it/);
    await assertAction("Actions", false, /plan \(pro\) does not include it/);
  });

  test("another person gets others, for other reasons", async () => {
    await show("vic");
    await page.getByLabel("View as").selectOption("wes");
    await page.locator('[data-assistant="helper"]').waitFor();
    assert.match(page.url(), /\?as=wes$/);
    assert.equal(await page.locator('[data-assistant="draft"]').count(), 0);
    await choose("helper");
    await assertAction("Edit", true, /You were made its editor/);
    await assertAction("Chat", true, /viewer of the team Support/);
    await assertAction("Delete", false, /None of your roles grants it/);
    await page.goBack();
    await page.locator('[data-assistant="draft"]').waitFor();
    assert.equal(await page.getByLabel("View as").inputValue(), "vic");
  });

  test("an administrator sees everything, what one has on the organization included", async () => {
    await show("gina");
    assert.equal(await rows().count(), demo.facts.assistants.length);
    assert.match(await page.locator("details.organization summary").innerText(), /13 of 13 rights/);
    await choose("draft");
    await assertAction("Thought process", true, /global admin/);
    await show("abe");
    await page.locator("details.organization summary").click();
    const chatLogs = page.locator('details.organization [data-capability="panel.chatlogs"]');
    assert.equal(await chatLogs.getAttribute("aria-disabled"), "true");
    assert.match(await page.locator("details.organization").innerText(), /Your role Application admin grants it/);
  });

  test("somebody whose account is not active sees nothing, and why", async () => {
    await show("sam");
    await page.getByText("This account is not active, so it holds nothing.").waitFor();
    await page.getByText("This person sees no assistant.").waitFor();
    assert.equal(await rows().count(), 0);
  });

  test("the search narrows the list", async () => {
    await show("gina");
    await page.getByLabel("Search").fill("refund");
    await page.getByText(/^\d+ of 3\d\d visible$/).waitFor();
    for (const name of await rows().locator(".name").allInnerTexts()) assert.match(name, /^Refund/);
    await page.getByLabel("Search").fill("no such thing");
    await page.getByText("None of them matches").waitFor();
  });

  test("the keyboard is enough", async () => {
    await show("gina");
    await page.getByLabel("Search").focus();
    await page.keyboard.press("Tab");
    const chosen = page.locator('[role="option"][aria-selected="true"]');
    const first = await chosen.getAttribute("data-assistant");
    await page.keyboard.press("ArrowDown");
    await page.locator(`[role="option"][aria-selected="false"][data-assistant="${first}"]`).waitFor();
    const second = await chosen.getAttribute("data-assistant");
    assert.equal(await page.getByRole("listbox").getAttribute("aria-activedescendant"), await chosen.getAttribute("id"));
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    await page.locator(`[role="option"][aria-selected="true"][data-assistant="${first}"]`).waitFor();
    assert.notEqual(first, second);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Chat: allowed here. The server would check it again.").waitFor();
  });

  test("a denied button says why when it is pressed", async () => {
    await show("una");
    await choose("site");
    await action("Edit").press("Enter"); // a click waits for it to be enabled
    await page.getByText("Edit is not allowed. None of your roles grants it.").waitFor();
  });
});

describe("what a visitor gets", () => {
  async function follow(name) {
    const [opened] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name }).first().click()]);
    await opened.waitForLoadState();
    return opened;
  }

  test("share links open, or say why not", async () => {
    await show("gina");
    await choose("site");
    assert.match(await (await follow("Open the view link")).locator("main").innerText(), /you may chat.*You may not change it/is);
    assert.match(await (await follow("Open the edit link")).locator("main").innerText(), /You may also edit it/);
    assert.match(await (await follow("Open the expired edit link")).locator("main").innerText(), /has expired/);
    const refused = await follow("Open without a key");
    assert.match(await refused.locator("main").innerText(), /carries no key/);
  });

  test("a private assistant has nothing for them", async () => {
    await show("gina");
    await choose("draft");
    assert.match(await (await follow("Open without a key")).locator("main").innerText(), /Nothing opens here/);
  });

  test("the widget is shown where it may be embedded", async () => {
    const { id, name } = demo.facts.assistants.find(({ accessibility, embed }) => accessibility === "public" && embed?.origins.includes(demo.url));
    await show("gina");
    await choose(id);
    await page.getByRole("button", { name: "Try to embed it in this page" }).click();
    const frame = page.frameLocator("iframe");
    await frame.getByText("You may chat with this assistant here.").waitFor();
    assert.equal(await frame.locator("h1").innerText(), name);
    await page.locator("iframe").scrollIntoViewIfNeeded();
    await photograph("embedded");
  });

  test("and refused where not", async () => {
    await show("gina");
    await choose("site");
    await page.getByRole("button", { name: "Try to embed it in this page" }).click();
    await page.frameLocator("iframe").getByText("This assistant may not be shown on this site.").waitFor();
  });
});

describe("when something is wrong", () => {
  const SNAPSHOT = "**/v1/snapshot?*";
  const failure = () => page.getByRole("alert");

  async function assertRefused(code) {
    await failure().getByText("The snapshot could not be verified").waitFor();
    assert.equal(await failure().locator("code").innerText(), code);
    assert.equal(await rows().count(), 0);
    assert.equal(await page.locator("details.organization").count(), 0);
  }

  test("a tampered snapshot is refused, and nothing of it shown", async () => {
    await page.route(SNAPSHOT, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace('"role":"user"', '"role":"global_admin"');
      await route.fulfill({ response, body });
    });
    await page.goto(`${demo.url}/?as=ben`);
    await assertRefused("bad_signature");
    await photograph("tampered");
    await page.unroute(SNAPSHOT);
    await page.getByRole("button", { name: "Try again" }).click();
    await rows().first().waitFor();
  });

  test("so is another person's", async () => {
    await page.route(SNAPSHOT, async (route) => route.fulfill({ response: await route.fetch({ url: `${demo.url}/v1/snapshot?as=gina` }) }));
    await page.goto(`${demo.url}/?as=ben`);
    await assertRefused("wrong_subject");
  });

  test("so is one that is older than what the page has seen", async () => {
    const newer = await detach(await issue(demo.facts, {
      key: demo.signingKey, issuer: ISSUER, audience: "wicketgate-console", version: 1000, expiresIn: 600, scope: { member: "ben" },
    }));
    await page.route(SNAPSHOT, (route) => route.fulfill({
      body: newer.payload, contentType: "application/json", headers: { "Wicketgate-Signature": newer.signature },
    }));
    await show("ben");
    await page.unroute(SNAPSHOT);
    await page.getByLabel("View as").selectOption("gina");
    await assertRefused("rolled_back");
  });

  test("an authority out of reach can be tried again", async () => {
    await page.route("**/v1/people", (route) => route.abort());
    await page.goto(`${demo.url}/?as=ben`);
    await failure().getByText("The authority is out of reach").waitFor();
    await page.unroute("**/v1/people");
    await page.route(SNAPSHOT, (route) => route.abort());
    await page.getByRole("button", { name: "Try again" }).click();
    await failure().getByText("The authority is out of reach").waitFor();
    await page.unroute(SNAPSHOT);
    await page.getByRole("button", { name: "Try again" }).click();
    await rows().first().waitFor();
  });

  test("an unknown person is refused by the authority", async () => {
    await page.goto(`${demo.url}/?as=nobody`);
    await failure().getByText("The organization has no such user.").waitFor();
    assert.equal(await failure().locator("code").innerText(), "unknown_user");
  });

  test("a snapshot is renewed in time, and what changed is shown", async () => {
    await page.clock.install();
    await show("ben");
    const renewed = await detach(await issue({ ...demo.facts, assistants: [] }, {
      key: demo.signingKey, issuer: ISSUER, audience: "wicketgate-console", version: 2, expiresIn: 3600, scope: { member: "ben" },
    }));
    await page.route(SNAPSHOT, (route) => route.fulfill({
      body: renewed.payload, contentType: "application/json", headers: { "Wicketgate-Signature": renewed.signature },
    }));
    await page.clock.fastForward("10:00");
    await page.getByText("This person sees no assistant.").waitFor();
  });

  test("one that has expired and cannot be renewed is let go", async () => {
    await page.clock.install();
    await show("ben");
    await page.route(SNAPSHOT, (route) => route.abort());
    await page.clock.fastForward("20:00");
    await failure().getByText("The snapshot has expired").waitFor();
    assert.equal(await rows().count(), 0);
  });
});

describe("looks", () => {
  for (const [name, options] of [
    ["light", {}],
    ["dark", { colorScheme: "dark" }],
    ["phone", { viewport: PHONE, isMobile: true, hasTouch: true }],
    ["phone-dark", { viewport: PHONE, isMobile: true, hasTouch: true, colorScheme: "dark" }],
  ]) {
    test(`${name}: readable, accessible, no sideways scrolling`, async () => {
      await openPage(options);
      await show("cora");
      await page.getByLabel("Search").fill("refund");
      await rows().first().click();
      await photograph(name);
      await page.locator("details.organization summary").click();
      await page.getByText("Your role Application admin grants it").first().waitFor();
      await assertAccessible();
      const { width, content } = await page.evaluate(() => ({ width: innerWidth, content: document.documentElement.scrollWidth }));
      assert.ok(content <= width, `${content} > ${width}`);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(background, options.colorScheme === "dark" ? "rgb(16, 19, 21)" : "rgb(244, 246, 248)");
    });
  }

  test("the gate's page too", async () => {
    await page.goto(`${demo.url}/a/site?key=wk_${"e".repeat(43)}`);
    await photograph("gate-open");
    await assertAccessible();
    await page.goto(`${demo.url}/a/site`);
    await photograph("gate-closed");
    await assertAccessible();
  });
});
