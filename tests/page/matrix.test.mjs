// The access matrix: cells, pointer and keyboard, filters and reasons.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open as openSnapshot } from "wicketgate";
import { detach, issue } from "wicketgate/authority";
import { SIZES, world } from "../../bench/world.mjs";
import { enter, ISSUER } from "../edge/demonstration.mjs";
import { arrive, assertAccessible, assertAttribute, assertText, focused, LOOKS, photograph, visit } from "./browser.mjs";
import { demo, open, page, setUp } from "./window.mjs";

setUp();

async function show(person = "gina", options) {
  await open(options);
  await arrive(page, demo.url, person, "/access/matrix");
}

const grid = () => page.getByRole("grid");
const why = () => page.getByRole("region", { name: "Why" });
/** The cell of a person and an assistant of the team Support. Filters make it visible. */
async function find(person, assistant) {
  await page.getByLabel("Of the team").selectOption("support");
  await page.getByLabel("Find people").fill(person);
  await page.locator('[role=grid][aria-colcount="4"][aria-rowcount="2"]').waitFor();
  const column = await page.locator(`[role=columnheader][data-assistant="${assistant}"]`).getAttribute("aria-colindex");
  return page.locator(`.matrix-row[data-person="${person}"] [aria-colindex="${column}"]`);
}
/** The active cell. */
const active = () =>
  grid().evaluate((element) => {
    const cell = document.getElementById(element.getAttribute("aria-activedescendant"));
    return cell && { row: Number(cell.parentElement.ariaRowIndex), column: Number(cell.ariaColIndex), word: cell.ariaLabel };
  });

describe("the answers", () => {
  test("are those of the package", async () => {
    await show();
    await page.getByLabel("Question").selectOption("assistant.edit");
    await assertAttribute(await find("wes", "helper"), "aria-label", "Yes");
    await assertAttribute(await find("una", "helper"), "aria-label", "No");
    await page.getByLabel("Question").selectOption("assistant.share");
    await assertAttribute(await find("wes", "helper"), "aria-label", "No");
    await assertAttribute(await find("vic", "draft"), "aria-label", "Yes");
  });

  test("name the strongest relation where that is asked", async () => {
    await show();
    await page.getByLabel("Question").selectOption("relation");
    await assertText(await find("gina", "draft"), /^Global admin$/);
    await assertText(await find("vic", "draft"), /^Owner$/);
    await assertText(await find("olga", "helper"), /^Team owner$/);
    await assertText(await find("wes", "helper"), /^Editor$/);
    await assertText(await find("una", "site"), /^Public$/);
    await assertAttribute(await find("una", "draft"), "aria-label", "Nothing");
    // Suspended: none of their roles is in effect.
    await assertAttribute(await find("sam", "helper"), "aria-label", "Nothing");
  });

  test("say so where the plan withholds it from everybody", async () => {
    await show();
    await page.getByLabel("Question").selectOption("actions.manage");
    await page.getByText("plan does not include this").waitFor();
    await assertAttribute(await find("gina", "draft"), "aria-label", "No");
  });

  test("change while one looks", async () => {
    await show();
    await page.getByLabel("Question").selectOption("assistant.edit");
    const cell = await find("una", "site");
    await assertAttribute(cell, "aria-label", "No");
    await grid().focus();
    await page.keyboard.press("ArrowRight");
    const gina = await enter(demo, "gina");
    await gina.does({ type: "grant", assistant: "site", user: "una", role: "editor" });
    await page.locator('.matrix-row[data-person="una"] [aria-label="Yes"]').waitFor();
    await gina.does({ type: "revoke_grant", assistant: "site", user: "una" });
    await page.locator('.matrix-row[data-person="una"] [aria-label="No"]:nth-child(4)').waitFor();
    // The active cell stays where it is.
    assert.deepEqual(cut(await active()), { row: 2, column: 3 });
  });
});

describe("the reasons", () => {
  test("are there for the cell that is pointed at, with ways to the person and the assistant", async () => {
    await show();
    await page.getByLabel("Question").selectOption("assistant.edit");
    const cell = await find("wes", "helper");
    await cell.hover();
    await why().getByText("They were made its Editor.").waitFor();
    await why().getByText("Edit: yes").waitFor();
    await assertAttribute(why().getByRole("link", { name: "View as wes@acme.example" }), "href", "/access/view-as/wes");
    await assertAttribute(why().getByRole("link", { name: /^Open / }), "href", "/assistants/helper");
    await (await find("una", "draft")).hover();
    await why().getByText("None of their roles grants it.").waitFor();
  });

  test("come in full with Enter, and Escape leads back to the cell", async () => {
    await show();
    await find("wes", "helper");
    await grid().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "wes@acme.example on helper" });
    await assertText(dialog.locator('[data-capability="assistant.edit"]'), /They were made its Editor/);
    await assertText(dialog.locator('[data-capability="actions.manage"]'), /plan/);
    await assertAccessible(page);
    await photograph(page, "matrix-reasons");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await focused(grid());
  });
});

describe("the keyboard", () => {
  test("moves through the cells, as far as the ends", async () => {
    await show();
    await grid().focus();
    assert.deepEqual(cut(await active()), { row: 2, column: 2 });
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.deepEqual(cut(await active()), { row: 4, column: 3 });
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowUp");
    assert.deepEqual(cut(await active()), { row: 3, column: 2 });
    await page.keyboard.press("Control+End");
    const [rows, columns] = [await grid().getAttribute("aria-rowcount"), await grid().getAttribute("aria-colcount")].map(Number);
    await settled({ row: rows, column: columns });
    assert.equal(rows, demo.facts.users.length + 1);
    assert.equal(columns, demo.facts.assistants.length + 1);
    await page.keyboard.press("ArrowDown");
    await settled({ row: rows, column: columns });
    await page.keyboard.press("Home");
    await settled({ row: rows, column: 2 });
    await page.keyboard.press("PageUp");
    await page.keyboard.press("Control+Home");
    await settled({ row: 2, column: 2 });
    await why().getByText(/→/).waitFor();
  });
});

describe("the axes", () => {
  test("are narrowed by search, team, role and accessibility", async () => {
    await show();
    await page.getByLabel("Role", { exact: true }).selectOption("global_admin");
    const admins = demo.facts.users.filter(({ role }) => role === "global_admin").length;
    await page
      .getByText(new RegExp(`^${admins} of ${demo.facts.users.length} people × ${demo.facts.assistants.length} assistants$`))
      .waitFor();
    await assertAttribute(grid(), "aria-rowcount", String(admins + 1));
    await page.getByLabel("Role", { exact: true }).selectOption("");
    await page.getByLabel("In the team").selectOption("support");
    await page.getByLabel("Of the team").selectOption("support");
    await page.getByLabel("Open to").selectOption("only_me");
    await page.getByText(/^3 of \d+ people × 1 of \d+ assistants$/).waitFor();
    await page.getByLabel("Find people").fill("nobody at all");
    await page.getByText("Nobody matches.").waitFor();
    await page.getByLabel("Find people").fill("");
    await page.getByLabel("Find assistants").fill("no such thing");
    await page.getByText("No assistant matches.").waitFor();
  });
});

describe("who may", () => {
  test("an application admin may not: not by navigation, address or request", async () => {
    await show("abe");
    await page.getByText("You can’t open this page").waitFor();
    assert.equal(await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Access matrix" }).count(), 0);
    assert.equal(await grid().count(), 0);
    const abe = await enter(demo, "abe");
    assert.equal((await abe.get("/v1/workspace")).status, 403);
  });
});

describe("2,000 people and 5,000 assistants", () => {
  test("are all there, of which those in sight are drawn", async () => {
    const { facts } = world(SIZES.M);
    await open();
    await arrive(page, demo.url, "gina");
    await answerWith(page, facts);
    await visit(page, demo.url, "/access/matrix");
    await grid().waitFor();
    await assertAttribute(grid(), "aria-rowcount", "2001");
    await assertAttribute(grid(), "aria-colcount", "5001");
    await grid().focus();
    await page.keyboard.press("Control+End");
    await settled({ row: 2001, column: 5001 });
    assert.ok((await page.getByRole("gridcell").count()) < 3000);
    await assertAccessible(page);
    await photograph(page, "matrix-large");

    // The cells there show the package's answers.
    const snapshot = await openSnapshot(await signed(facts), {
      keys: await (await fetch(`${demo.url}/.well-known/jwks.json`)).json(),
    });
    const { heads, cells } = await page.evaluate(() => ({
      heads: [...document.querySelectorAll(".matrix-assistant")].map((head) => [head.ariaColIndex, head.dataset.assistant]),
      cells: [...document.querySelectorAll(".matrix-cell")].map((cell) => [
        cell.parentElement.dataset.person,
        cell.ariaColIndex,
        cell.ariaLabel,
      ]),
    }));
    const assistants = new Map(heads);
    assert.ok(cells.length > 100);
    for (const [user, column, says] of cells) {
      assert.equal(
        says,
        snapshot.as({ user }).can("assistant.view", assistants.get(column)) ? "Yes" : "No",
        `${user} ${assistants.get(column)}`,
      );
    }
  });
});

for (const [name, options] of LOOKS) {
  test(`looks right and is accessible: ${name}`, async () => {
    await show("gina", options);
    await grid().focus();
    await page.keyboard.press("ArrowDown");
    await assertAccessible(page);
    await photograph(page, `${name}-matrix`);
    await page.getByLabel("Question").selectOption("relation");
    await page.locator(".matrix.wide .matrix-cell").first().waitFor();
    await assertAccessible(page);
    await photograph(page, `${name}-matrix-relation`);
  });
}

const cut = ({ row, column }) => ({ row, column });

/** Waits until the active cell is drawn. */
async function settled({ row, column }) {
  await page
    .locator(`[role=row][aria-rowindex="${row}"] [role=gridcell][aria-colindex="${column}"][aria-selected="true"]`)
    .waitFor();
  assert.deepEqual(cut(await active()), { row, column });
}

/** Replaces the authority's overview by one of a large organization, which it would take long to create. */
async function answerWith(page, facts) {
  const { payload, signature } = await signed(facts);
  await page.route("**/v1/workspace", (route) =>
    route.fulfill({ body: payload, headers: { "Content-Type": "application/json", "Wicketgate-Signature": signature } }),
  );
}

async function signed(facts) {
  const now = Math.floor(Date.now() / 1000);
  return detach(
    await issue(facts, {
      key: demo.signingKey,
      scope: "overview",
      version: 1,
      issuer: ISSUER,
      audience: "wicketgate-console",
      issuedAt: now,
      expiresAt: now + 3600,
    }),
  );
}
