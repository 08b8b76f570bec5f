// The page in Chromium, on the running demonstration: what a person sees, and what is shown when something is wrong.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { detach, issue } from "wicketgate/authority";
import { ISSUER, startDemonstration } from "../edge/demonstration.mjs";
import { assertAccessible, launchBrowser, LOOKS, openWindow, photograph, signedIn, signIn } from "./browser.mjs";

let demo;
let browser;
let window;
let page;

before(async () => {
  [demo, browser] = await Promise.all([startDemonstration(), launchBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});
beforeEach(() => open());
afterEach(() => window.close());

async function open(options) {
  window = await openWindow(browser, options);
  ({ page } = window);
}

const rows = () => page.locator("[data-assistant]");
const choose = (id) => page.locator(`[data-assistant="${id}"]`).click();
const action = (name) => page.locator("section.assistant").getByRole("button", { name, exact: true });
const show = (user) => signIn(page, demo.url, user);

async function assertAction(name, allowed, reason) {
  const button = action(name);
  assert.equal(await button.getAttribute("aria-disabled"), String(!allowed), name);
  const described = await button.getAttribute("aria-describedby");
  assert.match(await page.locator(`[id="${described}"]`).innerText(), reason);
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
    await show("wes");
    await page.locator('[data-assistant="helper"]').waitFor();
    assert.equal(await page.locator('[data-assistant="draft"]').count(), 0);
    await choose("helper");
    await assertAction("Edit", true, /You were made its editor/);
    await assertAction("Chat", true, /viewer of the team Support/);
    await assertAction("Delete", false, /None of your roles grants it/);
  });

  test("an administrator sees everything, what one has on the organization included", async () => {
    await show("gina");
    assert.equal(await rows().count(), demo.facts.assistants.length);
    assert.match(await page.locator("details.organization summary").innerText(), /13 of 13 rights/);
    await choose("draft");
    await assertAction("Thought process", true, /global admin/);
  });

  test("an application admin has fewer rights on the organization", async () => {
    await show("abe");
    await page.locator("details.organization summary").click();
    const chatLogs = page.locator('details.organization [data-capability="panel.chatlogs"]');
    assert.equal(await chatLogs.getAttribute("aria-disabled"), "true");
    assert.match(await page.locator("details.organization").innerText(), /Your role Application admin grants it/);
  });

  test("those who look after nobody have no list of people", async () => {
    await show("una");
    assert.equal(await page.locator("details.people").count(), 0);
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
    const [opened] = await Promise.all([window.context.waitForEvent("page"), page.getByRole("link", { name }).first().click()]);
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
    await photograph(page, "embedded");
  });

  test("and refused where not", async () => {
    await show("gina");
    await choose("site");
    await page.getByRole("button", { name: "Try to embed it in this page" }).click();
    await page.frameLocator("iframe").getByText("This assistant may not be shown on this site.").waitFor();
  });
});

describe("signing in", () => {
  test("nobody is anybody before it, and nobody after it", async () => {
    await page.goto(demo.url);
    await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
    assert.equal(await rows().count(), 0);
    await show("ben");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
  });

  test("the session outlives the page, out of reach of its scripts", async () => {
    await show("ben");
    await page.reload();
    await page.locator("details.organization").waitFor();
    assert.equal(await page.evaluate(() => document.cookie), "");
    const [cookie] = (await window.context.cookies(demo.url)).filter(({ name }) => name === "__Host-wicketgate-session");
    assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path], [true, true, "Lax", "/"]);
  });

  test("a first sign-in makes a user", async () => {
    await show("otto");
    assert.match(await page.locator(".account .who").innerText(), /User$/);
    assert.match(await page.locator("details.organization summary").innerText(), /0 of 13 rights/);
  });

  for (const [what, person, words] of [
    ["with an e-mail that nobody verified", "uwe", /has not verified your e-mail address/],
    ["while suspended", "sam", /Your account is suspended/],
    ["of an invited person, without the link in the mail", "zoe", /open the link in the mail/],
  ]) {
    test(`a sign-in is refused, in words: ${what}`, async () => {
      await page.goto(demo.url);
      await page.getByRole("link", { name: "Sign in" }).click();
      await page.locator(`button[value="${person}"]`).click();
      assert.match(await page.locator("main .problem").innerText(), words);
      assert.equal(new URL(page.url()).search, "");
      assert.equal(await rows().count(), 0);
    });
  }

  test("nobody chosen is nobody signed in", async () => {
    await page.goto(demo.url);
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Do not sign in" }).click();
    await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
  });

  test("signing in once more in another tab keeps the first", async () => {
    await show("vic");
    await page.evaluate(() => { globalThis.mark = "not reloaded"; });
    const second = await window.context.newPage();
    await second.goto(`${demo.url}/v1/sign-in?return=/`);
    await second.locator('button[value="vic"]').click();
    await second.locator("details.organization").waitFor();
    await page.locator('[data-assistant="draft"]').click();
    await page.getByText("Live", { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.mark), "not reloaded");
  });

  test("another person's sign-in in the same browser shows nothing of either in the open page", async () => {
    await show("vic");
    const second = await window.context.newPage();
    await second.goto(`${demo.url}/v1/sign-in?return=/`);
    await second.locator('button[value="wes"]').click();
    await second.locator("details.organization").waitFor();
    await page.getByRole("heading", { name: "Somebody else signed in here" }).waitFor();
    assert.equal(await rows().count(), 0);
    await page.getByRole("link", { name: "Show what they may do" }).click();
    await page.locator('[data-assistant="helper"]').waitFor();
    assert.equal(await page.locator(".account strong").innerText(), "wes@acme.example");
  });
});

describe("when something is wrong", () => {
  const SNAPSHOT = "**/v1/snapshot";
  const failure = () => page.getByRole("alert");

  async function assertRefused(code) {
    await failure().getByText("The snapshot could not be verified").waitFor();
    assert.equal(await failure().locator("code").innerText(), code);
    assert.equal(await rows().count(), 0);
    assert.equal(await page.locator("details.organization").count(), 0);
  }

  async function retry() {
    await page.getByRole("button", { name: "Try again" }).click();
    await rows().first().waitFor();
  }

  test("a tampered snapshot is refused, and nothing of it shown", async () => {
    await show("ben");
    await page.route(SNAPSHOT, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace('"role":"user"', '"role":"global_admin"');
      await route.fulfill({ response, body });
    });
    await page.reload();
    await assertRefused("bad_signature");
    await photograph(page, "tampered");
    await page.unroute(SNAPSHOT);
    await retry();
  });

  test("so is one that is older than what this browser has seen", async () => {
    await show("ben");
    const newer = await detach(await issue(demo.facts, {
      key: demo.signingKey, issuer: ISSUER, audience: "wicketgate-console", version: 1_000_000, expiresIn: 600, scope: { member: "ben" },
    }));
    await page.route(SNAPSHOT, (route) => route.fulfill({
      body: newer.payload, contentType: "application/json", headers: { "Wicketgate-Signature": newer.signature },
    }));
    await page.reload();
    await rows().first().waitFor();
    await page.unroute(SNAPSHOT);
    await page.reload();
    await assertRefused("rolled_back");
  });

  test("an authority out of reach can be tried again", async () => {
    await show("ben");
    await page.route(SNAPSHOT, (route) => route.abort());
    await page.reload();
    await failure().getByText("The authority is out of reach").waitFor();
    await page.unroute(SNAPSHOT);
    await retry();
  });

  test("a snapshot that has expired and cannot be renewed is let go", async () => {
    await page.clock.install();
    await show("ben");
    await window.context.setOffline(true);
    await page.clock.fastForward("20:00");
    await failure().getByText("The snapshot has expired").waitFor();
    assert.equal(await rows().count(), 0);
    await photograph(page, "expired");
    await assertAccessible(page);
    await window.context.setOffline(false);
  });
});

describe("looks", () => {
  for (const [name, options] of LOOKS) {
    test(`${name}: readable, accessible, no sideways scrolling`, async () => {
      await window.close();
      await open(options);
      await page.goto(demo.url);
      await page.getByRole("link", { name: "Sign in" }).waitFor();
      await photograph(page, `${name}-signed-out`);
      await assertAccessible(page);
      await page.getByRole("link", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Choose who you are" }).waitFor();
      await photograph(page, `${name}-provider`);
      await assertAccessible(page);
      await page.locator('button[value="cora"]').click();
      await signedIn(page, "cora");
      await page.getByLabel("Search").fill("refund");
      await rows().first().click();
      await photograph(page, name);
      await page.locator("details.organization summary").click();
      await page.getByText("Your role Application admin grants it").first().waitFor();
      await assertAccessible(page);
      await page.locator("details.organization summary").click();
      await page.locator("details.people summary").click();
      await page.getByText("ben@acme.example", { exact: true }).waitFor();
      await photograph(page, `${name}-people`);
      await assertAccessible(page);
      await page.getByRole("button", { name: "Remove vic@acme.example" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove vic@acme.example" }).click();
      await page.getByRole("dialog").getByLabel("Taken over by").waitFor();
      await photograph(page, `${name}-remove`);
      await assertAccessible(page);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(background, options.colorScheme === "dark" ? "rgb(16, 19, 21)" : "rgb(244, 246, 248)");
    });
  }

  test("the gate's page too", async () => {
    await page.goto(`${demo.url}/a/site?key=wk_${"e".repeat(43)}`);
    await photograph(page, "gate-open");
    await assertAccessible(page);
    await page.goto(`${demo.url}/a/site`);
    await photograph(page, "gate-closed");
    await assertAccessible(page);
  });
});
