// The access review in Chromium: the findings, the actions on them, and the changes since the last review.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, beforeEach, describe, test } from "node:test";
import { enter } from "../edge/demonstration.mjs";
import {
  arrive,
  assertAccessible,
  assertCount,
  assertText,
  LOOKS,
  openRowMenu,
  photograph,
  rowMenu,
  said,
  visit,
} from "./browser.mjs";
import { demo, open, page, setUp, window } from "./window.mjs";

const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);

let gina;

setUp({
  async prepare() {
    gina = await enter(demo, "gina");
    await gina.does({ type: "grant", assistant: "site", user: "wes", role: "editor", expires: now() + 5 * DAY });
    await gina.does({ type: "set_embed", assistant: "shop-adviser", origins: ["*"] });
    await gina.does({ type: "create_assistant", id: "odd", project: "faq", name: "=1+1", accessibility: "public" });
  },
});
beforeEach(() => open());

/** Replaces the times when people were last seen: vic a hundred days ago, una never, everybody else just now. */
async function seen() {
  await page.route("**/v1/directory", async (route) => {
    const response = await route.fetch();
    const directory = await response.json();
    const { una: _, ...activity } = Object.fromEntries(directory.organization.users.map(({ id }) => [id, now()]));
    await route.fulfill({ response, json: { ...directory, activity: { ...activity, vic: now() - 100 * DAY } } });
  });
}

async function show(part = "", person = "gina") {
  await seen();
  await arrive(page, demo.url, person, `/access/review${part && `/${part}`}`);
  await tile("inactive").waitFor();
}

const tile = (part) => page.locator(`[data-tile="${part}"]`);
const counted = async (part) => Number(await tile(part).locator("strong").innerText());
const row = (key) => page.locator(`tr[data-row="${key}"]`);
const find = (words) => page.getByLabel("Search these").fill(words);

describe("what is found", () => {
  test("people who are inactive, for as long as one chooses", async () => {
    await show();
    await row("vic")
      .getByText(/Last seen 3 months ago/)
      .waitFor();
    await row("una").getByText("Never signed in", { exact: true }).waitFor();
    await row("sam").getByText("Suspended", { exact: true }).waitFor();
    await row("ivy").getByText("Invited", { exact: true }).waitFor();
    assert.equal(await row("wes").count(), 0);
    await assertText(row("vic"), /In 1 team, owns \d+ assistants/);
    const before = await counted("inactive");
    await page.getByLabel("Inactive after").selectOption("180");
    await row("vic").waitFor({ state: "detached" });
    assert.equal(await counted("inactive"), before - 1);
    await find("una");
    await row("sam").waitFor({ state: "detached" });
  });

  test("admins, by number and by name", async () => {
    await show("admins");
    await page.getByText(/Global admin: 3/).waitFor();
    await assertText(page.locator("main"), /Application admin: 4[\s\S]*Auditor: 1/);
    await assertText(row("gina"), /Global admin[\s\S]*Everything/);
    await assertText(row("sam"), /Suspended/);
    await assertText(row("irina"), /Auditor[\s\S]*Audit log/);
    assert.equal(await row("wes").count(), 0);
  });

  test("roles that are not in effect: because of the accessibility, or because the person is inactive", async () => {
    await show("unused");
    await find("draft");
    await assertText(row("assistant draft wes editor"), /Editor[\s\S]*draft[\s\S]*Not in effect[\s\S]*Open to its owner only/);
    await find("helper ed@");
    await assertText(row("assistant helper ed editor"), /Not in its team/);
    await find("sales ivy");
    await assertText(row("team sales ivy owner"), /Owner[\s\S]*Sales[\s\S]*Invited/);
    await find("support vic");
    await assertText(row("team support vic viewer"), /Not seen/);
    await find("site wes");
    await page.getByText("No matches.").waitFor();
  });

  test("what expires, and what has", async () => {
    await show("expiring");
    await assertText(row("assistant site wes editor"), /Editor[\s\S]*site[\s\S]*Will end by itself[\s\S]*in [45] days/);
    await assertText(row("link site l3"), /Expired/);
    const before = await counted("expiring");
    await page.getByLabel("Expiring within").selectOption("7");
    assert.equal(await counted("expiring"), before);
    assert.equal(await row("link site l1").count(), 0);
  });

  test("links that never end", async () => {
    await show("links");
    await find("site");
    await assertText(row("link site l1"), /View and chat[\s\S]*site[\s\S]*until it is revoked/);
    assert.equal(await row("link site l3").count(), 0);
  });

  test("public assistants, and those that every site may embed", async () => {
    await show("public");
    await find("shop-adviser");
    await assertText(row("shop-adviser"), /Shop adviser[\s\S]*ben@acme\.example[\s\S]*Every website/);
    await find("vic docs.acme");
    await assertText(row("site"), /https:\/\/docs\.acme\.example/);
    await row("site").getByRole("link", { name: "site" }).click();
    await page.getByRole("heading", { level: 1, name: "site" }).waitFor();
  });
});

describe("what is done about it", () => {
  const remedy = async (key, label) => {
    await rowMenu(page, key, `${label}…`);
    await page.getByRole("alertdialog").getByRole("button", { name: label }).click();
  };

  test("somebody is suspended, and is listed as that", async () => {
    await show();
    await remedy("una", "Suspend");
    await said(page, /una@acme\.example is suspended/);
    await row("una").getByText("Suspended", { exact: true }).waitFor();
    await openRowMenu(page, "una");
    assert.equal(await page.getByRole("menuitem", { name: /Suspend/ }).count(), 0);
    await page.keyboard.press("Escape");
    await gina.does({ type: "reactivate_user", user: "una" });
    await row("una").getByText("Never signed in", { exact: true }).waitFor();
  });

  test("a role, a membership, a link and an embedding are removed", async () => {
    await show("unused");
    await find("draft");
    await remedy("assistant draft wes editor", "Remove the role");
    await row("assistant draft wes editor").waitFor({ state: "detached" });
    await find("sales ivy");
    await remedy("team sales ivy owner", "Remove from the team");
    await row("team sales ivy owner").waitFor({ state: "detached" });
    await tile("links").click();
    await find("site");
    await remedy("link site l1", "Revoke the link");
    await row("link site l1").waitFor({ state: "detached" });
    await tile("public").click();
    await find("shop-adviser");
    await remedy("shop-adviser", "Stop embedding");
    await row("shop-adviser").getByText("No website may embed it").waitFor();
  });

  test("a refusal is said where it was asked", async () => {
    await show();
    await rowMenu(page, "vic", "Suspend…");
    await page.route("**/v1/commands", (route) => route.abort());
    await page.getByRole("alertdialog").getByRole("button", { name: "Suspend" }).click();
    await page
      .getByRole("alertdialog")
      .getByText(/can’t be reached/)
      .waitFor();
  });
});

describe("a review", () => {
  test("is marked as done, and the next one shows what changed", async () => {
    await show("changes");
    await page.getByText("Never reviewed").waitFor();
    await page.getByText("There are no reviews yet.").waitFor();

    await page.getByRole("button", { name: "Mark as reviewed" }).click();
    const dialog = page.getByRole("dialog", { name: "Mark as reviewed" });
    await dialog.getByLabel("Note").fill("Two too many.\nAsk ben.");
    await assertAccessible(page);
    await dialog.getByRole("button", { name: "Mark as reviewed" }).click();
    await said(page, /The review is recorded/);
    await page.getByText(/Last reviewed .* by gina@acme\.example/).waitFor();
    await page.getByText(/^Nobody gained or lost access since /).waitFor();

    await gina.does({ type: "assign_role", user: "ed", role: "application_admin" });
    await gina.does({ type: "set_accessibility", assistant: "odd", accessibility: "only_me" });
    await gina.does({ type: "invite_user", email: "nora@acme.example", id: "nora" });
    const first = page.locator("tr[data-row]").filter({ hasText: "The organization" });
    await first.getByText(/Gained Invite people, Assign roles/).waitFor();
    await assertText(first, /^ed@acme\.example/);
    const closed = page.locator("tr[data-row]").filter({ hasText: "=1+1" });
    await closed
      .getByText(/Lost View, Chat/)
      .first()
      .waitFor();
    await assertText(closed.filter({ hasText: "more" }), /and \d+ more/);
    await closed
      .filter({ hasText: "more" })
      .getByRole("button", { name: /^Actions/ })
      .click();
    await page.getByRole("menuitem", { name: "Show everybody affected" }).click();
    await page.getByRole("dialog").getByText("rosa@acme.example").waitFor();
    await assertAccessible(page);
    await page.getByRole("button", { name: "Close" }).click();

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export these changes" }).click(),
    ]);
    assert.match(
      await readFile(await download.path(), "utf8"),
      /\ned@acme\.example,"Invite people, Assign roles[^\n]*",,The organization,/,
    );

    await gina.does({ type: "complete_review" });
    await page.getByText(/^Nobody gained or lost access since /).waitFor();
    // Back to the previous review.
    await page.getByLabel("Since the review of").selectOption({ index: 1 });
    await first.waitFor();

    await tile("past").click();
    await page.getByText("Two too many.").waitFor();
    await assertCount(page.locator("tr[data-row]"), 2);
  });

  test("is saved as one table, without formulas", async () => {
    await gina.does({ type: "set_accessibility", assistant: "odd", accessibility: "public" });
    await show();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export CSV" }).click()]);
    assert.match(download.suggestedFilename(), /^access-review-\d{4}-\d\d-\d\d\.csv$/);
    const text = await readFile(await download.path(), "utf8");
    for (const part of [
      "Inactive people",
      "Admins",
      "Unused access",
      "Expiring access",
      "Links without expiry",
      "Public assistants",
    ])
      assert.ok(text.includes(`\n${part},`), part);
    assert.ok(text.includes(",'=1+1,"), "the formula is a text");
    assert.doesNotMatch(text, /(^|,|\n)"?[=+@]/);
  });
});

describe("nobody else reviews", () => {
  for (const person of ["abe", "irina"]) {
    test(`${person}: neither in the navigation, nor by the address, nor by asking`, async () => {
      await arrive(page, demo.url, person);
      assert.equal(await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Access review" }).count(), 0);
      await visit(page, demo.url, "/access/review/changes");
      await page.getByRole("heading", { name: "You can’t open this page" }).waitFor();
      for (const path of ["/v1/workspace", "/v1/reviews"])
        assert.equal(await page.evaluate((at) => fetch(at).then(({ status }) => status), path), 403);
      const member = await enter(demo, person);
      assert.equal((await member.command({ type: "complete_review" })).status, 403);
    });
  }
});

test("what cannot be fetched is said, and asked again", async () => {
  await seen();
  await page.route("**/v1/workspace", (route) => route.abort());
  await arrive(page, demo.url, "gina", "/access/review");
  await page.getByRole("heading", { name: "The organization could not be fetched" }).waitFor();
  await page.unroute("**/v1/workspace");
  await page.getByRole("button", { name: "Try again" }).click();
  await tile("inactive").waitFor();
});

describe("how it looks", () => {
  before(async () => {
    await gina.does({ type: "complete_review", note: "Looked at by two." });
    await gina.does({ type: "create_assistant", id: "fresh", project: "faq", name: "Fresh", accessibility: "public" });
    await gina.does({ type: "assign_role", user: "priya", role: "application_admin" });
  });

  for (const [name, options] of LOOKS) {
    test(name, async () => {
      await window.close();
      await open(options);
      await show();
      await assertAccessible(page);
      await photograph(page, `${name}-review`);
      for (const part of ["admins", "unused", "expiring", "links", "public", "changes", "past"]) {
        await tile(part).click();
        await page.locator("tr[data-row]").first().waitFor();
        await assertAccessible(page);
        if (["unused", "changes"].includes(part)) await photograph(page, `${name}-review-${part}`);
      }
    });
  }
});
