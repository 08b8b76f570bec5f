// The list of API keys: states, many keys, loading and failing; and what the audit log says about keys and of what they do.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keyScopes } from "wicketgate/contract";
import {
  ANSWER,
  DAY,
  LONG,
  answerWith,
  createsTeam,
  choose,
  confirmation,
  dialog,
  field,
  fill,
  gina,
  keys,
  listed,
  made,
  menu,
  now,
  press,
  row,
  secretField,
  setUpKeys,
  show,
} from "./api-keys-page.mjs";
import { arrive, assertAccessible, assertCount, assertText, LOOKS, photograph } from "./browser.mjs";
import { demo, open, page } from "./window.mjs";

setUpKeys();

describe("the list", () => {
  test("marks what has expired, who made a key, and when it was used last", async () => {
    await show();
    await answerWith(() => [
      listed({ id: "k_old", name: "Old", expires: now() - 2 * DAY, last_used: now() - 3 * DAY, previous_until: now() + DAY }),
      listed({
        id: "k_maker",
        name: "Maker",
        created_by: undefined,
        last_used: now() - 7200,
        addresses: ["10.0.0.0/8", "192.0.2.1", "192.0.2.2", "192.0.2.3"],
      }),
      listed({ id: "k_made", name: "Made", created_by: "vic", created_via: "k_maker", previous_until: now() - 5 }),
      listed({ id: "k_robot", name: "Robot’s", created_by: undefined, created_via: "k_maker" }),
      listed({ id: "k_new", name: "Newer", scopes: ["read", "telepathy"], expires: now() + 3 * DAY + 60 }),
    ]);
    await page.reload();
    await assertText(row("Old"), /Old Expired[\s\S]*2 days ago\s+3 days ago/);
    await assertCount(row("Old").getByText(/The old secret/), 0);
    await assertText(
      row("Maker"),
      /10\.0\.0\.0\/8, 192\.0\.2\.1, and 2 more\s+yesterday\s*by a person who was removed\s+Never\s+2 hours ago/,
    );
    await assertText(row("Made"), /by vic@acme\.example, with the API key “Maker”/);
    await assertCount(row("Made").getByText(/The old secret/), 0);
    await assertText(row("Robot’s"), /by the API key “Maker”/);
    await assertText(row("Newer"), /Reading, telepathy[\s\S]*in 3 days\s+Never/);
    await assertAccessible(page);
    await choose("Maker", "Revoke");
    await confirmation()
      .getByText(/It was last used 2 hours ago\./)
      .waitFor();
    await confirmation()
      .getByText("2 keys that were created with it stay: Made and Robot’s. Revoke them too", { exact: false })
      .waitFor();
    await confirmation().getByRole("button", { name: "Keep" }).click();
    // An end must be chosen for a key that has expired, and what this page does not know stays.
    await choose("Old", "Edit");
    await dialog().getByText("It has expired. Choose when it expires now.").waitFor();
    await page.keyboard.press("Escape");
    await choose("Newer", "Edit");
    const request = page.waitForRequest("**/v1/commands");
    await dialog().getByRole("checkbox", { name: "Passes", exact: true }).check();
    await press("Save");
    assert.deepEqual((await request).postDataJSON().scopes, ["read", "telepathy", "passes"]);
  });

  test("of two hundred keys draws what is in sight, sorts, and finds", async () => {
    await show();
    const many = Array.from({ length: 200 }, (_, index) =>
      listed({
        id: `k_${index}`,
        name: index === 150 ? LONG : `Export ${index}`,
        last_used: now() - index * 60,
        role: index === 7 ? "auditor" : "user",
      }),
    );
    await answerWith(() => many);
    await page.reload();
    await page.getByRole("region", { name: "API keys" }).waitFor();
    assert.ok((await page.locator("tr[data-row]").count()) < 100);
    assert.equal(await page.locator("table.data").getAttribute("aria-rowcount"), "201");
    await page.getByRole("button", { name: "Last used" }).click();
    await assertText(page.locator("tr[data-row]").first(), /Export 199/);
    await page.getByLabel("Find an API key").fill("żółw λογιστήριο");
    await page.getByText("1 of 200").waitFor();
    await row(LONG).waitFor();
    await assertAccessible(page);
    await page.getByLabel("Find an API key").fill("auditor");
    await row("Export 7").waitFor();
    await page.getByLabel("Find an API key").fill("no such key");
    await page.getByText("No API key matches.").waitFor();
  });

  test("says that it is loading, that it could not be loaded, and that it may be old", async () => {
    await made("Steady");
    await show();
    let answer;
    const held = new Promise((resolve) => {
      answer = resolve;
    });
    await page.route(ANSWER, async (route) => {
      await held;
      await route.abort();
    });
    await page.reload();
    await page.getByText("Loading the API keys").waitFor();
    answer();
    const alert = page.getByRole("alert");
    await alert.getByText("Nothing can be shown yet").waitFor();
    await assertAccessible(page);
    await page.unroute(ANSWER);
    await alert.getByRole("button", { name: "Try again" }).click();
    await row("Steady").waitFor();
    await page.route(ANSWER, (route) => route.abort());
    await gina.does({ type: "edit_team", team: "support", name: "Support" });
    await alert.getByText("This may be out of date").waitFor();
    await row("Steady").waitFor();
  });

  test("is asked for again every minute, because a use makes no new version", async () => {
    await made("Used");
    await open();
    await page.clock.install();
    await arrive(page, demo.url, "gina", "/settings/api-keys");
    await assertText(row("Used"), /Never\s+Never/);
    await answerWith((all) => all.map((key) => ({ ...key, last_used: key.created_at })));
    await page.clock.fastForward(61_000);
    await assertText(row("Used"), /Never\s+(this minute|\d+ minutes? ago)/);
  });
});

describe("the audit log", () => {
  test("says who did what to a key, and finds it from the key", async () => {
    const networks = ["10.20.0.0/16", "2001:db8::/32"];
    const { id: key } = await made("CRM-Abgleich", { scopes: ["commands", "act_as"], expires: now() + DAY, addresses: networks });
    await gina.does({ type: "edit_api_key", key, name: "CRM", scopes: ["commands", "events"] });
    await gina.does({ type: "edit_api_key", key, expires: null, addresses: [] });
    await gina.does({ type: "rotate_api_key", key, grace: 7 * DAY });
    await gina.does({ type: "rotate_api_key", key });
    await gina.does({ type: "revoke_api_key", key: (await made("Nightly")).id });
    await show();
    await choose("CRM", "Show its audit log");
    await page.getByRole("heading", { level: 1, name: "Audit log" }).waitFor();
    for (const words of [
      "created the API key “CRM-Abgleich” as Application admin, for: Commands, On behalf of users, until ",
      "accepted from: 10.20.0.0/16, 2001:db8::/32",
      "changed the API key “CRM”; its name: “CRM”; for: Commands, Audit log",
      "changed the API key “CRM”; its end: none; accepted from: everywhere",
      "gave the API key “CRM” a new secret; the one before is accepted for 7 days",
    ])
      await page.getByText(words, { exact: false }).first().waitFor();
    // The first with a grace, the second without.
    await assertCount(page.getByText("gave the API key “CRM” a new secret"), 2);
    await page.getByLabel("Concerning").fill("Nightly");
    await page.getByText("revoked the API key “Nightly”").waitFor();
  });

  test("names a key that acted, for itself and on behalf of a person, also when it is revoked", async () => {
    const robot = await made("Robot");
    const other = await made("Other");
    assert.deepEqual(
      [
        await createsTeam(robot.secret, "By itself"),
        await createsTeam(robot.secret, "For Abe", "abe"),
        await createsTeam(other.secret, "Too"),
      ],
      [200, 200, 200],
    );
    await gina.does({ type: "revoke_api_key", key: other.id });
    await open();
    await arrive(page, demo.url, "gina", "/access/audit");
    const told = (who, what) => page.locator("tr[data-row]").filter({ hasText: `${who} created the team ${what}` });
    const itself = told("The API key “Robot”", "By itself");
    const onBehalf = told("The API key “Robot” on behalf of abe@acme.example", "For Abe");
    const revoked = told("The API key “Other”", "Too");
    for (const entry of [itself, onBehalf, revoked]) await entry.waitFor();
    await assertAccessible(page);
    // The key finds what it did; the person, what was done on their behalf.
    await page.goto(`${demo.url}/access/audit?thing=${robot.id}`);
    for (const entry of [itself, onBehalf]) await entry.waitFor();
    await assertCount(revoked, 0);
    await page.goto(`${demo.url}/access/audit?person=abe`);
    await onBehalf.waitFor();
    await assertCount(itself, 0);
  });
});

describe("looks", () => {
  for (const [name, options] of LOOKS) {
    test(name, async () => {
      await show("gina", options);
      await answerWith((all) => [
        ...all,
        listed({
          id: "k_7f2q",
          name: "Data warehouse (nightly)",
          role: "auditor",
          scopes: ["read", "events"],
          created_by: "greta",
          last_used: now() - 5 * 3600,
          expires: now() + 90 * DAY,
        }),
        listed({
          id: "k_9xw1",
          name: "Identity provider",
          role: "application_admin",
          scopes: ["provision"],
          addresses: ["192.0.2.0/24", "2001:db8:40::/48"],
          last_used: now() - 60,
          previous_until: now() + DAY,
        }),
        listed({
          id: "k_c03m",
          name: "Pilot",
          role: "global_admin",
          scopes: ["commands", "act_as", "read"],
          expires: now() - 12 * DAY,
          last_used: now() - 20 * DAY,
        }),
        listed({ id: "k_x", name: LONG, scopes: Object.keys(keyScopes), created_by: undefined, created_via: "k_c03m" }),
      ]);
      await page.reload();
      await row("Pilot").waitFor();
      await photograph(page, `${name}-api-keys`);
      await assertAccessible(page);
      await menu(LONG);
      await assertAccessible(page);
      await page.getByRole("menuitem", { name: "Edit" }).click();
      await dialog().waitFor();
      await photograph(page, `${name}-api-keys-edit`);
      await assertAccessible(page);
      await page.keyboard.press("Escape");
      await fill({ name: `Look ${name}`, addresses: "10.0.0.5/24" });
      await photograph(page, `${name}-api-keys-create`);
      await press("Create");
      await dialog()
        .getByText(/is inside a network/)
        .waitFor();
      await assertAccessible(page);
      await field("Accepted from (optional)").fill("");
      await press("Create");
      await secretField().waitFor();
      await photograph(page, `${name}-api-keys-secret`);
      await assertAccessible(page);
      await press("Done");
      await gina.does({ type: "revoke_api_key", key: (await keys()).get(`Look ${name}`).id });
    });
  }
});
