// API keys: created, shown once, changed, given a new secret, revoked, within one's own role; with the keyboard too.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keyScopes, patterns } from "wicketgate/contract";
import { setPlan } from "../edge/demonstration.mjs";
import {
  ANSWER,
  DAY,
  answerWith,
  choices,
  choose,
  confirmation,
  createsTeam,
  dialog,
  field,
  fill,
  gina,
  keys,
  made,
  menu,
  menuButton,
  newKey,
  now,
  press,
  row,
  secretField,
  setUpKeys,
  show,
} from "./api-keys-page.mjs";
import { assertAccessible, assertCount, assertMenuDenied, assertText, complaintsOf, focused, PHONE, said } from "./browser.mjs";
import { assertRefused, read } from "./requests.mjs";
import { demo, page, window } from "./window.mjs";

setUpKeys();

const SECRET = new RegExp(patterns.apiKey, "u");

/** Everything that the browser keeps for the page, and its address. */
const kept = () =>
  page.evaluate(async () =>
    JSON.stringify([
      location.href,
      history.state,
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      ...(await Promise.all(
        (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)),
      )),
      (await indexedDB.databases()).map(({ name }) => name),
    ]),
  );

describe("an API key", () => {
  test("is created, and its secret is shown once, copied, and kept nowhere", async () => {
    await show();
    await answerWith(() => []);
    await page.reload();
    const complaints = complaintsOf(page);
    const logged = [];
    page.on("console", (message) => logged.push(message.text()));
    await page.getByText("There are no API keys.").waitFor();
    await page.getByText("Its secret is shown once, when the key is created.").waitFor();
    await assertAccessible(page);
    await page.unroute(ANSWER);
    await newKey().click();
    await focused(field("Name"));
    await dialog().getByText("Enter a name.").waitFor();
    for (const meaning of Object.values(keyScopes)) await dialog().getByText(meaning, { exact: true }).waitFor();
    await assertAccessible(page);
    await field("Name").fill("CRM-Abgleich für Zürich");
    await dialog().getByText("Choose what it may be used for.").waitFor();
    await dialog().getByRole("checkbox", { name: "Commands", exact: true }).check();
    await dialog().getByRole("checkbox", { name: "On behalf of users", exact: true }).check();
    await dialog().getByText("Choose a role.").waitFor();
    await field("Name").press("Enter");
    await dialog().getByRole("radio", { name: "Application admin", exact: true }).check();
    await field("Expires").selectOption("30");
    await field("Accepted from (optional)").fill("10.20.0.0/16\n\n 2001:DB8::/32 \n192.0.2.7");
    await press("Create");

    await secretField().waitFor();
    const secret = await secretField().inputValue();
    assert.match(secret, SECRET);
    await focused(secretField());
    assert.match(
      await secretField().evaluate((input) => document.getElementById(input.getAttribute("aria-describedby")).textContent),
      /shown only now/,
    );
    await said(page, "CRM-Abgleich für Zürich is created. Copy its secret now.");
    await assertAccessible(page);
    await window.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await dialog().getByRole("button", { name: "Copy: the secret" }).click();
    await said(page, "Copied: the secret.");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
    assert.ok(!(await kept()).includes(secret));

    await press("Done");
    await dialog().waitFor({ state: "detached" });
    await focused(newKey());
    assert.ok(!(await page.content()).includes(secret));
    assert.ok(!(await kept()).includes(secret));
    await page.goBack();
    await page.goForward();
    await row("CRM-Abgleich für Zürich").waitFor();
    assert.ok(!(await page.content()).includes(secret));
    assert.ok(!JSON.stringify(await read(window.context, demo.url, "/v1/api-keys")).includes(secret));
    assert.deepEqual([complaints, logged.filter((text) => text.includes(secret))], [[], []]);

    const key = (await keys()).get("CRM-Abgleich für Zürich");
    assert.deepEqual(
      [key.role, key.scopes, key.addresses, key.created_by],
      ["application_admin", ["commands", "act_as"], ["10.20.0.0/16", "192.0.2.7", "2001:db8::/32"], "gina"],
    );
    assert.ok(Math.abs(key.expires - now() - 30 * DAY) < 600);
    await assertText(
      row("CRM-Abgleich für Zürich"),
      /Application admin\s+Commands, On behalf of users\s+10\.20\.0\.0\/16, 192\.0\.2\.7, and 2001:db8::\/32\s+this minute\s+by gina@acme\.example\s+in (29|30) days\s+Never/,
    );
    await assertAccessible(page);
  });

  test("its faults are said at the field, which gets the focus", async () => {
    await show();
    await fill({ name: "Faulty", addresses: "192.0.2.0/24\n10.0.0.5/24" });
    await press("Create");
    const addresses = field("Accepted from (optional)");
    await dialog().getByText("10.0.0.5/24: is inside a network: expected 10.0.0.0/24.", { exact: true }).waitFor();
    await focused(addresses);
    assert.equal(await addresses.getAttribute("aria-invalid"), "true");
    await assertAccessible(page);
    await addresses.fill("our office");
    await press("Create");
    await dialog()
      .getByText(/^our: expected an IP address or a network/)
      .waitFor();
    await addresses.fill("");
    await field("Name").fill("Faulty\u200b");
    await press("Create");
    await dialog()
      .getByText(/^The name: /)
      .waitFor();
    await focused(field("Name"));
    assert.ok(!(await keys()).has("Faulty"));
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await focused(newKey());
  });

  test("is changed: only what differs is sent, and its role stays", async () => {
    const { id } = await made("CRM-Abgleich", {
      scopes: ["commands", "act_as"],
      expires: now() + 30 * DAY,
      addresses: ["10.20.0.0/16"],
    });
    await show();
    const sent = [];
    page.on("request", (request) => request.url().endsWith("/v1/commands") && sent.push(request.postDataJSON()));
    await choose("CRM-Abgleich", "Edit");
    await dialog().getByText("Nothing is changed.").waitFor();
    await dialog()
      .getByText(/^Role: Application admin\./)
      .waitFor();
    assert.equal(await dialog().getByRole("radio").count(), 0);
    await field("Name").fill("CRM");
    await dialog().getByRole("checkbox", { name: "Audit log", exact: true }).check();
    await assertAccessible(page);
    await press("Save");
    await said(page, "CRM is changed.");
    assert.deepEqual(sent.at(-1), { type: "edit_api_key", key: id, name: "CRM", scopes: ["commands", "act_as", "events"] });
    await focused(menuButton("CRM"));
    await choose("CRM", "Edit");
    await field("Expires").selectOption("never");
    await field("Accepted from (optional)").fill("");
    await press("Save");
    await assertText(row("CRM"), /Commands, On behalf of users, Audit log\s+Everywhere[\s\S]*Never\s+Never/);
    assert.deepEqual(sent.at(-1), { type: "edit_api_key", key: id, expires: null, addresses: [] });
  });

  test("gets a new secret, and the old one is accepted for as long as one chooses", async () => {
    const old = await made("Ticket system");
    await show();
    await choose("Ticket system", "Give it a new secret");
    assert.deepEqual(await choices(), ["Not at all", "For 1 hour", "For 1 day", "For 7 days"]);
    await dialog().getByRole("radio", { name: "For 7 days" }).check();
    await assertAccessible(page);
    await press("Make a new secret");
    await dialog().getByText("The old secret is accepted for 7 days. Give your server the new one before.").waitFor();
    const first = await secretField().inputValue();
    assert.match(first, SECRET);
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    assert.deepEqual([await createsTeam(old.secret, "Old"), await createsTeam(first, "Newer")], [200, 200]);
    await assertText(row("Ticket system"), /Never\s+(this minute|1 minute ago)/);
    await row("Ticket system")
      .getByText(/^The old secret is accepted until /)
      .waitFor();
    assert.ok(Math.abs((await keys()).get("Ticket system").previous_until - now() - 7 * DAY) < 600);
    await assertAccessible(page);

    await choose("Ticket system", "Give it a new secret");
    await dialog().getByText("An older secret is still accepted").waitFor();
    await dialog().getByRole("radio", { name: "Not at all" }).check();
    await press("Make a new secret");
    await dialog().getByText("The old secret is not accepted any more.").waitFor();
    const second = await secretField().inputValue();
    assert.match(second, SECRET);
    assert.notEqual(second, first);
    assert.deepEqual([await createsTeam(first, "Refused"), await createsTeam(second, "New")], [401, 200]);
    await press("Done");
    await assertCount(row("Ticket system").getByText(/^The old secret is accepted/), 0);
    assert.equal((await keys()).get("Ticket system").previous_until, undefined);
    await focused(menuButton("Ticket system"));
  });

  test("is revoked, after the page says what stops", async () => {
    const { secret } = await made("Nightly");
    await show();
    await choose("Nightly", "Revoke");
    await confirmation()
      .getByText("Every request with this key is refused at once, and what uses it stops working. It has never been used.")
      .waitFor();
    await assertAccessible(page);
    await confirmation().getByRole("button", { name: "Keep" }).click();
    await focused(menuButton("Nightly"));
    await choose("Nightly", "Revoke");
    await confirmation().getByRole("button", { name: "Revoke" }).click();
    await said(page, "Nightly is revoked.");
    await assertCount(row("Nightly"), 0);
    assert.ok(!(await keys()).has("Nightly"));
    assert.equal(await createsTeam(secret, "Too late"), 401);
    // Not lost with the row: the row in its place has it.
    await focused(menuButton("Ticket system"));
  });

  test("that somebody else revokes meanwhile is said to be revoked", async () => {
    await show();
    const { id: key } = await made("Gone");
    await choose("Gone", "Edit");
    await gina.does({ type: "revoke_api_key", key });
    await assertCount(row("Gone"), 0);
    await field("Name").fill("Back");
    await press("Save");
    await dialog().getByText("This API key was revoked already.").waitFor();
  });
});

describe("bounds", () => {
  test("nobody gives a key more than they have, and nothing is done to a key that has more", async () => {
    const { id } = await made("Strong");
    await show("nadia");
    await menu("Strong");
    for (const action of ["Edit", "Give it a new secret", "Revoke"])
      await assertMenuDenied(page, action, /Its role, Application admin, grants more than yours\. Ask a global admin\./);
    assert.equal(await page.getByRole("menuitem", { name: "Show its audit log" }).count(), 0);
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    await newKey().click();
    const roles = await choices();
    assert.deepEqual(roles, ["User", "Inviter", "Key keeper"]);
    await dialog().getByText("Nothing, because a key is in no team.").waitFor();
    await field("Name").fill("Nadia’s");
    await dialog().getByRole("radio", { name: "Inviter" }).check();
    await dialog().getByRole("checkbox", { name: "Commands" }).check();
    await press("Create");
    await secretField().waitFor();
    await press("Done");
    await assertText(row("Nadia’s"), /by nadia/);
    await assertRefused(window.context, demo.url, { type: "rotate_api_key", key: id }, "beyond_own_role");
    const beyond = { type: "create_api_key", name: "Beyond", role: "global_admin", scopes: ["commands"] };
    await assertRefused(window.context, demo.url, beyond, "beyond_own_role");
    await choose("Nadia’s", "Revoke");
    await confirmation().getByRole("button", { name: "Revoke" }).click();
    await assertCount(row("Nadia’s"), 0);
  });

  test("who may not manage keys has no such page, and its address says whose it is", async () => {
    await show("abe");
    await page.getByRole("heading", { name: "You can’t open this page" }).waitFor();
    await page
      .locator("main")
      .getByText(/A global admin can do this\. Ask (gina|greta)@acme\.example/)
      .waitFor();
    assert.equal(await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "API keys" }).count(), 0);
    await assertAccessible(page);
    const response = await window.context.request.get(`${demo.url}/v1/api-keys`);
    assert.deepEqual([response.status(), (await response.json()).code], [403, "not_allowed"]);
  });

  test("a plan without API keys closes the page, also while it is open", async () => {
    await made("Planned");
    await show();
    await row("Planned").waitFor();
    const { plan } = (await read(window.context, demo.url, "/v1/workspace")).organization;
    await setPlan(demo, { ...plan, withholds: [...plan.withholds, "panel.api_keys"] });
    await page
      .locator("main")
      .getByText(/plan \(pro\) does not include it\. The operator of the service can change the plan\./)
      .waitFor();
    assert.equal(await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "API keys" }).count(), 0);
    await assertAccessible(page);
    await setPlan(demo, plan);
    await row("Planned").waitFor();
  });
});

test("everything can be done with the keyboard, on a phone too", async () => {
  await show("gina", PHONE);
  await newKey().focus();
  await page.keyboard.press("Enter");
  await focused(field("Name"));
  await page.keyboard.type("Tastatur");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await focused(dialog().getByRole("radio", { name: "Application admin", exact: true }));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await field("Name").press("Enter");
  await focused(secretField());
  await page.keyboard.press("Tab");
  await focused(dialog().getByRole("button", { name: "Copy: the secret" }));
  await page.keyboard.press("Escape");
  await focused(newKey());
  await assertText(
    row("Tastatur"),
    /Application admin · Commands · never used\s+Accepted from everywhere · created this minute by gina@acme\.example/,
  );
  await menuButton("Tastatur").press("Enter");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await confirmation().waitFor();
  await page.keyboard.press("Escape");
  await focused(menuButton("Tastatur"));
  await gina.does({ type: "revoke_api_key", key: (await keys()).get("Tastatur").id });
});
