// The console in Chromium, on the running demonstration: what a person sees, and what the page shows when something is wrong.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { detach, issue } from "wicketgate/authority";
import { ISSUER } from "../edge/demonstration.mjs";
import { SESSION_COOKIE } from "../lib/service.mjs";
import {
  assertAccessible,
  assertAttribute,
  assertCount,
  assertText,
  focused,
  LOOKS,
  PHONE,
  photograph,
  signedIn,
  signIn,
  visit,
} from "./browser.mjs";
import { demo, open, page, setUp, window } from "./window.mjs";

setUp();
beforeEach(() => open());

const rows = () => page.locator("tr[data-row]");
const choose = (id) => visit(page, demo.url, `/assistants/${id}`);
/** A long list draws only its visible rows. */
async function find(id) {
  await page.getByLabel("Search").fill(id);
  return page.locator(`tr[data-row="${id}"]`).getByRole("link");
}
const navigation = () => page.getByRole("navigation", { name: "Console" });
const show = (user) => signIn(page, demo.url, user);

/** The row of a capability on an assistant's page says this. */
async function assertRight(capability, allowed, reason) {
  const right = page.locator(`[data-capability="${capability}"]`);
  await assertAttribute(right, "data-allowed", String(allowed));
  await assertText(right, reason);
}

describe("what a person sees", () => {
  test("the owner has rights, and the reasons", async () => {
    await show("vic");
    await choose("draft");
    await assertRight("assistant.chat", true, /You own it/);
    await assertRight("assistant.delete", true, /You own it/);
    await assertRight("evaluation.run", false, /None of your roles grants it\. A global admin can do this\. Ask an administrator/);
    await assertRight("actions.manage", false, /plan \(pro\) does not include it/);
  });

  test("another person has others, for other reasons", async () => {
    await show("wes");
    await (await find("helper")).waitFor();
    await page.getByLabel("Search").fill("draft");
    assert.equal(await page.locator('tr[data-row="draft"]').count(), 0);
    await choose("draft");
    await page.getByText("This assistant does not exist, or you can’t see it.").waitFor();
    await choose("helper");
    await assertRight("assistant.edit", true, /You were made its editor/i);
    await assertRight("assistant.chat", true, /viewer of the team Support/i);
    await assertRight(
      "assistant.delete",
      false,
      /None of your roles grants it\. Its owner, an owner of its team, or a global admin can do this/,
    );
  });

  test("an administrator sees everything", async () => {
    await show("gina");
    await page.getByText(`${demo.facts.assistants.length} visible to you`).waitFor();
    await choose("draft");
    await assertRight("responses.thought_process", true, /global admin/);
    await assertRight("actions.manage", false, /The operator of the service/);
  });

  test("what one may do in the organization is a page of its own", async () => {
    await show("abe");
    await page.getByRole("link", { name: /abe@acme.example/ }).click();
    await page.getByRole("heading", { level: 1, name: "Your access" }).waitFor();
    await page.getByText("8 of 13 rights").waitFor();
    await assertRight("user.invite", true, /Your role Application admin grants it/);
    await assertRight("panel.chatlogs", false, /A global admin can/);
    await assertAccessible(page);
  });

  test("the search narrows the list", async () => {
    await show("gina");
    await page.getByLabel("Search").fill("refund");
    await rows()
      .locator("th a")
      .filter({ hasNotText: /^Refund/ })
      .first()
      .waitFor({ state: "detached" });
    assert.ok((await rows().count()) > 1);
    await page.getByLabel("Search").fill("no such thing");
    await rows().first().waitFor({ state: "detached" });
  });

  test("a long list draws what is in sight, and sorts by its headings", async () => {
    await show("gina");
    const drawn = await rows().count();
    assert.ok(drawn < demo.facts.assistants.length / 2, `${drawn} rows are drawn`);
    const first = await rows().first().locator("th a").innerText();
    await page.getByRole("button", { name: "Name" }).click();
    await page.locator('th[aria-sort="descending"]').waitFor();
    assert.notEqual(await rows().first().locator("th a").innerText(), first);
    await page.getByRole("region", { name: "Assistants" }).evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
    await page.getByRole("link", { name: first, exact: true }).waitFor();
  });
});

describe("finding one's way", () => {
  test("the navigation has what one may open", async () => {
    await show("una");
    assert.deepEqual(await navigation().getByRole("link").allInnerTexts(), [
      "Assistants",
      "Teams",
      "Roles and plan",
      "Snapshot inspector",
    ]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
    await show("abe");
    assert.deepEqual(await navigation().getByRole("link").allInnerTexts(), [
      "Assistants",
      "Teams",
      "Team",
      "Roles and plan",
      "Snapshot inspector",
    ]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
    await show("gina");
    await assertCount(navigation().getByRole("link"), 11);
  });

  for (const [person, path, title, words] of [
    [
      "una",
      "/settings/team",
      "Team",
      /None of your roles grants it\. An application admin or a global admin can do this\. Ask an administrator/,
    ],
    ["abe", "/access/audit", "Audit log", /A global admin can do this\. Ask (gina|greta)@acme\.example/],
    ["abe", "/access/matrix", "Access matrix", /only global admins can open it/],
    ["abe", "/access/view-as/gina", "View as", /only global admins can open it/],
    ["una", "/access/review", "Access review", /only global admins can open it/],
  ]) {
    test(`${path}, opened by its address, says to ${person} that it is not theirs, and whose it is`, async () => {
      await show(person);
      await visit(page, demo.url, path);
      await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
      await page.getByRole("heading", { name: "You can’t open this page" }).waitFor();
      await page.locator("main").getByText(words).waitFor();
      assert.equal(new URL(page.url()).pathname, path);
      await assertAccessible(page);
    });
  }

  test("an address that leads nowhere says so", async () => {
    await show("una");
    await visit(page, demo.url, "/no/such/page");
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
    await page.locator("main").getByRole("link", { name: "Go to the assistants" }).click();
    await page.getByRole("heading", { name: "Assistants" }).waitFor();
  });

  test("signing in leads back to the page that was asked for", async () => {
    await page.goto(`${demo.url}/assistants/helper`);
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.locator('button[value="gina"]').click();
    await page.getByRole("heading", { level: 1, name: "helper" }).waitFor();
  });

  test("the inspector wants no sign-in", async () => {
    await visit(page, demo.url, "/inspector");
    await page.getByRole("heading", { name: "Snapshot inspector" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Snapshot inspector" }).waitFor();
  });

  test("the keyboard is enough: past the navigation, into a page, and the focus is on its title", async () => {
    await show("gina");
    await rows().first().waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter"); // "Skip to the page"
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));
    await navigation().getByRole("link", { name: "Teams", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Teams" }).waitFor();
    await focused(page.getByRole("heading", { level: 1, name: "Teams" }));
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Assistants" }).waitFor();
  });

  test("on a phone the navigation is behind a button", async () => {
    await window.close();
    await open(PHONE);
    await show("gina");
    await rows().first().waitFor();
    const link = navigation().getByRole("link", { name: "Team", exact: true });
    assert.ok(!(await link.isVisible()));
    await navigation().getByRole("button", { name: "Menu" }).click();
    await link.waitFor();
    await photograph(page, "phone-navigation");
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    await link.waitFor({ state: "hidden" });
    await navigation().getByRole("button", { name: "Menu" }).click();
    await link.click();
    await page.getByRole("heading", { level: 1, name: "Team", exact: true }).waitFor();
    assert.ok(!(await link.isVisible()));
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
    await navigation().waitFor();
    assert.equal(await page.evaluate(() => document.cookie), "");
    const [cookie] = (await window.context.cookies(demo.url)).filter(({ name }) => name === SESSION_COOKIE);
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Lax", "/"]);
  });

  test("a first sign-in makes a user", async () => {
    await show("otto");
    await assertText(page.locator(".account .who"), /User$/);
    await visit(page, demo.url, "/me");
    await page.getByText("0 of 13 rights").waitFor();
  });

  for (const [what, person, words] of [
    ["with an e-mail that nobody verified", "uwe", /has not verified your e-mail address/],
    ["while suspended", "sam", /Your account is suspended/],
    ["of an invited person, without the link in the mail", "zoe", /open the link in the e-mail/],
  ]) {
    test(`a sign-in is refused, in words: ${what}`, async () => {
      await page.goto(demo.url);
      await page.getByRole("link", { name: "Sign in" }).click();
      await page.locator(`button[value="${person}"]`).click();
      await assertText(page.locator("main .problem"), words);
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
    await page.evaluate(() => {
      globalThis.mark = "not reloaded";
    });
    const title = await page.getByRole("heading", { level: 1 }).elementHandle();
    const second = await window.context.newPage();
    await second.goto(`${demo.url}/v1/sign-in?return=/`);
    await second.locator('button[value="vic"]').click();
    await second.getByRole("navigation", { name: "Console" }).waitFor();
    await title.waitForElementState("hidden"); // its session has ended; it continues with the new one
    await (await find("draft")).click();
    await page.getByText("Live", { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.mark), "not reloaded");
  });

  test("another person's sign-in in the same browser shows nothing of either in the open page", async () => {
    await show("vic");
    const second = await window.context.newPage();
    await second.goto(`${demo.url}/v1/sign-in?return=/`);
    await second.locator('button[value="wes"]').click();
    await second.getByRole("navigation", { name: "Console" }).waitFor();
    await page.getByRole("heading", { name: "Somebody else signed in here" }).waitFor();
    assert.equal(await rows().count(), 0);
    await page.getByRole("link", { name: "Continue as the other person" }).click();
    await (await find("helper")).waitFor();
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
    assert.equal(await navigation().count(), 0);
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
    const { version } = await page.evaluate(async () => (await fetch("/v1/directory")).json());
    const newer = await detach(
      await issue(demo.facts, {
        key: demo.signingKey,
        issuer: ISSUER,
        audience: "wicketgate-console",
        version: version + 50,
        expiresIn: 600,
        scope: { member: "ben" },
      }),
    );
    await page.route(SNAPSHOT, (route) =>
      route.fulfill({
        body: newer.payload,
        contentType: "application/json",
        headers: { "Wicketgate-Signature": newer.signature },
      }),
    );
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
    await failure().getByText("The authority can’t be reached").waitFor();
    await page.unroute(SNAPSHOT);
    await retry();
  });

  test("a snapshot that has expired and cannot be renewed is let go", async () => {
    await page.clock.install();
    await show("ben");
    await window.context.setOffline(true);
    await page.clock.fastForward("20:00");
    await failure().getByText("The data on this page has expired").waitFor();
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
      await rows().first().waitFor();
      await photograph(page, name);
      await assertAccessible(page);
      await choose("helper");
      await photograph(page, `${name}-assistant`);
      await assertAccessible(page);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(background, options.colorScheme === "dark" ? "rgb(16, 19, 21)" : "rgb(244, 246, 248)");
    });
  }
});
