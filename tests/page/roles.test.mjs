// Roles and plan: what each role grants; custom roles defined, changed and deleted; role sets; and what the plan withholds.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { enter, setPlan } from "../edge/demonstration.mjs";
import {
  arrive,
  assertAccessible,
  assertAttribute,
  assertCount,
  assertDenied,
  assertMenuDenied,
  assertText,
  LOOKS,
  openWindow,
  photograph,
  said,
  visit,
} from "./browser.mjs";
import { browser, demo, open, page, setUp } from "./window.mjs";

setUp();

async function show(person, path = "/settings/roles", options) {
  await open(options);
  await arrive(page, demo.url, person, path);
}

const column = (id) => page.locator(`.role-grid th[data-role="${id}"]`);
/** The text in the cell of a capability and a role. */
async function cell(capability, role) {
  const index = await column(role).evaluate((head) => [...head.parentElement.children].indexOf(head));
  return page.locator(`.role-grid tr[data-capability="${capability}"] > :nth-child(${index + 1}) .unseen`).innerText();
}
const tick = (capability) => page.locator(`[role=dialog] [data-capability="${capability}"] input`);

async function chooseFor(role, action) {
  await openMenu(role);
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

async function openMenu(role) {
  await page.getByRole("button", { name: `Actions for ${role}`, exact: true }).click();
  await page.getByRole("menu").waitFor();
}

describe("the grid", () => {
  test("says what each role grants, and what no role of its level can", async () => {
    await show("gina");
    await column("global_admin").waitFor();
    assert.equal(await cell("role.define", "global_admin"), "yes");
    assert.equal(await cell("role.define", "application_admin"), "no");
    assert.equal(await cell("user.invite", "application_admin"), "yes");
    assert.equal(await cell("user.invite", "owner"), "not possible");
    assert.equal(await cell("team.edit", "owner"), "yes");
    assert.equal(await cell("assistant.chat", "viewer"), "yes");
    assert.equal(await cell("assistant.edit", "editor"), "yes");
    assert.equal(await cell("assistant.share", "editor"), "no");
    assert.equal(await cell("conversations.view", "agent_user"), "yes");
    assert.equal(await cell("assistant.view", "user"), "no");
  });

  test("marks what the plan withholds", async () => {
    await show("gina");
    const row = page.locator('.role-grid tr[data-capability="actions.manage"]');
    await row.getByText("Not in the plan", { exact: true }).waitFor();
    assert.match(await cell("actions.manage", "owner"), /yes, but not in the plan/);
  });

  test("can be narrowed to the roles of one level", async () => {
    await show("gina");
    await page.getByLabel("Roles shown").selectOption("assistant");
    assert.equal(await column("global_admin").count(), 0);
    await assertCount(column("agent_admin"), 1);
    assert.equal(await page.locator('.role-grid tr[data-capability="user.invite"]').count(), 0);
  });

  test("says who holds a role, and where", async () => {
    await show("gina");
    await page.getByRole("button", { name: /^\d+ (people|person): Coach$/ }).click();
    const dialog = page.getByRole("dialog");
    const coach = demo.facts.teams.flatMap(({ name, members = [] }) =>
      members.filter(({ role }) => role === "coach").map(({ user }) => ({ name, user })),
    )[0];
    await dialog.getByText(`${coach.user}@acme.example`).first().waitFor();
    await dialog.getByText(coach.name).first().waitFor();
    await assertAccessible(page);
  });
});

describe("custom roles", () => {
  test("are defined, given only what fits, changed and deleted", async () => {
    await show("gina");
    await page.getByRole("button", { name: "New role" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("Agent lead");
    assert.equal(await dialog.getByText("agent_lead").innerText(), "agent_lead");
    await dialog.getByRole("radio", { name: "Team" }).check();
    assert.equal(await tick("user.invite").count(), 0);
    await tick("team.view").check();
    await dialog.getByRole("radio", { name: "Assistant" }).check();
    assert.equal(await tick("team.view").count(), 0);
    await assertAttribute(dialog.getByRole("button", { name: "Define" }), "aria-disabled", "true");
    await tick("assistant.view").check();
    await tick("evaluation.run").check();
    await dialog.getByRole("button", { name: "Define" }).click();
    await said(page, /Agent lead is defined/);
    await column("agent_lead").waitFor();
    assert.equal(await cell("evaluation.run", "agent_lead"), "yes");

    await chooseFor("Agent lead", "Edit");
    await tick("evaluation.run").uncheck();
    await tick("assistant.chat").check();
    await page.getByRole("dialog").getByText("Gains: Chat.").waitFor();
    await page.getByRole("dialog").getByText("Loses: Evaluation.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await said(page, /grants 2 capabilities now/);
    await page.locator('.role-grid tr[data-capability="evaluation.run"]').waitFor();
    await waitForCell("evaluation.run", "agent_lead", "no");

    await chooseFor("Agent lead", "Delete");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await said(page, /Agent lead is deleted/);
    await column("agent_lead").waitFor({ state: "detached" });
  });

  test("cannot take a name that is taken", async () => {
    await show("gina");
    await page.getByRole("button", { name: "New role" }).click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Editor");
    await page.getByRole("dialog").getByText("There is already a role with this name.").first().waitFor();
    await assertAttribute(page.getByRole("dialog").getByRole("button", { name: "Define" }), "aria-disabled", "true");
  });

  test("cannot be deleted while somebody holds them", async () => {
    await show("gina");
    await openMenu("Agent user");
    await assertMenuDenied(page, /^Delete/, /Held by /);
    await page.keyboard.press("Escape");
    const gina = await enter(demo, "gina");
    const response = await gina.command({ type: "delete_role", role: "agent_user" });
    assert.equal((await response.json()).code, "in_use");
  });

  test("are not for an application admin to define, by button or by request", async () => {
    await show("abe");
    await assertDenied(page.getByRole("button", { name: "New role" }), /None of your roles grants it.*gina@acme\.example/);
    const abe = await enter(demo, "abe");
    const response = await abe.command({ type: "define_role", id: "mine", on: "assistant", grants: ["assistant.view"] });
    assert.equal(response.status, 403);
  });

  test("grant no more than the own role of whoever defines them", async () => {
    const gina = await enter(demo, "gina");
    await gina.does({ type: "define_role", id: "role_keeper", on: "organization", grants: ["role.define", "assistant.view"] });
    await gina.does({ type: "assign_role", user: "una", role: "role_keeper" });
    await show("una");
    await page.getByRole("button", { name: "New role" }).click();
    await assertDenied(tick("assistant.edit"), /Your own role does not grant this/);
    await tick("assistant.edit").click({ force: true });
    assert.equal(await tick("assistant.edit").isChecked(), false);
    await assertAttribute(tick("assistant.view"), "aria-disabled", null);
    const una = await enter(demo, "una");
    const response = await una.command({ type: "define_role", id: "mine", on: "assistant", grants: ["assistant.edit"] });
    assert.equal((await response.json()).code, "beyond_own_role");
    await gina.does({ type: "assign_role", user: "una", role: "user" });
    await gina.does({ type: "delete_role", role: "role_keeper" });
  });

  test("are shown to a user as far as they concern them", async () => {
    await show("una");
    await page.getByText("the custom roles that concern you").waitFor();
    assert.equal(await column("coach").count(), 0);
    assert.equal(await cell("team.edit", "owner"), "yes");
    await assertDenied(page.getByRole("button", { name: "New role" }), /global admin/);
  });
});

describe("role sets", () => {
  test("say what they add, and add what is missing", async () => {
    const gina = await enter(demo, "gina");
    for (const { assistant, user } of holdingsOf("agent_admin"))
      await gina.does({ type: "revoke_grant", assistant, user, role: "agent_admin" });
    await gina.does({ type: "delete_role", role: "agent_admin" });
    await show("gina", "/settings/roles/sets");
    const set = page.locator('[data-set="assigned_agents"]');
    await set.locator('[data-role="agent_admin"]').getByText("Will be added").waitFor();
    await set.locator('[data-role="agent_user"]').getByText("Exists").waitFor();
    await set.getByRole("button", { name: "Add 1 role" }).click();
    await said(page, /Added: Agent admin/);
    // The authority adds exactly the roles that the page shows.
    await set.locator('[data-role="agent_admin"]').getByText("Exists").waitFor();
    await assertDenied(set.getByRole("button", { name: "Apply" }), /exist already/);
  });

  test("are not applied over another role of the name", async () => {
    const gina = await enter(demo, "gina");
    await gina.does({ type: "define_role", id: "agent_admin", on: "assistant", grants: ["assistant.view"] });
    await show("gina", "/settings/roles/sets");
    const set = page.locator('[data-set="assigned_agents"]');
    await set.getByText("Differs").waitFor();
    await assertDenied(set.getByRole("button", { name: "Apply" }), /Agent admin: a custom role/);
    await gina.does({ type: "delete_role", role: "agent_admin" });
    await set.getByRole("button", { name: "Add 1 role" }).waitFor();
    await gina.does({ type: "apply_role_set", set: "assigned_agents" });
    await assertDeniedSoon(set.getByRole("button", { name: "Apply" }), /exist already/);
  });

  test("are not for an application admin", async () => {
    await show("abe", "/settings/roles/sets");
    await assertDenied(page.locator('[data-set="assigned_agents"]').getByRole("button"), /None of your roles grants it/);
    const abe = await enter(demo, "abe");
    assert.equal((await abe.command({ type: "apply_role_set", set: "assigned_agents" })).status, 403);
  });
});

describe("the plan", () => {
  const plan = (body) => setPlan(demo, body);

  test("is read as what is included and what is not, by everybody, and changed by nobody here", async () => {
    for (const person of ["gina", "abe", "una"]) {
      await show(person, "/settings/roles/plan");
      const region = page.getByRole("region", { name: "Plan", exact: true });
      await region.getByRole("heading", { name: "pro" }).waitFor();
      await assertText(region.getByRole("region", { name: "Included", exact: true }), /Invite people/);
      const left = region.getByRole("region", { name: "Not included in your plan" });
      await assertText(left, /^Not included in your plan\s+Assistants\s+Actions/);
      assert.ok(!(await region.getByRole("region", { name: "Included", exact: true }).innerText()).includes("Actions"));
      assert.equal((await region.getByRole("button").count()) + (await region.getByRole("checkbox").count()), 0);
    }
  });

  test("withholds from everybody once the operator sets it, also while they look", async () => {
    const other = await openWindow(browser);
    await arrive(other.page, demo.url, "abe", "/settings/team");
    await show("gina", "/settings/roles/plan");
    const left = page.getByRole("region", { name: "Not included in your plan" });
    await plan({ name: "basic", withholds: ["user.invite", "settings.manage"] });
    await left.getByText("Invite people, Settings").waitFor();
    const add = other.page.getByRole("button", { name: "Add user" });
    await other.page.locator('button[aria-disabled="true"]', { hasText: "Add user" }).waitFor();
    await assertDenied(add, /plan \(basic\) does not include it\. The operator of the service can change the plan/);

    await plan({ withholds: [] });
    await page.getByText("Everything is included").waitFor();
    await left.waitFor({ state: "detached" });
    await other.page.locator("button:not([aria-disabled])", { hasText: "Add user" }).waitFor();
    await plan({ name: "pro", withholds: ["actions.manage"] });
    await other.close();
  });

  test("is nobody's to change by request either", async () => {
    for (const person of ["gina", "una"])
      assert.equal((await (await enter(demo, person)).command({ type: "set_plan", withholds: [] })).status, 403);
  });
});

for (const [name, options] of LOOKS) {
  test(`looks right and is accessible: ${name}`, async () => {
    await show("gina", "/settings/roles", options);
    await column("agent_user").waitFor();
    await assertAccessible(page);
    await photograph(page, `${name}-roles`);
    for (const tab of ["sets", "plan"]) {
      await visit(page, demo.url, `/settings/roles/${tab}`);
      await page.locator("section.card").first().waitFor();
      await assertAccessible(page);
      await photograph(page, `${name}-roles-${tab}`);
    }
    await page.getByRole("button", { name: "New role" }).click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Agent lead");
    await tick("assistant.view").check();
    await assertAccessible(page);
    await photograph(page, `${name}-roles-new`);
  });
}

function holdingsOf(role) {
  return demo.facts.assistants.flatMap(({ id, grants = [] }) =>
    grants.filter((grant) => grant.role === role).map(({ user }) => ({ assistant: id, user })),
  );
}

async function waitForCell(capability, role, says) {
  const index = await column(role).evaluate((head) => [...head.parentElement.children].indexOf(head));
  await page
    .locator(`.role-grid tr[data-capability="${capability}"] > :nth-child(${index + 1}) .unseen`)
    .filter({ hasText: new RegExp(`^${says}$`) })
    .waitFor({ state: "attached" });
}

async function assertDeniedSoon(button, why) {
  await button.waitFor();
  await assertDenied(button, why);
}
