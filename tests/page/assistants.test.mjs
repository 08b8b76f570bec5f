// Assistants: what people see of them, and every action on one by clicking, as somebody who may do it and as somebody who may not.
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
  assertText,
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

const PREVIEW = "**/v1/preview";

let people;
setUp({
  revalidateAfter: 0,
  prepare() {
    people = new PeopleWindows(browser, demo.url);
  },
  finish: () => people?.close(),
});

const row = (page, id) => page.locator(`tr[data-row="${id}"]`);
const shown = async (page) => (await page.locator("tbody tr").evaluateAll((rows) => rows.map((one) => one.dataset.row))).sort();
const dialog = (page) => page.getByRole("dialog").or(page.getByRole("alertdialog"));
const button = (page, name) => page.getByRole("button", { name, exact: true });
const submit = (page, name) => dialog(page).getByRole("button", { name, exact: true }).click();
const becomesDenied = (page, name) => button(page, name).and(page.locator("[aria-disabled=true]")).waitFor();
const heading = (page, name, level = 1) => page.getByRole("heading", { level, name, exact: true });

/** A new assistant of vic in the team Support, for one test only. */
let made = 0;
async function make(accessibility, more = {}) {
  made += 1;
  const name = `Courier ${made}`;
  const { assistant: id } = await people.command("vic", { type: "create_assistant", project: "faq", name, accessibility, ...more });
  return { id, name, path: `/assistants/${id}` };
}

describe("the list", () => {
  test("shows each person what they may see, and narrows it", async () => {
    const admin = await people.open("gina", "/assistants");
    await admin.getByText(`${demo.facts.assistants.length} visible to you`).waitFor();

    const page = await people.open("vic", "/assistants");
    await page.getByLabel("Search").fill("sales");
    await page.getByText("No assistant matches “sales”.").waitFor();
    await page.getByLabel("Search").fill("");
    await page.getByLabel("Owner").selectOption("Me");
    await until(async () => `${await shown(page)}` === "draft,helper,site", "vic's own");
    await page.getByLabel("Open to").selectOption("Only me");
    await until(async () => `${await shown(page)}` === "draft", "vic's own that are open to vic alone");
    await page.getByLabel("Search").fill("no such thing");
    await page.getByText("No assistant matches “no such thing”.").waitFor();
  });

  test("by team", async () => {
    const page = await people.open("gina", "/assistants");
    await page.getByLabel("Team", { exact: true }).selectOption("Sales");
    await row(page, "pitch").waitFor();
    await assertCount(page.locator("tbody tr"), 1);
  });

  test("is told by address too: what is not open to somebody is not there", async () => {
    const page = await people.open("una", "/assistants/draft");
    await page.getByText("This assistant does not exist, or you can’t see it.").waitFor();
    const other = await people.open("una", "/assistants/no-such-assistant");
    await other.getByText("This assistant does not exist, or you can’t see it.").waitFor();
  });
});

describe("a new assistant", () => {
  test("is made by a member of a team, and its page opens", async () => {
    const page = await people.open("wes", "/assistants");
    await button(page, "New assistant").click();
    await page.getByLabel("Name").fill("Parcel finder");
    await page.getByLabel("Project").selectOption("Support · faq");
    await page.getByLabel("Only team").check();
    await photograph(page, "assistant-new");
    await assertAccessible(page);
    await submit(page, "Create");
    await heading(page, "Parcel finder").waitFor();
    await said(page, /Parcel finder is created/);
    await page.getByText("wes@acme.example (you)").or(page.getByText("wes (you)")).waitFor();
  });

  test("not by somebody in no team: neither by the button nor by request", async () => {
    const page = await people.open("otto", "/assistants");
    await assertDenied(button(page, "New assistant"), /none of your teams lets you. Ask the owner of a team/);
    await people.assertRefused("otto", { type: "create_assistant", project: "faq", name: "Mine" }, "not_allowed");
  });
});

describe("who it is open to", () => {
  const told = {
    changes: [
      { user: "una", kind: "assistant", target: "x", gained: ["assistant.view", "assistant.chat"], lost: [] },
      { user: "ed", kind: "assistant", target: "x", gained: ["assistant.view", "assistant.chat"], lost: [] },
      { user: "wes", kind: "assistant", target: "x", gained: [], lost: ["assistant.edit"] },
    ],
    others: 4,
    visitors: { gained: ["assistant.chat"], lost: [] },
  };

  test("is changed by its owner, after who gains or loses is shown; others see it at once", async () => {
    const { id, name, path } = await make("only_team");
    const elsewhere = await people.open("una", "/assistants");
    const page = await people.open("vic", path);
    assert.equal(await row(elsewhere, id).count(), 0);
    const asked = [];
    await page.route(PREVIEW, async (route) => {
      asked.push(route.request().postDataJSON());
      await route.fulfill({ json: told });
    });
    await page.getByRole("tab", { name: "Access" }).click();
    await button(page, "Change").click();
    await dialog(page).getByText("Nothing has been changed.").waitFor();
    await page.getByLabel("Public", { exact: true }).check();
    const effects = page.getByRole("region", { name: "Who gains or loses access" });
    await effects.getByText("ed and una").waitFor();
    await assertText(
      effects,
      /ed and una\s+Gain View, Chat\s+wes\s+Lose Edit\s+Visitors .*\s+Gain Chat\s+4 more people you can’t see gain or lose access/,
    );
    assert.deepEqual(asked, [{ type: "set_accessibility", assistant: id, accessibility: "public" }]);
    await photograph(page, "assistant-accessibility");
    await assertAccessible(page);
    await submit(page, "Save");
    await said(page, new RegExp(`${name} is now open to: Public`));
    await heading(page, "Open to: Public", 2).waitFor();
    await row(elsewhere, id).waitFor();
    await page.unroute(PREVIEW);
  });

  test("what is shown is the authority's word: people by name to whoever may know them, a number to others", async () => {
    const { id, path } = await make("public");
    await people.command("vic", { type: "create_link", assistant: id, level: "edit" });
    const foreseen = async (person) => {
      const page = await people.open(person, `${path}/access`);
      await button(page, "Change").click();
      await page.getByLabel("Only me", { exact: true }).check();
      const effects = page.getByRole("region", { name: "Who gains or loses access" });
      await effects.getByText(/^Lose/).first().waitFor();
      const words = await effects.innerText();
      await photograph(page, `assistant-foreseen-${person}`);
      await button(dialog(page), "Cancel").click();
      return words;
    };
    const told = await foreseen("gina");
    assert.match(told, /\d+ people: .*\d+ more\s+Lose View, Chat/);
    assert.match(told, /olga@acme\.example\s+Lose View, Chat, Edit/);
    assert.match(told, /Visitors with a share link or on an allowed website\s+Lose View, Chat, Edit, Knowledge base/);
    assert.doesNotMatch(told, /vic@acme/);
    assert.match(await foreseen("vic"), /\d+ more people you can’t see gain or lose access/);
  });

  test("an authority that cannot tell it says so, and saving works all the same", async () => {
    const { path } = await make("only_team");
    const page = await people.open("vic", `${path}/access`);
    await page.route(PREVIEW, (route) =>
      route.fulfill({ status: 404, json: { code: "not_found", title: "there is nothing at this address" } }),
    );
    await button(page, "Change").click();
    await page.getByLabel("Only me", { exact: true }).check();
    await page.getByText("There is no preview: this authority does not offer it.").waitFor();
    await submit(page, "Save");
    await heading(page, "Open to: Only me", 2).waitFor();
    await page.unroute(PREVIEW);
  });

  test("is not an editor's to change", async () => {
    const page = await people.open("wes", "/assistants/helper/access");
    await assertDenied(
      button(page, "Change"),
      /None of your roles grants it\. Its owner, an owner of its team,? or a global admin can do this/,
    );
    await button(page, "Change").press("Enter");
    await said(page, /None of your roles grants it/);
    assert.equal(await dialog(page).count(), 0);
    await people.assertRefused("wes", { type: "set_accessibility", assistant: "helper", accessibility: "public" }, "not_allowed");
  });
});

describe("roles of single people", () => {
  test("are given, changed and removed by a global admin, who sees which are not in effect", async () => {
    const page = await people.open("gina", "/assistants/helper/access");
    await row(page, "ed editor").getByText("Not in its team", { exact: true }).waitFor();
    await assertText(row(page, "wes editor"), /Active/);

    const { name, path, id } = await make("public");
    await visit(page, demo.url, `${path}/access`);
    await button(page, "Add person").click();
    await page.getByRole("combobox", { name: "Person" }).fill("una");
    await page.getByRole("option", { name: /una/ }).click();
    await page.getByLabel("Expires").selectOption("In 30 days");
    await photograph(page, "assistant-role");
    await assertAccessible(page);
    await submit(page, "Give role");
    await said(page, new RegExp(`una.* is now Editor of ${name}`));
    await row(page, "una editor").locator("time").waitFor();

    await rowMenu(page, "una editor", "Change role or expiry");
    await page.getByRole("combobox", { name: "Role" }).selectOption("Agent user");
    await submit(page, "Save");
    await row(page, "una agent_user").waitFor();
    await assertCount(row(page, "una editor"), 0);

    await rowMenu(page, "una agent_user", "Remove Agent user");
    await submit(page, "Remove");
    await said(page, /no longer has the role Agent user on /);
    await row(page, "una agent_user").waitFor({ state: "detached" });

    await people.command("vic", { type: "set_accessibility", assistant: id, accessibility: "only_me" });
    await heading(page, "Open to: Only me", 2).waitFor();
    await becomesDenied(page, "Add person");
    await assertDenied(button(page, "Add person"), /a role would not be in effect\. Open it to more people first/);
  });

  test("whoever has the role already is shown with its end, which stays unless it is changed", async () => {
    const { id, name, path } = await make("public");
    const expires = Math.floor(Date.now() / 1000) + 3 * 86_400;
    await people.command("gina", { type: "grant", assistant: id, user: "una", role: "editor", expires });
    const page = await people.open("gina", `${path}/access`);
    await row(page, "una editor").locator("time").waitFor();
    await button(page, "Add person").click();
    await page.getByRole("combobox", { name: "Person" }).fill("una");
    await page.getByRole("option", { name: /una/ }).click();
    await dialog(page)
      .getByText(/Present role of una.*: Editor until .*\./)
      .waitFor();
    await dialog(page).getByText("They already have this role until then.").first().waitFor();
    await assertAttribute(button(dialog(page), "Give role"), "aria-disabled", "true");
    await page.getByLabel("Expires", { exact: true }).selectOption("Never");
    const effects = page.getByRole("region", { name: "Who gains or loses access" });
    await effects.getByText(/Editor until .*Editor without expiry/).waitFor();
    assert.equal(await effects.getByText("Nobody gains or loses anything").count(), 0);
    await photograph(page, "assistant-end");
    await assertAccessible(page);
    await submit(page, "Give role");
    await said(page, new RegExp(`una.* is now Editor of ${name}`));
    await row(page, "una editor").getByText("Never", { exact: true }).waitFor();
  });

  test("an owner gives and removes them by id, without the list of people", async () => {
    const { id, path } = await make("public");
    const editor = await people.open("ed", `${path}/settings`);
    await assertDenied(button(editor, "Rename"), /None of your roles grants it/);
    const page = await people.open("vic", `${path}/access`);
    await button(page, "Add person").click();
    await page.getByLabel("Person").fill("nobody-of-that-id");
    await submit(page, "Give role");
    await dialog(page).getByText("This person does not exist, or can’t be given this now.").waitFor();
    await page.getByLabel("Person").fill("ed");
    await submit(page, "Give role");
    await said(page, /ed is now Editor/);
    await button(editor, "Rename").and(editor.locator(":not([aria-disabled])")).waitFor();

    await rowMenu(page, "ed editor", "Remove Editor");
    await submit(page, "Remove");
    await said(page, /ed.* no longer has the role Editor on /);
    await becomesDenied(editor, "Rename");
    await people.assertRefused("ed", { type: "edit_assistant", assistant: id, name: "Mine" }, "not_allowed");
  });

  test("not by an editor", async () => {
    const page = await people.open("wes", "/assistants/helper/access");
    await assertDenied(button(page, "Add person"), /None of your roles grants it/);
    await openRowMenu(page, "wes editor");
    await assertMenuDenied(page, "Remove Editor", /None of your roles grants it/);
    await people.assertRefused("wes", { type: "grant", assistant: "helper", user: "una", role: "editor" }, "not_allowed");
    await people.assertRefused("wes", { type: "revoke_grant", assistant: "helper", user: "ed" }, "not_allowed");
  });
});

describe("share links", () => {
  test("are created, copied once, open at the gate, and no longer work once revoked", async () => {
    const { id, name, path } = await make("public");
    const context = await people.context("vic");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await people.open("vic", `${path}/links`);
    await page.getByText("There are no links.").waitFor();
    await button(page, "New link").click();
    await page.getByLabel("Expires").selectOption("In 7 days");
    await photograph(page, "assistant-link-new");
    await submit(page, "Create link");
    const address = await page.getByRole("textbox", { name: "The link" }).inputValue();
    assert.match(address, new RegExp(`^${demo.url}/a/${id}#wk_[\\w-]{43}$`));
    await photograph(page, "assistant-link-copy");
    await assertAccessible(page);
    await page.getByRole("button", { name: "Copy: the link" }).click();
    await said(page, /Copied: the link/);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
    await button(dialog(page), "Done").click();
    await page.locator("tbody tr").getByText("Active", { exact: true }).waitFor();

    const visitor = await openWindow(browser);
    try {
      await visitor.page.goto(address);
      await visitor.page.getByRole("heading", { name }).waitFor();
      const link = await page.locator("tbody tr").getAttribute("data-row");
      await rowMenu(page, link, "Revoke");
      await submit(page, "Revoke");
      await said(page, /no longer works/);
      await page.getByText("There are no links.").waitFor();
      await visitor.page.goto("about:blank");
      await visitor.page.goto(address);
      await visitor.page.getByRole("heading", { name: "This chat isn’t available" }).waitFor();
    } finally {
      await visitor.close();
    }
  });

  test("are not in effect while it is not public, and none can be created", async () => {
    const { id, path } = await make("public");
    await people.command("vic", { type: "create_link", assistant: id, level: "edit" });
    const page = await people.open("vic", `${path}/links`);
    await page.locator("tbody tr").getByText("View, chat and edit").filter({ visible: true }).first().waitFor();
    await people.command("vic", { type: "set_accessibility", assistant: id, accessibility: "only_me" });
    await page.locator("tbody tr").getByText("Not in effect", { exact: true }).waitFor();
    await assertDenied(button(page, "New link"), /Make it public first/);
  });

  test("are not shown to those who may not share", async () => {
    const page = await people.open("una", "/assistants/site/links");
    await page.getByText("The share links are shown to people who may share the assistant").waitFor();
    await assertDenied(button(page, "New link"), /None of your roles grants it/);
    await people.assertRefused("una", { type: "create_link", assistant: "site", level: "view" }, "not_allowed");
    await people.assertRefused("una", { type: "revoke_link", assistant: "site", link: "l1" }, "not_allowed");
  });
});

describe("embedding", () => {
  test("allows websites and takes them back, and says what is wrong with one", async () => {
    const { name, path } = await make("public");
    const page = await people.open("vic", `${path}/embedding`);
    await page.getByText("No website may embed it.").waitFor();
    const field = page.getByLabel("Add a website");
    for (const [typed, words] of [
      ["docs.acme.example/help", "Begin with https://, as in https://docs.acme.example."],
      ["http://docs.acme.example", "Only websites with https:// can be allowed; http:// is only for localhost."],
      [
        "https://docs.acme.example/help",
        "Enter only the beginning of the address, for the whole website: https://docs.acme.example.",
      ],
      ["https://docs.*.example", "A * is possible only at the beginning, as in https://*.acme.example."],
      ["https://bücher.example", "Enter the name as browsers send it: xn--bcher-kva.example."],
    ]) {
      await field.fill(typed);
      await button(page, "Allow").click();
      await page.getByText(words, { exact: true }).waitFor();
    }
    await photograph(page, "assistant-embedding-wrong");
    for (const site of ["https://docs.acme.example/", "https://*.shop.example"]) {
      await field.fill(site);
      await button(page, "Allow").click();
      await page.getByRole("button", { name: `Remove ${site.replace(/\/$/, "")}` }).waitFor();
    }
    await page.getByText("Every website below shop.example, but not shop.example itself", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Remove https://docs.acme.example" }).click();
    await said(page, new RegExp(`https://docs.acme.example may no longer embed ${name}`));
    await page.getByText(`<script src="${demo.url}/widget.js" data-assistant=`).waitFor();
  });

  test("the preview is the widget itself, where this address is allowed", async () => {
    const { id, name, path } = await make("public");
    const page = await people.open("vic", `${path}/embedding`);
    await button(page, "Allow this address").click();
    await button(page, "Show the widget here").click();
    const widget = page.locator(`wicketgate-widget[data-assistant="${id}"]`);
    await widget.getByRole("button", { name: `Chat with ${name}` }).click();
    await widget.locator("iframe").contentFrame().getByRole("log").waitFor();
    await photograph(page, "assistant-embedding");
    await button(page, "Hide the widget").click();
    await widget.waitFor({ state: "detached" });

    await people.command("vic", { type: "set_accessibility", assistant: id, accessibility: "only_team" });
    await page.getByText("There is no preview while it is not public").waitFor();
    await page.getByRole("heading", { name: "This assistant is not public" }).waitFor();
  });

  test("is not for those who may not share", async () => {
    const page = await people.open("una", "/assistants/site/embedding");
    await page.getByText("The allowed websites are shown to people who may share the assistant").waitFor();
    await assertDenied(button(page, "Allow"), /None of your roles grants it/);
    await people.assertRefused("una", { type: "set_embed", assistant: "site", origins: ["*"] }, "not_allowed");
  });
});

describe("its settings", () => {
  test("the owner renames it, and others see it at once", async () => {
    const { id, path, name } = await make("only_team");
    const elsewhere = await people.open("wes", path);
    const page = await people.open("vic", `${path}/settings`);
    await button(page, "Rename").click();
    await page.getByRole("textbox", { name: "Name" }).fill(`${name} of the north`);
    await submit(page, "Rename");
    await heading(elsewhere, `${name} of the north`).waitFor();
    await assertDenied(button(await people.open("wes", `${path}/settings`), "Rename"), /None of your roles grants it/);
    await people.assertRefused("wes", { type: "edit_assistant", assistant: id, name: "Mine" }, "not_allowed");
  });

  test("the owner gives it to somebody else", async () => {
    const { id, path } = await make("only_team");
    const page = await people.open("vic", `${path}/settings`);
    await button(page, "Transfer").click();
    await page.getByText("may not be able to get them back").waitFor();
    await page.getByLabel("New owner").fill("wes");
    await submit(page, "Transfer");
    await said(page, /wes owns .* now/);
    await becomesDenied(page, "Transfer");
    await people.assertRefused("vic", { type: "transfer_assistant", assistant: id, user: "vic" }, "not_allowed");
  });

  test("an administrator gives it to nobody whose account is not active", async () => {
    const { path } = await make("only_team");
    const page = await people.open("gina", `${path}/settings`);
    await button(page, "Transfer").click();
    await page.getByRole("combobox", { name: "New owner" }).fill("sam");
    await page.getByRole("option", { name: /sam/ }).click();
    await submit(page, "Transfer");
    await dialog(page).getByText("Only a person with an active account can own it.").waitFor();
    await button(dialog(page), "Cancel").click();
  });

  test("deleting says what goes, and it is gone for everybody", async () => {
    const { id, name, path } = await make("public");
    await people.command("vic", { type: "create_link", assistant: id, level: "view" });
    await people.command("vic", { type: "grant", assistant: id, user: "ed", role: "editor" });
    await people.command("vic", { type: "set_embed", assistant: id, origins: ["https://docs.acme.example"] });
    const elsewhere = await people.open("una", path);
    await assertDenied(button(await people.open("wes", `${path}/settings`), "Delete"), /None of your roles grants it/);
    await people.assertRefused("wes", { type: "delete_assistant", assistant: id }, "not_allowed");
    const page = await people.open("gina", `${path}/settings`);
    await button(page, "Delete").click();
    const asked = dialog(page);
    await asked.getByText("1 role that somebody has on it").waitFor();
    await asked.getByText("1 share link, which stops working").waitFor();
    await asked.getByText("its widget on https://docs.acme.example").waitFor();
    await photograph(page, "assistant-delete");
    await assertAccessible(page);
    await submit(page, `Delete ${name}`);
    await heading(page, "Assistants").waitFor();
    await said(page, new RegExp(`${name} is deleted`));
    await elsewhere.getByText("This assistant does not exist, or you can’t see it.").waitFor();
  });
});

describe("when the authority can’t be reached", () => {
  test("nothing is lost: what was entered stays, and can be sent again", async () => {
    const { name, path } = await make("only_team");
    const page = await people.open("vic", `${path}/settings`);
    await page.route("**/v1/commands", (route) => route.abort());
    await button(page, "Rename").click();
    await page.getByRole("textbox", { name: "Name" }).fill(`${name} again`);
    await submit(page, "Rename");
    await dialog(page).getByText("The authority can’t be reached. As far as this page knows, nothing was changed.").waitFor();
    await page.unroute("**/v1/commands");
    await submit(page, "Rename");
    await heading(page, `${name} again`).waitFor();
  });

  test("other people's roles are missing, and can be asked for again", async () => {
    const page = await people.open("gina", "/assistants");
    await page.route("**/v1/workspace", (route) => route.abort());
    await visit(page, demo.url, "/assistants/helper/access");
    await page.getByText("Other people’s roles are missing").waitFor();
    await page.unroute("**/v1/workspace");
    await button(page, "Try again").click();
    await row(page, "wes editor").waitFor();
  });
});

describe("what the plan withholds", () => {
  test("is said where it is met", async () => {
    const page = await people.open("vic", "/assistants/helper");
    await page.getByText("Not in the organization’s plan (pro)").waitFor();
    const right = page.locator('[data-capability="actions.manage"]');
    await assertAttribute(right, "data-allowed", "false");
    await assertText(right, /plan \(pro\) does not include it/);
  });
});

describe("how it looks", () => {
  for (const [look, options] of LOOKS) {
    test(look, async () => {
      const window = await openWindow(browser, options);
      const { page } = window;
      await arrive(page, demo.url, "gina");
      await row(page, "draft").or(page.locator("tbody tr").first()).first().waitFor();
      await photograph(page, `${look}-assistants`);
      await assertAccessible(page);
      for (const [tab, ready] of [
        ["", heading(page, "What you may do here", 2)],
        ["/access", row(page, "ed editor")],
        ["/links", row(page, "l1")],
        ["/embedding", heading(page, "Preview", 2)],
        ["/settings", button(page, "Delete")],
      ]) {
        await visit(page, demo.url, `/assistants/site${tab}`);
        await ready.waitFor();
        await photograph(page, `${look}-assistant${tab.replace("/", "-")}`);
        await assertAccessible(page);
      }
      await window.close();
    });
  }
});
