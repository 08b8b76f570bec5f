// View as: the console as another person sees it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { enter } from "../edge/demonstration.mjs";
import { arrive, assertAccessible, assertAttribute, assertText, LOOKS, openWindow, photograph, said, visit } from "./browser.mjs";
import { browser, demo, open, page, setUp } from "./window.mjs";

setUp();

async function show(person, path = "/access/view-as", options) {
  await open(options);
  await arrive(page, demo.url, person, path);
}

const personView = () => page.getByRole("region", { name: /^Console of / });
const right = (capability) => personView().locator(`[data-capability="${capability}"]`);
const openAssistant = (name) => personView().getByRole("button", { name, exact: true }).click();

test("a person is chosen by typing", async () => {
  await show("gina");
  await page.getByRole("combobox", { name: "Person to view as" }).fill("we");
  await page.getByRole("option", { name: /wes@acme/ }).click();
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByText("You are viewing the console as wes@acme.example.").waitFor();
  assert.equal(new URL(page.url()).pathname, "/access/view-as/wes");
});

describe("what is seen", () => {
  test("is what the person sees themselves", async () => {
    const wes = await openWindow(browser);
    await arrive(wes.page, demo.url, "wes");
    const count = Number((await wes.page.getByText(/visible to you/).innerText()).match(/\d+/)[0]);
    await wes.close();
    await show("gina", "/access/view-as/wes");
    await personView()
      .getByRole("tab", { name: `Assistants (${count})` })
      .waitFor();
    await personView().getByLabel("Search").fill("draft");
    await personView().getByText("No assistant matches").waitFor();
  });

  test("has the reason behind each button, and pressing one does nothing", async () => {
    await show("gina", "/access/view-as/wes");
    await page.getByText("You are viewing the console as wes@acme.example.").waitFor();
    await personView().getByLabel("Search").fill("helper");
    await openAssistant("helper");
    await assertText(right("assistant.edit"), /They were made its Editor/);
    await assertText(right("assistant.delete"), /None of their roles grants it/);
    await assertText(right("actions.manage"), /plan/);
    await assertAttribute(right("assistant.delete").getByRole("button"), "aria-disabled", "true");
    const sent = [];
    page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    await right("assistant.edit").getByRole("button").click();
    await said(page, /Nothing happened: you are viewing the console as wes@acme\.example/);
    assert.deepEqual(sent, []);
  });

  test("is their teams and projects, too", async () => {
    await show("gina", "/access/view-as/olga");
    await personView()
      .getByRole("tab", { name: /^Teams/ })
      .click();
    await personView().getByRole("heading", { name: "Support" }).waitFor();
    await assertText(right("team.manage_members").first(), /They own the team Support/);
    await assertText(right("project.edit").first(), /They own the team Support/);
  });

  test("is what they may do in the organization, and the pages they can open", async () => {
    await show("gina", "/access/view-as/abe");
    await personView().getByRole("tab", { name: "Organization" }).click();
    await assertText(right("user.invite"), /Their role Application admin grants it/);
    await assertText(right("role.define"), /None of their roles grants it/);
    const pages = await personView().locator(".their-pages li").allInnerTexts();
    assert.ok(pages.includes("Team"));
    assert.ok(!pages.includes("Access matrix"));
  });

  test("is nothing for somebody suspended", async () => {
    await show("gina", "/access/view-as/sam");
    await personView().getByText("They are suspended").waitFor();
    await personView().getByText("They see no assistants.").waitFor();
  });

  test("changes while one looks", async () => {
    await show("gina", "/access/view-as/una");
    await personView().getByLabel("Search").fill("site");
    await openAssistant("site");
    await assertText(right("assistant.edit"), /None of their roles grants it/);
    const gina = await enter(demo, "gina");
    await gina.does({ type: "grant", assistant: "site", user: "una", role: "editor" });
    await right("assistant.edit").getByText("They were made its Editor").waitFor();
    await gina.does({ type: "revoke_grant", assistant: "site", user: "una" });
    await right("assistant.edit").getByText("None of their roles grants it").waitFor();
  });
});

describe("leaving", () => {
  test("is one button", async () => {
    await show("gina", "/access/view-as/wes");
    await personView().getByRole("button", { name: "Leave" }).click();
    await page.getByRole("combobox", { name: "Person to view as" }).waitFor();
    assert.equal(await personView().count(), 0);
  });

  test("is Escape, which in a field only empties it", async () => {
    await show("gina", "/access/view-as/wes");
    await personView().getByLabel("Search").fill("helper");
    await page.keyboard.press("Escape");
    assert.equal(await personView().count(), 1);
    await personView()
      .getByRole("tab", { name: /^Assistants/ })
      .focus();
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Person to view as" }).waitFor();
  });
});

test("somebody who is not there is said not to be", async () => {
  await show("gina", "/access/view-as/nobody-at-all");
  await page.getByText("This person does not exist.").waitFor();
  await assertAccessible(page);
});

test("an application admin may not: not by navigation, address or request", async () => {
  await show("abe", "/access/view-as/wes");
  await page.getByText("You can’t open this page").waitFor();
  await page.getByText(/A global admin can give you that role/).waitFor();
  assert.equal(await personView().count(), 0);
  assert.equal(await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "View as" }).count(), 0);
  const abe = await enter(demo, "abe");
  assert.equal((await abe.get("/v1/workspace")).status, 403);
});

for (const [name, options] of LOOKS) {
  test(`looks right and is accessible: ${name}`, async () => {
    await show("gina", "/access/view-as", options);
    await page.getByRole("combobox", { name: "Person to view as" }).waitFor();
    await assertAccessible(page);
    await visit(page, demo.url, "/access/view-as/olga");
    await personView().getByLabel("Search").waitFor();
    await assertAccessible(page);
    await photograph(page, `${name}-view-as`);
    await personView().getByLabel("Search").fill("helper");
    await openAssistant("helper");
    await right("assistant.edit").waitFor();
    await assertAccessible(page);
    await photograph(page, `${name}-view-as-assistant`);
    await personView()
      .getByRole("tab", { name: /^Teams/ })
      .click();
    await personView().getByRole("heading", { name: "Support" }).waitFor();
    await assertAccessible(page);
    await photograph(page, `${name}-view-as-teams`);
  });
}
