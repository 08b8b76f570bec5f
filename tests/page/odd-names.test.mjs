// Ids such as `constructor`, which every JavaScript object has as a property: each page of the console shows them like any other id.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { enter } from "../edge/demonstration.mjs";
import { arrive, assertText, chooseAtProvider, rowMenu, said, visit } from "./browser.mjs";
import { read } from "./requests.mjs";
import { demo, open, page, setUp, window } from "./window.mjs";

const ODD = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
const ON = ["organization", "team", "assistant", "organization", "organization"];
const GRANTS = { organization: "user.invite", team: "team.view", assistant: "assistant.view" };
const later = Math.floor(Date.now() / 1000) + 86_400;

let gina;
setUp({
  async prepare() {
    gina = await enter(demo, "gina");
    for (const [index, id] of ODD.entries()) {
      await gina.does({ type: "define_role", id, on: ON[index], grants: [GRANTS[ON[index]]] });
    }
    for (const [index, id] of ODD.entries()) {
      await gina.does({ type: "invite_user", id, email: `odd${index}@acme.example`, role: index % 2 === 0 ? "__proto__" : "user" });
      await gina.does({ type: "create_team", id, name: `Team ${id}` });
      await gina.does({ type: "add_member", team: id, user: id, role: index % 2 === 0 ? "constructor" : "viewer", expires: later });
      await gina.does({ type: "create_project", id, team: id, name: `Project ${id}` });
      await gina.does({ type: "create_assistant", id, project: id, name: `Assistant ${id}`, accessibility: "public" });
      await gina.does({ type: "grant", assistant: id, user: id, role: "toString" });
      await gina.does({ type: "create_link", assistant: id, id, level: "view" });
    }
    await gina.does({ type: "assign_role", user: "nadia", role: "hasOwnProperty" });
    await gina.does({ type: "assign_role", user: "hugo", role: "__proto__" });
    await gina.does({ type: "complete_review" });
  },
});
beforeEach(() => open());

const show = (path) => arrive(page, demo.url, "gina", path);
const row = (key) => page.locator(`tr[data-row="${key}"]`);

describe("ids that objects have as properties", () => {
  test("are people of Settings → Team, with their roles, and invitations", async () => {
    await show("/settings/team");
    await page.getByLabel("Find a person").fill("odd");
    await page.getByText(/^5 of \d+$/).waitFor();
    for (const [index, id] of ODD.entries())
      await assertText(row(id), new RegExp(`odd${index}@acme\\.example[^]*Invited[^]*Team ${id}`));
    await page.getByLabel("Find a person").fill("");
    await page.getByLabel("Role").selectOption({ value: "__proto__" });
    await row("hugo").waitFor();
    await assertText(row("hugo"), /proto/);
    await page.getByRole("tab", { name: /^Pending invitations/ }).click();
    for (const id of ODD) await row(id).waitFor();
    await rowMenu(page, "__proto__", "Send again");
    await said(page, "The invitation of odd0@acme.example was sent again.");
  });

  test("are in the audit log, which opens with all that was done about them", async () => {
    await show("/access/audit");
    await page.getByLabel("Find", { exact: true }).fill("valueOf");
    await page
      .getByText(/created the team Team valueOf/)
      .first()
      .waitFor();
    await page.getByLabel("Find", { exact: true }).fill("odd0");
    await page
      .getByText(/invited odd0@acme\.example as/)
      .first()
      .waitFor();
    await page.getByLabel("Find", { exact: true }).fill("nadia");
    await page
      .getByText(/made nadia@acme\.example HasOwnProperty, previously User/)
      .first()
      .waitFor();
  });

  test("are in the review", async () => {
    await show("/access/review/inactive");
    await page.getByLabel("Search these").fill("odd");
    for (const id of ODD) await assertText(row(id), /Invited/);
    await visit(page, demo.url, "/access/review/unused");
    await page.getByLabel("Search these").fill("odd0");
    await assertText(row("team __proto__ __proto__ constructor"), /Team __proto__/);
    await visit(page, demo.url, "/access/review/admins");
    await page.getByLabel("Search these").fill("nadia");
    await assertText(row("nadia"), /HasOwnProperty/);
  });

  test("are roles of the grid, and can be given", async () => {
    await show("/settings/roles");
    for (const id of ODD) await page.locator(`.role-grid th[data-role="${id}"]`).waitFor();
    await show("/settings/team");
    await page.getByLabel("Find a person").fill("hugo");
    await rowMenu(page, "hugo", "Change role");
    await page.getByRole("dialog").getByRole("radio", { name: "ValueOf" }).check();
    await page.getByRole("dialog").getByRole("button", { name: "Change role" }).click();
    await said(page, "hugo@acme.example is now ValueOf.");
  });

  test("are teams and assistants with pages of their own", async () => {
    for (const id of ODD) {
      await show(`/teams/${id}`);
      await page.getByRole("heading", { name: `Team ${id}` }).waitFor();
      await visit(page, demo.url, `/assistants/${id}/access`);
      await page.getByRole("heading", { name: `Assistant ${id}` }).waitFor();
      await assertText(page.locator("main"), /ToString/);
    }
  });

  test("are rows and columns of the matrix", async () => {
    await show("/access/matrix");
    await page.getByLabel("Of the team").selectOption("__proto__");
    await page.getByLabel("Find people").fill("odd0");
    await page.locator('.matrix-row[data-person="__proto__"]').waitFor();
    await page.locator('[role=columnheader][data-assistant="__proto__"]').waitFor();
  });

  test("can be viewed as", async () => {
    for (const id of ["nadia", ...ODD]) {
      await show(`/access/view-as/${id}`);
      await page.getByRole("region", { name: /^Console of / }).waitFor();
    }
  });

  test("are in what the inspector shows", async () => {
    const token = await (await gina.get("/v1/workspace")).text();
    await visit(page, demo.url, "/inspector");
    await page.getByLabel("Token, or payload", { exact: true }).fill(token);
    await page.getByText("__proto__").first().waitFor();
    await page
      .getByLabel("Token, or payload", { exact: true })
      .fill(
        `${Buffer.from('{"typ":"constructor","alg":"toString"}').toString("base64url")}.${Buffer.from('{"__proto__":1,"scope":"constructor","toString":2,"organization":{"id":"acme","users":[]}}').toString("base64url")}.x`,
      );
    await page.locator('[data-claim="toString"]').waitFor();
  });

  test("take over from somebody who is removed, and are taken over", async () => {
    await gina.does({ type: "transfer_assistant", assistant: "__proto__", user: "ben" });
    await gina.does({ type: "transfer_assistant", assistant: "constructor", user: "ben" });
    await show("/settings/team");
    await rowMenu(page, "ben", "Remove");
    const confirm = page.getByRole("alertdialog");
    await confirm.getByRole("combobox", { name: "New owner" }).fill("olga");
    await page.getByRole("option", { name: /olga/ }).click();
    await confirm.getByRole("checkbox", { name: "Choose for each assistant" }).check();
    await confirm.getByRole("combobox", { name: "Assistant __proto__" }).selectOption({ label: "wes@acme.example" });
    await confirm.getByRole("button", { name: "Remove ben@acme.example" }).click();
    await said(page, "ben@acme.example is removed. Their assistants have new owners.");
    const { assistants } = (await read(window.context, demo.url, "/v1/workspace")).organization;
    const owner = (id) => assistants.find((assistant) => assistant.id === id).owner;
    assert.deepEqual([owner("__proto__"), owner("constructor")], ["wes", "olga"]);
  });
});

test("a code of that kind in the address refuses a sign-in in words", async () => {
  await visit(page, demo.url, "/?refused=constructor");
  await page.getByText(/You could not be signed in/).waitFor();
  await page.getByRole("link", { name: "Sign in" }).click();
  await chooseAtProvider(page, "wes");
});
