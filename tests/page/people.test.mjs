// Settings → Team, on the running demonstration: each action on people, by somebody who may do it and by somebody who may not.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, test } from "node:test";
import { eventually, until } from "../lib/until.mjs";
import {
  arrive,
  assertAccessible,
  assertDenied,
  assertMenuDenied,
  focused,
  LOOKS,
  openRowMenu,
  openWindow,
  photograph,
  rowMenu,
  said,
  visit,
} from "./browser.mjs";
import { assertRefused, command, read } from "./requests.mjs";
import { browser, demo, open, page, setUp, window } from "./window.mjs";

setUp({ prepare });
beforeEach(() => open());

/** Gives lena a role that sees the people and may not change them. */
async function prepare() {
  await open();
  await arrive(page, demo.url, "gina");
  for (const what of [
    { type: "define_role", id: "clerk", on: "organization", grants: ["panel.user_settings"] },
    { type: "assign_role", user: "lena", role: "clerk" },
  ])
    await command(window.context, demo.url, what);
  await window.close();
}

async function show(person, path = "/settings/team") {
  await arrive(page, demo.url, person, path);
}

const refused = (what, code) => assertRefused(window.context, demo.url, what, code);
const organization = async () => (await read(window.context, demo.url, "/v1/directory")).organization;

const person = (id) => page.locator(`tr[data-row="${id}"]`);
const listed = async () => (await page.locator("tr[data-row]").evaluateAll((rows) => rows.map((row) => row.dataset.row))).sort();
const dialog = () => page.getByRole("dialog");

describe("adding", () => {
  test("a user with a team and assistants: the mail goes out, and all of it is theirs", async () => {
    await show("gina");
    await page.getByRole("button", { name: "Add user" }).click();
    await dialog().getByLabel("E-mail address").fill("Nina@acme.example");
    await dialog().getByRole("radio", { name: "Application admin" }).check();
    await dialog().getByLabel("Team (optional)").selectOption({ label: "Support" });
    await dialog().getByLabel("Role in the team").selectOption({ label: "Viewer" });
    await dialog().getByLabel("Find an assistant").fill("support helper");
    await dialog()
      .getByRole("checkbox", { name: /^helper/ })
      .check();
    await dialog().getByLabel("Role on these assistants").selectOption({ label: "Editor" });
    await dialog().getByRole("button", { name: "Invite", exact: true }).click();
    await said(page, "Nina@acme.example is invited. The e-mail is on its way.");
    await dialog().waitFor({ state: "detached" });
    assert.match((await demo.mail.waitForMail("nina@acme.example")).links[0], /\/invitation#wi_/);
    const { users, teams } = await organization();
    const { id, role, status } = users.find(({ email }) => email === "nina@acme.example");
    assert.deepEqual([role, status], ["application_admin", "invited"]);
    assert.equal(teams.find((team) => team.id === "support").members.find(({ user }) => user === id).role, "viewer");
    const { events } = await read(window.context, demo.url, "/v1/audit?limit=1000");
    assert.deepEqual(events.map(({ text }) => JSON.parse(text).command).at(-1), {
      type: "grant",
      assistant: "helper",
      user: id,
      role: "editor",
    });
    await person(id).getByText("Support").waitFor();
  });

  test("an application admin gives no role beyond their own", async () => {
    await show("cora");
    await page.getByRole("button", { name: "Add user" }).click();
    await dialog().waitFor();
    assert.deepEqual(
      await dialog()
        .getByRole("radio")
        .evaluateAll((radios) => radios.map(({ labels }) => labels[0].textContent)),
      ["Application admin", "User", "Clerk"],
    );
    await refused({ type: "invite_user", email: "boss@acme.example", role: "global_admin" }, "beyond_own_role");
  });

  test("what is refused stays in the window, with what was entered", async () => {
    await show("gina");
    await page.getByRole("button", { name: "Add user" }).click();
    await dialog().getByLabel("E-mail address").fill("ben@acme.example");
    await page.keyboard.press("Enter");
    await dialog().getByRole("alert").getByText("This e-mail address already belongs to somebody").waitFor();
    assert.equal(await dialog().getByLabel("E-mail address").inputValue(), "ben@acme.example");
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await focused(page.getByRole("button", { name: "Add user" }));
  });

  test("a pasted list: a word on each line before, and the result of each after", async () => {
    await show("gina");
    await page.getByRole("button", { name: "Add several" }).click();
    await dialog()
      .getByLabel("People, one to a line")
      .fill(
        [
          "pia@acme.example",
          "Quirin <quirin@acme.example>, application admin",
          "",
          "PIA@acme.example",
          "ben@acme.example",
          "no address",
          "rita@acme.example, emperor",
          "sven@nowhere",
        ].join("\n"),
      );
    const lines = dialog().getByRole("listitem");
    // The directory says which addresses are taken.
    await eventually(async () =>
      assert.deepEqual(
        (await lines.allInnerTexts()).map((text) => text.split("\n").at(-1)),
        [
          "Ready",
          "Ready",
          "It is in the list more than once.",
          "They are already in the organization, or invited.",
          "This is not an e-mail address.",
          "There is no role “emperor”.",
          "This is not an e-mail address.",
        ],
      ),
    );
    await photograph(page, "many-before");
    await dialog().getByRole("button", { name: "Invite 2" }).click();
    await said(page, "2 of 7 invited.");
    const results = (await lines.allInnerTexts()).map((text) => text.split("\n").at(-1));
    assert.deepEqual([results[0], results[1], results[2]], ["Invited", "Invited", "It is in the list more than once."]);
    assert.notEqual(results[6], "Invited");
    await photograph(page, "many-after");
    await assertAccessible(page);
    await demo.mail.waitForMail("pia@acme.example");
    const { users } = await organization();
    assert.equal(users.find(({ email }) => email === "quirin@acme.example").role, "application_admin");
    assert.equal(
      users.some(({ email }) => email === "rita@acme.example"),
      false,
    );
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      dialog().getByRole("button", { name: "Save the results" }).click(),
    ]);
    assert.match(await readFile(await saved.path(), "utf8"), /^\uFEFFaddress,role,result\r\npia@acme\.example,user,Invited\r\n/);
  });

  test("an address pasted with what cannot be seen is read without it, and the window says so", async () => {
    await show("gina");
    await page.getByRole("button", { name: "Add user" }).click();
    const field = dialog().getByLabel("E-mail address");
    await field.fill("xe\u200bnia@acme.example\u200f");
    await dialog().getByText("removed 2 invisible characters").waitFor();
    assert.equal(await field.inputValue(), "xenia@acme.example");
    await field.fill("\u212aim@acme.example");
    await dialog().getByText("It has a character that no address has, U+212A.").waitFor();
    await field.fill("xenia@münchen.example");
    await dialog().getByText("It will be stored as xenia@xn--mnchen-3ya.example.").waitFor();
    await field.fill("xe\u200bnia@acme.example");
    await dialog().getByText("removed 1 invisible character.").waitFor();
    await dialog().getByRole("button", { name: "Invite", exact: true }).click();
    await said(page, "xenia@acme.example is invited. The e-mail is on its way.");
    await demo.mail.waitForMail("xenia@acme.example");
  });

  test("a list as mail programs and spreadsheets write it: all of it is counted, and what cannot be read is said", async () => {
    await show("gina");
    await page.getByRole("button", { name: "Add several" }).click();
    const list = dialog().getByLabel("People, one to a line");
    await list.fill(
      '"Noe, Nina" <nina.noe@acme.example>; mailto:yves@acme.example?subject=Hi; zo\u200be.odd@acme.example.; "Noe, N." <NINA.NOE@acme.example>; nobody; \u212aim@acme.example;',
    );
    await dialog().getByText("6 found: 3 to invite, 1 repeated, 2 not readable or not possible.").waitFor();
    const lines = dialog().getByRole("listitem");
    assert.deepEqual(
      (await lines.allInnerTexts()).map((text) => text.split("\n").at(-1)),
      [
        "Ready",
        "Ready",
        "Ready: removed 1 invisible character",
        "It is in the list more than once.",
        "This is not an e-mail address.",
        "It has a character that no address has, U+212A.",
      ],
    );
    await list.fill('Name,E-mail,Role\r\n"Noe, Nina",nina.noe@acme.example,application admin\r\nYves,yves@acme.example,emperor');
    await dialog().getByText("2 found: 1 to invite, 0 repeated, 1 not readable or not possible.").waitFor();
    await dialog().getByText("Column headings: Name,E-mail,Role").waitFor();
    await list.fill(Array.from({ length: 520 }, (_, n) => `"Person, ${n}" <person${n}@acme.example>`).join("; "));
    await dialog().getByText("520 found: 520 to invite, 0 repeated, 0 not readable or not possible.").waitFor();
    await dialog().getByRole("button", { name: "Invite 520" }).waitFor();
    assert.equal(await lines.count(), 520);
  });

  test("a list that does not arrive stops at the first line, and says what was not sent", async () => {
    await show("gina");
    await page.getByRole("button", { name: "Add several" }).click();
    await dialog().getByLabel("People, one to a line").fill("ulla@acme.example; viktor@acme.example");
    await window.context.route("**/v1/commands", (route) => route.abort());
    await dialog().getByRole("button", { name: "Invite 2" }).click();
    await said(page, "0 of 2 invited.");
    const lines = await dialog().getByRole("listitem").allInnerTexts();
    assert.match(lines[0], /can’t be reached/);
    assert.match(lines[1], /Not sent/);
  });
});

describe("pending invitations", () => {
  test("are sent again, and withdrawn; not by somebody whom they outrank", async () => {
    await show("gina");
    await command(window.context, demo.url, {
      type: "invite_user",
      email: "chief@acme.example",
      role: "global_admin",
      id: "chief",
    });
    await page.getByRole("tab", { name: /^Pending invitations/ }).click();
    assert.equal(new URL(page.url()).pathname, "/settings/team/invitations");
    await person("chief").getByText("gina@acme.example").waitFor();
    const { id: first } = await demo.mail.waitForMail("chief@acme.example");
    await rowMenu(page, "chief", "Send again");
    await said(page, "Earlier links no longer work.");
    await demo.mail.waitForMail("chief@acme.example", ({ id }) => id > first);

    const other = await openWindow(browser);
    await arrive(other.page, demo.url, "cora", "/settings/team/invitations");
    await openRowMenu(other.page, "chief");
    await assertMenuDenied(other.page, /^Withdraw/, /grants more than yours/);
    await assertRefused(other.context, demo.url, { type: "revoke_invitation", user: "chief" }, "beyond_own_role");
    await other.close();

    await rowMenu(page, "chief", "Withdraw");
    await said(page, "The invitation of chief@acme.example is withdrawn.");
    await person("chief").waitFor({ state: "detached" });
  });

  test("end with whoever sent them, which is said before and after", async () => {
    const other = await openWindow(browser);
    await arrive(other.page, demo.url, "cora");
    const { user: heir } = await command(other.context, demo.url, {
      type: "invite_user",
      email: "heir@acme.example",
      role: "application_admin",
    });
    await other.close();
    await show("gina");
    await rowMenu(page, "cora", "Change role");
    await dialog().getByRole("radio", { name: "User", exact: true }).check();
    await dialog().getByText("A pending invitation also ends: heir@acme.example.").waitFor();
    await assertAccessible(page);
    await dialog().getByRole("button", { name: "Change role" }).click();
    await said(page, "cora@acme.example is now User. A pending invitation ended too.");
    await person(heir).waitFor({ state: "detached" });
    await command(window.context, demo.url, { type: "assign_role", user: "cora", role: "application_admin" });
  });
});

describe("the list", () => {
  test("search, role, status and team narrow it", async () => {
    await show("gina");
    await page.getByLabel("Find a person").fill("ACME hana");
    await page.getByText(/^1 of \d+$/).waitFor();
    assert.deepEqual(await listed(), ["hana"]);
    await page.getByLabel("Find a person").fill("");
    await page.getByLabel("Role").selectOption({ label: "Auditor" });
    await page.getByText(/^1 of \d+$/).waitFor();
    assert.deepEqual(await listed(), ["irina"]);
    await page.getByLabel("Role").selectOption({ label: "Any" });
    await page.getByLabel("Status").selectOption({ label: "Suspended" });
    await page.getByText(/^2 of \d+$/).waitFor();
    assert.deepEqual(await listed(), ["goran", "sam"]);
    await page.getByLabel("Status").selectOption({ label: "Any" });
    await page.getByLabel("Team").selectOption({ label: "Support" });
    await person("wes").waitFor();
    assert.equal(await person("abe").count(), 0);
    await page.getByLabel("Find a person").fill("nobody at all");
    await page.getByText("Nobody matches.").waitFor();
  });

  test("it says when somebody was last active, where the authority tells", async () => {
    await window.context.route("**/v1/directory", async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        json: { ...(await response.json()), activity: { ben: Math.floor(Date.now() / 1000) - 3 * 86_400 } },
      });
    });
    await show("gina");
    await person("ben").getByText("3 days ago").waitFor();
    assert.match(await person("ben").locator("time").getAttribute("title"), /\d{4}/);
    await person("abe").getByText("Never").waitFor();
    await page.getByRole("button", { name: "Last active" }).click();
    await page.getByRole("button", { name: "Last active" }).click();
    await page.locator('tr[data-row]:first-child[data-row="ben"]').waitFor();
  });

  test("it is saved as a table", async () => {
    await show("gina");
    await person("ben").getByText("Customer care").waitFor();
    const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export CSV" }).click()]);
    assert.equal(saved.suggestedFilename(), "people.csv");
    assert.match(await readFile(await saved.path(), "utf8"), /\r\nben@acme\.example,ben,User,Active,"Customer care, Logistics",/);
  });
});

describe("changing", () => {
  test("a role: those that are theirs to give, with what each gives", async () => {
    await show("cora");
    await rowMenu(page, "ben", "Change role");
    await dialog().waitFor();
    assert.deepEqual(
      await dialog()
        .getByRole("radio")
        .evaluateAll((radios) => radios.map(({ labels }) => labels[0].textContent)),
      ["User", "Application admin", "Clerk"],
    );
    await assertDenied(dialog().getByRole("button", { name: "Change role" }), /They already have this role/);
    await dialog().getByRole("radio", { name: "Clerk" }).check();
    await dialog().getByRole("button", { name: "Change role" }).click();
    await said(page, "ben@acme.example is now Clerk.");
    await person("ben").getByRole("cell", { name: "Clerk" }).waitFor();
    await refused({ type: "assign_role", user: "ben", role: "global_admin" }, "beyond_own_role");
  });

  test("nobody changes their own role, and the last global admin stays one", async () => {
    await show("gina");
    await openRowMenu(page, "gina");
    await assertMenuDenied(page, /^Change role/, /You can’t change your own role/);
    await assertMenuDenied(page, /^Remove/, /your own account/);
    await page.keyboard.press("Escape");
    await refused({ type: "assign_role", user: "gina", role: "user" }, "own_role");
  });

  test("removing says what is lost, and each assistant goes to whom one chooses", async () => {
    await show("gina");
    await rowMenu(page, "vic", "Remove");
    const confirm = page.getByRole("alertdialog");
    await confirm.getByText("1 membership of a team: Support").waitFor();
    const remove = confirm.getByRole("button", { name: "Remove vic@acme.example" });
    await confirm.getByText("They own 3 assistants").waitFor();
    await confirm.getByRole("combobox", { name: "New owner" }).fill("olga");
    await page.getByRole("option", { name: /olga/ }).click();
    await confirm.getByRole("checkbox", { name: "Choose for each assistant" }).check();
    await confirm.getByRole("combobox", { name: "draft" }).selectOption({ label: "wes@acme.example" });
    await photograph(page, "remove-each");
    await assertAccessible(page);
    await remove.click();
    await said(page, "vic@acme.example is removed. Their assistants have new owners.");
    await person("vic").waitFor({ state: "detached" });
    const taken = await openWindow(browser);
    await arrive(taken.page, demo.url, "wes", "/assistants/draft");
    await taken.page.getByText("You own it").first().waitFor();
    await visit(taken.page, demo.url, "/assistants/helper");
    assert.equal(await taken.page.getByText("You own it").count(), 0);
    await taken.close();
  });

  test("is said to be done once the page shows all of it, or cannot have it", async () => {
    await show("gina");
    await person("wes").getByText("wes@acme.example").waitFor();
    const held = [];
    await page.route("**/v1/directory", (route) => held.push(route));
    const done = page.locator(".status [role=status]").filter({ hasText: "wes@acme.example is" });
    await rowMenu(page, "wes", "Suspend");
    await person("wes").getByText("Suspended", { exact: true }).waitFor();
    await until(() => held.length > 0, "the directory to be asked for");
    assert.equal(await done.count(), 0);
    await held.shift().continue();
    await said(page, "wes@acme.example is suspended.");
    await rowMenu(page, "wes", "Reactivate");
    await said(page, "wes@acme.example is active again.");
    assert.ok(held.length > 0, "nobody has answered");
  });

  test("the keyboard is enough: menu, window, and back", async () => {
    await show("gina");
    const button = person("ben").getByRole("button", { name: "Actions for ben@acme.example" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Change role" }).waitFor();
    await page.keyboard.press("Enter");
    await dialog().waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await focused(button);
  });
});

describe("somebody who may look, and not touch", () => {
  test("finds everything explained, and nothing works by request either", async () => {
    await show("lena");
    for (const name of ["Add user", "Add several"]) {
      await assertDenied(
        page.getByRole("button", { name }),
        /None of your roles grants it\. An application admin or a global admin can do this\. Ask abe@acme\.example/,
      );
    }
    await page.getByRole("button", { name: "Add user" }).press("Enter");
    await said(page, /None of your roles grants it/);
    assert.equal(await dialog().count(), 0);
    await page.mouse.move(640, 700); // before the mouse moves, the page does not know that there is one
    await page.getByRole("button", { name: "Add several" }).hover();
    await page.getByRole("tooltip").getByText("None of your roles grants it.").waitFor();
    await photograph(page, "why");
    await assertAccessible(page);
    await openRowMenu(page, "wes");
    for (const action of [/^Change role/, /^Suspend/, /^Remove/])
      await assertMenuDenied(page, action, /None of your roles grants it/);
    for (const data of [
      { type: "invite_user", email: "xena@acme.example" },
      { type: "assign_role", user: "wes", role: "clerk" },
      { type: "suspend_user", user: "wes" },
      { type: "remove_user", user: "wes" },
    ])
      await refused(data, "not_allowed");
  });

  test("somebody who may not even look is told no address", async () => {
    await arrive(page, demo.url, "una");
    const { users } = await organization();
    assert.deepEqual(
      users.map(({ id }) => id),
      ["una"],
    );
    await refused({ type: "invite_user", email: "xena@acme.example" }, "not_allowed");
  });
});

describe("looks", () => {
  for (const [name, options] of [...LOOKS, ["wide", { viewport: { width: 1920, height: 1080 } }]]) {
    test(name, async () => {
      await window.close();
      await open(options);
      await show("greta");
      await person("abe").waitFor();
      await photograph(page, `${name}-people`);
      await assertAccessible(page);
      await openRowMenu(page, "abe");
      await photograph(page, `${name}-people-menu`);
      await assertAccessible(page);
      await page.getByRole("menuitem", { name: "Change role" }).click();
      await dialog().waitFor();
      await photograph(page, `${name}-people-role`);
      await assertAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Add user" }).click();
      await dialog().waitFor();
      await photograph(page, `${name}-people-add`);
      await assertAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByRole("tab", { name: /^Pending/ }).click();
      await photograph(page, `${name}-people-invitations`);
      await assertAccessible(page);
    });
  }
});
