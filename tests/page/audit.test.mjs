// The audit log in Chromium: sentences, filters, verification in the browser, and export.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, test } from "node:test";
import { verifyChain } from "wicketgate/authority";
import { enter, setPlan } from "../edge/demonstration.mjs";
import { eventually, until } from "../lib/until.mjs";
import { arrive, assertAccessible, assertText, LOOKS, photograph, rowMenu, said, visit } from "./browser.mjs";
import { demo, open, page, setUp, window } from "./window.mjs";

const YEAR = 365 * 86_400;
const later = Math.floor(Date.now() / 1000) + YEAR;

/** Every command of people and of the operator, with its sentence in the log. */
const COMMANDS = [
  [
    { type: "invite_user", email: "newt@acme.example", role: "application_admin", id: "newt" },
    /invited newt@acme\.example as Application admin/,
  ],
  [{ type: "resend_invitation", user: "newt" }, /sent newt@acme\.example the invitation again/],
  [{ type: "revoke_invitation", user: "newt" }, /withdrew the invitation of newt@acme\.example/],
  [
    { type: "assign_role", user: "nadia", role: "application_admin" },
    /made nadia@acme\.example Application admin, previously User/,
  ],
  [{ type: "suspend_user", user: "nadia" }, /suspended nadia@acme\.example/],
  [{ type: "reactivate_user", user: "nadia" }, /reactivated nadia@acme\.example/],
  [
    { type: "assign_role", user: "cora", role: "user" },
    /made cora@acme\.example User, previously Application admin; this ended the invitation of nils/,
  ],
  [{ type: "create_team", id: "night", name: "Night shift" }, /created the team Night shift/],
  [{ type: "edit_team", team: "night", name: "Late shift" }, /renamed the team .* to “Late shift”/],
  [
    { type: "add_member", team: "night", user: "ed", role: "viewer", expires: later },
    /added ed@acme\.example to the team .* as Viewer, until /,
  ],
  [
    { type: "set_member_role", team: "night", user: "ed", role: "owner" },
    /made ed@acme\.example Owner of the team .*, previously Viewer/,
  ],
  [{ type: "create_project", id: "calls", team: "night", name: "Calls" }, /created the project Calls in the team/],
  [{ type: "edit_project", project: "calls", name: "Late calls" }, /renamed the project .* to “Late calls”/],
  [
    { type: "create_assistant", id: "owl", project: "calls", name: "Owl", accessibility: "only_team" },
    /created the assistant Owl in the project .*, open to: Only team/,
  ],
  [{ type: "edit_assistant", assistant: "owl", name: "Night owl" }, /renamed the assistant .* to “Night owl”/],
  [
    { type: "transfer_assistant", assistant: "owl", user: "ed" },
    /made ed@acme\.example the owner of .*, previously gina@acme\.example/,
  ],
  [{ type: "set_accessibility", assistant: "owl", accessibility: "public" }, /changed who .* is open to: Public/],
  [{ type: "grant", assistant: "owl", user: "wes", role: "editor" }, /made wes@acme\.example Editor of /],
  [{ type: "revoke_grant", assistant: "owl", user: "wes", role: "editor" }, /removed the role Editor on .* from wes@acme\.example/],
  [{ type: "create_link", assistant: "owl", id: "l9", level: "edit" }, /created a link to edit .* \(l9\)/],
  [{ type: "revoke_link", assistant: "owl", link: "l9" }, /revoked the link l9 to /],
  [
    { type: "set_embed", assistant: "owl", origins: ["https://night.example", "*"] },
    /allowed to embed .*: https:\/\/night\.example, every website/,
  ],
  [{ type: "set_embed", assistant: "owl", origins: [] }, /removed all websites that may embed /],
  [{ type: "set_embed", assistant: "owl", origins: null }, /ended the embedding of /],
  [
    { type: "define_role", id: "night_watch", on: "team", grants: ["team.view"] },
    /defined the role Night watch on teams: View the team/,
  ],
  [{ type: "delete_role", role: "night_watch" }, /deleted the role Night watch/],
  [{ type: "apply_role_set", set: "built_in" }, /added the built-in roles/],
  [{ type: "set_plan", name: "pro", withholds: ["actions.manage"] }, /set the plan “pro”, which withholds: Actions/],
  [
    { type: "create_api_key", id: "k9", name: "Sync", role: "application_admin", scopes: ["commands", "act_as"], expires: later },
    /created the API key “Sync” as Application admin, for: Commands, On behalf of users, until /,
  ],
  [
    { type: "edit_api_key", key: "k9", name: "Nightly sync", expires: null, addresses: ["10.0.0.0/8"] },
    /changed the API key “.*”; its name: “Nightly sync”; its end: none; accepted from: 10\.0\.0\.0\/8$/,
  ],
  [
    { type: "rotate_api_key", key: "k9", grace: 86_400 },
    /gave the API key “.*” a new secret; the one before is accepted for 1 day$/,
  ],
  [{ type: "revoke_api_key", key: "k9" }, /revoked the API key “.*”$/],
  [{ type: "complete_review", note: "All is well." }, /completed an access review: “All is well\.”/],
  [{ type: "delete_assistant", assistant: "owl" }, /deleted the assistant Owl|deleted the assistant Night owl/],
  [{ type: "delete_project", project: "calls" }, /deleted the project (Late calls|Calls)$/],
  [{ type: "remove_member", team: "night", user: "ed" }, /removed ed@acme\.example from the team/],
  [{ type: "delete_team", team: "night", cascade: true }, /deleted the team (Night|Late) shift with its projects and assistants/],
  [{ type: "remove_user", user: "lena", successor: "gina" }, /removed lena; gina@acme\.example takes over their assistants/],
];
/** Renames many times, so that the log is long enough to scroll. */
const MANY = 330;

let last;

setUp({
  async prepare() {
    const gina = await enter(demo, "gina");
    for (let index = 0; index < MANY; index++) await gina.does({ type: "edit_team", team: "support", name: `Support ${index}` });
    // An application admin, who becomes a user below.
    const cora = await enter(demo, "cora");
    await cora.does({ type: "invite_user", email: "nils@acme.example" });
    for (const [command] of COMMANDS) {
      const { type, ...plan } = command;
      last = type === "set_plan" ? await setPlan(demo, plan) : (await gina.does(command)).version;
    }
  },
});
beforeEach(() => open());

const entries = () => page.locator("tr[data-row]");
const entry = (version) => page.locator(`tr[data-row="${version}"]`);
const matches = (words) => page.locator("main").getByText(words).waitFor();

async function show(person = "gina", query = "") {
  await arrive(page, demo.url, person);
  // The first sign-in of a person connects their account, which is an entry too.
  await visit(page, demo.url, `/access/audit${query}`);
  await entries().first().waitFor();
}

const verify = () => page.getByRole("button", { name: /^Verify / }).click();

describe("what is said", () => {
  test("every command in plain words", async () => {
    await show();
    await page.getByLabel("Find", { exact: true }).fill("gina");
    const region = page.getByRole("region", { name: "Entries, newest first" });
    // Names arrive with the directory, a moment later.
    await eventually(async () => {
      const words = new Map();
      // Only visible entries are drawn.
      for (let top = 0; top < 4000 && words.size < COMMANDS.length + 40; top += 500) {
        await region.evaluate((frame, to) => frame.scrollTo(0, to), top);
        for (const [version, text] of await entries().evaluateAll((rows) =>
          rows.map((row) => [
            row.dataset.row,
            `${row.querySelector("strong").textContent} ${row.querySelector(".told").textContent}`,
          ]),
        ))
          words.set(version, text);
      }
      COMMANDS.forEach(([command, pattern], index) => {
        if (command.type === "set_plan") return;
        const text = words.get(String(last - COMMANDS.length + 1 + index)) ?? "";
        assert.match(text, /^gina@acme\.example /, command.type);
        assert.match(text, pattern);
      });
    });
    // The operator's commands belong to the service, so they are not among hers.
    const plan = COMMANDS.findIndex(([{ type }]) => type === "set_plan");
    await page.getByLabel("Find", { exact: true }).fill("set the plan");
    await assertText(entry(last - COMMANDS.length + 1 + plan), /The service set the plan “pro”, which withholds: Actions/);
  });

  test("older entries come as one scrolls, a hundred at a time, to the first", async () => {
    const asked = [];
    page.on(
      "request",
      (request) => request.url().includes("/v1/audit") && asked.push(new URL(request.url()).searchParams.get("limit")),
    );
    await show();
    assert.deepEqual(asked, ["100"]);
    const region = page.getByRole("region", { name: "Entries, newest first" });
    await until(
      async () => {
        await region.evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
        return (await entry(1).count()) === 1;
      },
      "the first entry",
      20,
    );
    await assertText(entry(1), /The service started the history with the organization acme/);
    assert.ok(asked.length >= 4 && asked.every((limit) => Number(limit) <= 100), asked.join());
    assert.ok((await entries().count()) < 100, "those out of sight are not drawn");
  });

  test("what happens meanwhile appears", async () => {
    await show();
    const gina = await enter(demo, "gina");
    const { version } = await gina.does({ type: "edit_team", team: "sales", name: "Sales and more" });
    await entry(version).getByText("renamed the team").waitFor();
  });

  test("an entry can be seen as it was written", async () => {
    await show();
    await rowMenu(page, last, "Show the original text");
    const dialog = page.getByRole("dialog", { name: `Entry ${last}` });
    await dialog.getByText('"type": "remove_user"').waitFor();
    await assertAccessible(page);
    await dialog.getByRole("button", { name: "Close" }).click();
  });
});

describe("what is looked for", () => {
  test("by person, whoever they were", async () => {
    await show();
    await page.getByRole("combobox", { name: "Person" }).fill("wes");
    await page.getByRole("option", { name: /wes@/ }).click();
    await matches(/^2 entries match\.$/);
    await eventually(async () =>
      assert.match((await entries().allInnerTexts()).join("\n"), /removed the role Editor[\s\S]*made wes@acme\.example Editor/),
    );
  });

  test("by kind, thing and words, and by what another page asks for", async () => {
    await show("gina", "?thing=owl");
    await matches(/^12 entries match\.$/);
    await page.getByLabel("What", { exact: true }).selectOption("Sharing");
    await matches(/^8 entries match\.$/);
    await page.getByLabel("What", { exact: true }).selectOption("create_link");
    await matches(/^One entry matches\.$/);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByLabel("Find", { exact: true }).fill("suspended nadia");
    await matches(/^One entry matches\.$/);
    await page.getByLabel("Find", { exact: true }).fill("nothing of the kind");
    await matches("No entry matches.");
  });

  test("by time", async () => {
    await show();
    await page.getByLabel("When").selectOption("1");
    await page.getByLabel("What", { exact: true }).selectOption("create_team");
    await matches(/^One entry matches\.$/);
    await page.getByLabel("When").selectOption("dates");
    await page.getByLabel("To", { exact: true }).fill("2020-01-01");
    await matches("No entry matches.");
    await page.getByLabel("From").fill("2019-01-01");
    await page.getByLabel("To", { exact: true }).fill(new Date().toLocaleDateString("sv"));
    await matches(/^One entry matches\.$/);
  });
});

describe("whether it is what was written", () => {
  const verified = () => page.getByRole("heading", { name: /^All [\d,]+ entries are unchanged$/ });

  test("is verified in the browser, when asked, and compared with the last time", async () => {
    const modules = [];
    page.on("request", (request) => /authority.*\.wasm/.test(request.url()) && modules.push(request.url()));
    await show();
    await matches(/It has never been verified in this browser/);
    assert.deepEqual(modules, []);
    await verify();
    await verified().waitFor();
    await matches(/This browser now remembers where the history ends/);
    assert.equal(modules.length, 1);
    await page.reload();
    await entries().first().waitFor();
    await matches(/Last verified in this browser .* up to entry/);
    await verify();
    await matches(/nothing was rewritten since/);
    await assertAccessible(page);
  });

  /** Changes the log in the authority's answers. */
  const tamper = (change) =>
    page.route("**/v1/audit?*", async (route) => {
      const response = await route.fetch();
      const { events, ...more } = await response.json();
      await route.fulfill({ response, json: { ...more, events: change(events) } });
    });

  const rewritten = (version, from, to) => (events) =>
    events.map((event) => (event.version === version ? { ...event, text: event.text.replace(from, to) } : event));

  test("an entry that was changed is found, wherever it is", async () => {
    await arrive(page, demo.url, "gina");
    for (const [version, from, to] of [
      [last - 2, "ed", "wes"],
      [7, "Support 4", "Support 5"],
      [120, '"actor":{"user":"gina"}', '"actor":{"user":"abe"}'],
    ]) {
      await page.unroute("**/v1/audit?*");
      await tamper(rewritten(version, from, to));
      await visit(page, demo.url, "/access/audit");
      await entries().first().waitFor();
      await verify();
      await page.getByRole("heading", { name: new RegExp(`^Entry ${version + 1} does not fit$`) }).waitFor();
      await matches(/Do not rely on this log/);
      if (version > last - 50)
        await entry(version + 1)
          .getByText("Does not fit")
          .waitFor();
      assert.equal(await verified().count(), 0);
      await assertAccessible(page);
    }
  });

  test("one that cannot be read is shown as such, and does not fit", async () => {
    await arrive(page, demo.url, "gina");
    await tamper(rewritten(last, /.*/s, "nonsense"));
    await visit(page, demo.url, "/access/audit");
    await entry(last).getByText("This entry can’t be read").waitFor();
    await verify();
    await page.getByRole("heading", { name: new RegExp(`^Entry ${last} does not fit$`) }).waitFor();
  });

  test("one that was left out is missed", async () => {
    await arrive(page, demo.url, "gina");
    await tamper((events) => events.filter(({ version }) => version !== 50));
    await visit(page, demo.url, "/access/audit");
    await entries().first().waitFor();
    await verify();
    await page.getByRole("heading", { name: "The authority left out entries" }).waitFor();
  });

  test("a history that is another one altogether is told from the one verified before", async () => {
    await show();
    await verify();
    await verified().waitFor();
    for (const [change, title] of [
      [(kept) => ({ ...kept, head: kept.head.replace(/^./, (first) => (first === "A" ? "B" : "A")) }), "The history was rewritten"],
      [(kept) => ({ ...kept, version: kept.version + 1000 }), "The history is shorter than it was"],
    ]) {
      const name = await page.evaluate(() => Object.keys(localStorage).find((key) => key.startsWith("wicketgate-audit:")));
      const kept = JSON.parse(await page.evaluate((key) => localStorage.getItem(key), name));
      await page.evaluate(([key, text]) => localStorage.setItem(key, text), [name, JSON.stringify(change(kept))]);
      await verify();
      await page.getByRole("heading", { name: title }).waitFor();
      await page.evaluate(([key, text]) => localStorage.setItem(key, text), [name, JSON.stringify(kept)]);
    }
  });

  test("an authority out of reach is said, and asked again", async () => {
    await show();
    await page.route("**/v1/audit?*", (route) => route.abort());
    await verify();
    await page.getByRole("heading", { name: "The history could not be verified" }).waitFor();
    await page.unroute("**/v1/audit?*");
    await page.getByRole("button", { name: "Try again" }).first().click();
    await verified().waitFor();
  });
});

describe("saved", () => {
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  };

  test("as JSON, which others can verify", async () => {
    await show();
    const { name, text } = await save("Export JSON");
    assert.match(name, /^audit-\d{4}-\d\d-\d\d\.json$/);
    const { organization, events } = JSON.parse(text);
    assert.equal(organization, "acme");
    assert.ok(events.length >= last);
    await verifyChain(events);
    await said(page, /as they were written/);
  });

  test("as CSV, all that is looked for, and no formula in it", async () => {
    const gina = await enter(demo, "gina");
    await gina.does({ type: "edit_team", team: "sales", name: "=HYPERLINK(evil)" });
    await gina.does({ type: "edit_team", team: "sales", name: "Sales" });
    await show();
    await page.getByLabel("What", { exact: true }).selectOption("edit_team");
    const { text } = await save("Export CSV");
    const lines = text.trim().split("\r\n");
    assert.ok(lines.length > MANY, `${lines.length} lines`);
    assert.match(lines[0], /entry,time,who,id,what,kind,as written$/);
    assert.ok(lines.slice(1).every((line) => line.includes(",edit_team,")));
    assert.doesNotMatch(text, /(^|,|\r\n)"?[=+@]/);
  });
});

test("whoever may read the log reads it, with as many names as they may know", async () => {
  await show("irina");
  await page.getByLabel("What", { exact: true }).selectOption("suspend_user");
  await matches(/^One entry matches\.$/);
  await assertText(entries().first(), /gina suspended nadia/);
});

test("nobody else: neither by its address nor by asking", async () => {
  await arrive(page, demo.url, "abe");
  assert.equal(await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Audit log" }).count(), 0);
  await visit(page, demo.url, "/access/audit");
  await page.getByRole("heading", { name: "You can’t open this page" }).waitFor();
  assert.equal(await page.evaluate(() => fetch("/v1/audit").then(({ status }) => status)), 403);
});

describe("how it looks", () => {
  for (const [name, options] of LOOKS) {
    test(name, async () => {
      await window.close();
      await open(options);
      await show();
      await photograph(page, `${name}-audit`);
      await assertAccessible(page);
      await verify();
      await page.getByRole("heading", { name: /^All / }).waitFor();
      await page.getByLabel("What", { exact: true }).selectOption("Sharing");
      await matches(/match/);
      await assertAccessible(page);
      await photograph(page, `${name}-audit-verified`);
    });
  }
});
