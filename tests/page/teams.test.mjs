// Teams and projects: every action on them by clicking, as somebody who may do it and as somebody who may not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "../lib/until.mjs";
import {
  arrive,
  assertAccessible,
  assertAttribute,
  assertCount,
  assertDenied,
  assertMenuDenied,
  LOOKS,
  openRowMenu,
  openWindow,
  photograph,
  rowMenu,
  said,
  visit,
} from "./browser.mjs";
import { PeopleWindows } from "./people-windows.mjs";
import { browser, demo, setUp } from "./window.mjs";

let people;
setUp({
  prepare() {
    people = new PeopleWindows(browser, demo.url);
  },
  finish: () => people?.close(),
});

const row = (page, id) => page.locator(`tr[data-row="${id}"]`);
const rowOf = (page, name) => page.locator("tbody tr").filter({ has: page.getByRole("rowheader", { name }) });
const dialog = (page) => page.getByRole("dialog").or(page.getByRole("alertdialog"));
const button = (page, name) => page.getByRole("button", { name, exact: true });
const submit = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();
const heading = (page, name, level = 1) => page.getByRole("heading", { level, name, exact: true });
const typeName = (page, name) => dialog(page).getByRole("textbox", { name: "Name" }).fill(name);

/** A new team, created by abe, with olga as owner, wes as viewer, and a project, for one test only. */
let made = 0;
async function make() {
  made += 1;
  const name = `Night shift ${made}`;
  const { team: id } = await people.command("abe", { type: "create_team", name });
  await people.command("abe", { type: "add_member", team: id, user: "olga", role: "owner" });
  await people.command("abe", { type: "add_member", team: id, user: "wes", role: "viewer" });
  const { project } = await people.command("abe", { type: "create_project", team: id, name: `Watch ${made}` });
  return { id, name, project, path: `/teams/${id}` };
}

async function choose(page, label, person) {
  await page.getByRole("combobox", { name: label }).fill(person);
  await page
    .getByRole("option", { name: new RegExp(person) })
    .first()
    .click();
}

describe("teams", () => {
  test("are listed to those who may see them", async () => {
    const admin = await people.open("gina", "/teams");
    await row(admin, "support").waitFor();
    await assertCount(admin.locator("tbody tr"), demo.facts.teams.length);
    const page = await people.open("una", "/teams");
    await row(page, "sales").getByText("Viewer", { exact: true }).filter({ visible: true }).first().waitFor();
    assert.equal(await row(page, "support").getByText("Viewer").count(), 0);
    const newcomer = await people.open("otto", "/teams");
    assert.equal(await row(newcomer, "sales").count(), 0);
  });

  test("are created by an application admin, who can then add people", async () => {
    const page = await people.open("abe", "/teams");
    await button(page, "New team").click();
    await typeName(page, "Day shift");
    await photograph(page, "team-new");
    await assertAccessible(page);
    await submit(page, "Create");
    await heading(page, "Day shift").waitFor();
    await said(page, /The team Day shift is created/);
    await page.getByText("Nobody has been added yet.").waitFor();
    await assertAttribute(button(page, "Add member"), "aria-disabled", null);
  });

  test("not by a user: neither by the button nor by request", async () => {
    const page = await people.open("vic", "/teams");
    await assertDenied(
      button(page, "New team"),
      /None of your roles grants it\. An application admin or a global admin can do this/,
    );
    await people.assertRefused("vic", { type: "create_team", name: "Mine" }, "not_allowed");
  });

  test("are renamed by an owner, and everybody in it sees it at once", async () => {
    const { id, path, name } = await make();
    const elsewhere = await people.open("wes", path);
    const page = await people.open("olga", path);
    await button(page, "Rename").click();
    await dialog(page).getByText("This is already its name.").waitFor();
    await typeName(page, `${name} of the north`);
    await submit(page, "Rename");
    await said(page, /is now called/);
    await heading(elsewhere, `${name} of the north`).waitFor();
    await assertDenied(button(elsewhere, "Rename"), /None of your roles grants it\. An owner of its team/);
    await people.assertRefused("wes", { type: "edit_team", team: id, name: "Mine" }, "not_allowed");
  });

  test("are deleted with what is in them, after it is named", async () => {
    const { id, name, path, project } = await make();
    await people.command("abe", { type: "create_assistant", project, name: "Lantern", accessibility: "only_team" });
    const elsewhere = await people.open("wes", path);
    await assertDenied(button(elsewhere, "Delete"), /None of your roles grants it/);
    await people.assertRefused("wes", { type: "delete_team", team: id, cascade: true }, "not_allowed");
    const page = await people.open("olga", path);
    await button(page, "Delete").click();
    await dialog(page)
      .getByText(/^1 project: Watch/)
      .waitFor();
    await dialog(page)
      .getByText(/^1 assistant with its roles.*: Lantern$/)
      .waitFor();
    await photograph(page, "team-delete");
    await assertAccessible(page);
    await submit(page, "Delete everything");
    await heading(page, "Teams").waitFor();
    await said(page, new RegExp(`${name} is deleted`));
    await elsewhere.getByText("This team does not exist, or you can’t see it.").waitFor();
  });

  test("stay where somebody's Only Me assistant is in them, and it is said without telling which", async () => {
    const { id, project } = await make();
    await people.command("wes", { type: "create_assistant", project, name: "Diary", accessibility: "only_me" });
    const page = await people.open("olga", "/teams");
    await rowMenu(page, id, "Delete");
    await submit(page, "Delete everything");
    await dialog(page).getByText("You can’t delete everything in it").waitFor();
    assert.ok(!(await dialog(page).innerText()).includes("Diary"));
    await submit(page, "Keep");
    await row(page, id).waitFor();

    const admin = await people.open("gina", "/teams");
    await rowMenu(admin, id, "Delete");
    await dialog(admin).getByText(/Diary/).waitFor();
    await submit(admin, "Delete everything");
    await row(admin, id).waitFor({ state: "detached" });
  });

  test("that are not open to somebody are not there by address either", async () => {
    const page = await people.open("otto", "/teams/support");
    await page.getByText("This team does not exist, or you can’t see it.").waitFor();
  });
});

describe("members", () => {
  test("are added by an administrator, changed and removed; the person sees it at once", async () => {
    const { id, path, name } = await make();
    const theirs = await people.open("una", "/teams");
    const page = await people.open("abe", path);
    await button(page, "Add member").click();
    await choose(page, "Person", "una");
    await page.getByLabel("Expires").selectOption("In 7 days");
    await photograph(page, "team-add");
    await assertAccessible(page);
    await submit(page, "Add");
    await said(page, new RegExp(`una.* is now Viewer in ${name}`));
    await row(page, "una viewer").locator("time").waitFor();
    await row(theirs, id).waitFor();

    await rowMenu(page, "una viewer", "Change role or expiry");
    await dialog(page).getByText("Nothing has been changed.").waitFor();
    await page.getByLabel("Owner", { exact: true }).check();
    await page.getByLabel("Expires", { exact: true }).selectOption("Never");
    await submit(page, "Save");
    await row(page, "una owner").getByText("Never", { exact: true }).waitFor();
    await row(theirs, id).getByText("Owner", { exact: true }).filter({ visible: true }).first().waitFor();

    await rowMenu(page, "una owner", "Remove from the team");
    await dialog(page).getByText("They immediately lose the access that the team gives them.").waitFor();
    await photograph(page, "team-remove");
    await submit(page, "Remove");
    await row(page, "una owner").waitFor({ state: "detached" });
    await row(theirs, id).waitFor({ state: "detached" });
  });

  test("keep their end unless it is changed; what has ended wants a choice", async () => {
    const { id, path } = await make();
    const ends = Math.floor(Date.now() / 1000) + 3 * 86_400;
    const ended = Math.floor(Date.now() / 1000) + 2;
    await people.command("abe", { type: "add_member", team: id, user: "una", role: "viewer", expires: ends });
    await people.command("abe", { type: "add_member", team: id, user: "vic", role: "viewer", expires: ended });
    const page = await people.open("abe", path);
    const effects = page.getByRole("region", { name: "Who gains or loses access" });
    const expires = dialog(page).getByLabel("Expires", { exact: true });

    await rowMenu(page, "una viewer", "Change role or expiry");
    await dialog(page)
      .getByText(/Present role of una.*: Viewer until .*\./)
      .waitFor();
    await page.getByLabel("Owner", { exact: true }).check();
    await effects.getByText(/Viewer until .*Owner until /).waitFor();
    await submit(page, "Save");
    await row(page, "una owner").locator("time").waitFor();
    await rowMenu(page, "una owner", "Change role or expiry");
    await expires.selectOption("Never");
    await effects.getByText(/Owner until .*Owner without expiry/).waitFor();
    assert.equal(await effects.getByText("Nobody gains or loses anything").count(), 0);
    await photograph(page, "team-end");
    await assertAccessible(page);
    await submit(page, "Save");
    await row(page, "una owner").getByText("Never", { exact: true }).waitFor();

    await until(() => Date.now() / 1000 > ended, "vic's membership has ended");
    await visit(page, demo.url, path);
    await rowMenu(page, "vic viewer", "Change role or expiry");
    await dialog(page).getByText("Choose when it expires.").first().waitFor();
    assert.equal(await expires.inputValue(), "");
    await button(dialog(page), "Cancel").click();
    await button(page, "Add member").click();
    await choose(page, "Person", "vic");
    await dialog(page)
      .getByText(/vic.* was Viewer until .* That role has expired/)
      .waitFor();
    assert.equal(await expires.inputValue(), "");
    await expires.selectOption("In 7 days");
    await effects.getByText(/Viewer until .*Viewer until /).waitFor();
    await submit(page, "Add");
    await said(page, /vic.* is now Viewer/);
  });

  test("are added by an owner by id, the list of people not being theirs to see", async () => {
    const { path } = await make();
    const page = await people.open("olga", path);
    await row(page, "wes viewer").waitFor();
    await button(page, "Add member").click();
    await dialog(page).getByRole("combobox", { name: "Person" }).fill("wes");
    await submit(page, "Add");
    await dialog(page).getByText("They are already in this team. Change their role instead.").waitFor();
    await dialog(page).getByRole("combobox", { name: "Person" }).fill("vic");
    await submit(page, "Add");
    await row(page, "vic viewer").waitFor();
  });

  test("before they are removed it is shown what they lose, where the authority tells it", async () => {
    const { path } = await make();
    const page = await people.open("olga", path);
    await page.route("**/v1/preview", (route) =>
      route.fulfill({
        json: {
          changes: [{ user: "wes", gained: [], lost: ["team.view", "project.create"] }],
          others: 0,
          visitors: { gained: [], lost: [] },
        },
      }),
    );
    await rowMenu(page, "wes viewer", "Remove from the team");
    await page
      .getByRole("region", { name: "Who gains or loses access" })
      .getByText("Lose View the team, Create projects")
      .waitFor();
    await submit(page, "Keep");
    await page.unroute("**/v1/preview");
  });

  test("are not a viewer's to manage, or to see", async () => {
    const { id, path } = await make();
    const page = await people.open("wes", path);
    await row(page, "wes viewer").waitFor();
    await assertCount(page.locator("tbody tr"), 1);
    await page.getByText("People who manage the members see all of them.").waitFor();
    await assertDenied(button(page, "Add member"), /None of your roles grants it\. An owner of its team/);
    await openRowMenu(page, "wes viewer");
    await assertMenuDenied(page, "Change role or expiry", /None of your roles grants it/);
    await people.assertRefused("wes", { type: "add_member", team: id, user: "una", role: "viewer" }, "not_allowed");
    await people.assertRefused("wes", { type: "set_member_role", team: id, user: "wes", role: "owner" }, "not_allowed");
    await people.assertRefused("wes", { type: "remove_member", team: id, user: "olga" }, "not_allowed");
  });
});

describe("projects", () => {
  test("are created by a member, renamed and deleted by an owner", async () => {
    const { path } = await make();
    const page = await people.open("wes", `${path}/projects`);
    await button(page, "New project").click();
    await typeName(page, "Dawn");
    await submit(page, "Create");
    await said(page, /The project Dawn is created/);
    await rowOf(page, /Dawn/).waitFor();

    const owner = await people.open("olga", `${path}/projects`);
    const id = await rowOf(owner, /Dawn/).getAttribute("data-row");
    await rowMenu(owner, id, "Rename");
    await typeName(owner, "Dusk");
    await submit(owner, "Rename");
    await rowOf(page, /Dusk/).waitFor();

    const { assistant } = await people.command("wes", {
      type: "create_assistant",
      project: id,
      name: "Owl",
      accessibility: "public",
    });
    await row(owner, id).getByRole("link", { name: "Owl" }).waitFor();
    await rowMenu(owner, id, "Delete");
    await dialog(owner)
      .getByText(/^1 assistant .*: Owl$/)
      .waitFor();
    await photograph(owner, "project-delete");
    await submit(owner, "Delete everything");
    await rowOf(page, /Dusk/).waitFor({ state: "detached" });
    await people.assertRefused("wes", { type: "edit_assistant", assistant, name: "Owl" }, "not_allowed");
  });

  test("that others created are not a viewer's to change", async () => {
    const { id, path, project } = await make();
    const page = await people.open("wes", `${path}/projects`);
    await openRowMenu(page, project);
    for (const action of ["Rename", "Delete"]) await assertMenuDenied(page, action, /None of your roles grants it/);
    await people.assertRefused("wes", { type: "edit_project", project, name: "Mine" }, "not_allowed");
    await people.assertRefused("wes", { type: "delete_project", project, cascade: true }, "not_allowed");
    await people.assertRefused("una", { type: "create_project", team: id, name: "Mine" }, "not_allowed");
  });
});

describe("how it looks", () => {
  for (const [look, options] of LOOKS) {
    test(look, async () => {
      const window = await openWindow(browser, options);
      const { page } = window;
      await arrive(page, demo.url, "gina", "/teams");
      await row(page, "support").waitFor();
      await photograph(page, `${look}-teams`);
      await assertAccessible(page);
      for (const [tab, ready] of [
        ["", row(page, "ben owner")],
        ["/projects", row(page, "customer-care-orders")],
        ["/rights", heading(page, "What you may do here", 2)],
      ]) {
        await visit(page, demo.url, `/teams/customer-care${tab}`);
        await ready.waitFor();
        await photograph(page, `${look}-team${tab.replace("/", "-")}`);
        await assertAccessible(page);
      }
      await window.close();
    });
  }
});
