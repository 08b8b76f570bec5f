// Two browsers on the running demonstration: what one person changes, the other's page shows at once and by itself.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { start } from "../../demo/start.mjs";
import { startDemonstration } from "../edge/demonstration.mjs";
import { assertAccessible, launchBrowser, LOOKS, openWindow, photograph, signIn } from "./browser.mjs";

const ROUNDS = 25;

let demo;
let browser;
let admin;
let other;
before(async () => {
  [demo, browser] = await Promise.all([startDemonstration(), launchBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});
// Each test is about people of its own, so that they share a demonstration.
beforeEach(async () => {
  [admin, other] = await Promise.all([openWindow(browser), openWindow(browser)]);
});
afterEach(() => Promise.all([admin.close(), other.close()]));

const people = ({ page }) => page.locator("details.people");
const person = ({ page }, id) => page.locator(`[data-person="${id}"]`);
const status = ({ page }) => page.locator(".freshness");
const rows = ({ page }) => page.locator("[data-assistant]");

/** Signs both in, the first with the people before them, and marks the second's page: a reload would lose the mark. */
async function enter(one, another, { url } = demo) {
  await Promise.all([signIn(admin.page, url, one), signIn(other.page, url, another)]);
  await people(admin).locator("summary").click();
  await other.page.evaluate(() => { globalThis.mark = "not reloaded"; });
}

const assertNotReloaded = async () => assert.equal(await other.page.evaluate(() => globalThis.mark), "not reloaded");
const said = (words) => people(admin).getByRole("status").getByText(words).waitFor();

async function remove(id) {
  await admin.page.getByRole("button", { name: `Remove ${id}@acme.example` }).click();
  await admin.page.getByRole("dialog").getByRole("button", { name: `Remove ${id}@acme.example` }).click();
}

describe("a change in one browser", () => {
  test("removed: everything vanishes, and the person is signed out for good", async () => {
    await enter("gina", "wes");
    await rows(other).first().waitFor();
    await remove("wes");
    await other.page.getByRole("heading", { name: "Your access was removed" }).waitFor();
    assert.equal(await rows(other).count(), 0);
    assert.equal(await other.page.getByRole("button").count(), 0);
    await assertNotReloaded();
    await said("wes@acme.example is removed.");
    assert.equal(await person(admin, "wes").count(), 0);
    await photograph(other.page, "removed");
    await assertAccessible(other.page);
    // Nor by signing in: only an invitation brings somebody back.
    await other.page.getByRole("link", { name: "Sign in" }).click();
    await other.page.locator('button[value="wes"]').click();
    await other.page.waitForURL(`${demo.url}/`);
    await other.page.getByRole("heading", { name: "Your access was removed" }).waitFor();
    assert.equal(await rows(other).count(), 0);
  });

  test("removed, with somebody to take over: theirs is what the other owned", async () => {
    await enter("gina", "olga");
    await other.page.locator('[data-assistant="helper"]').click();
    assert.equal(await other.page.locator('[data-assistant="draft"]').count(), 0);
    await remove("vic");
    const dialog = admin.page.getByRole("dialog");
    await dialog.getByText("They own assistants").waitFor();
    await dialog.getByRole("button", { name: "Keep" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal(await people(admin).getByRole("alert").count(), 0);
    await remove("vic");
    await dialog.getByText("They own assistants").waitFor();
    assert.deepEqual((await dialog.locator("li").allInnerTexts()).sort(), ["draft", "helper", "site"]);
    await dialog.getByLabel("Taken over by").selectOption("olga");
    await dialog.getByRole("button", { name: "Remove vic@acme.example" }).click();
    await said("vic@acme.example is removed. olga@acme.example took over.");
    await other.page.locator('[data-assistant="draft"]').click();
    await other.page.locator("section.assistant").getByText("You own it").first().waitFor();
    await assertNotReloaded();
  });

  test("suspended: nothing is left until reactivated", async () => {
    await enter("gina", "ben");
    await admin.page.getByRole("button", { name: "Suspend ben@acme.example" }).click();
    await other.page.getByRole("heading", { name: "Your account is suspended" }).waitFor();
    assert.equal(await rows(other).count(), 0);
    await assertNotReloaded();
    await other.page.getByRole("link", { name: "Sign in" }).click();
    await other.page.locator('button[value="ben"]').click();
    await other.page.waitForURL(`${demo.url}/`);
    await other.page.getByRole("heading", { name: "Your account is suspended" }).waitFor();
    assert.equal(await rows(other).count(), 0);
    await admin.page.getByRole("button", { name: "Reactivate ben@acme.example" }).click();
    await said("ben@acme.example is active again.");
    await signIn(other.page, demo.url, "ben");
    await rows(other).first().waitFor();
  });

  test("demoted: the buttons vanish, and come back with the role", async () => {
    await enter("gina", "cora");
    await people(other).waitFor();
    const rights = other.page.locator("details.organization .count");
    const teamOwner = await rows(other).count();
    assert.equal(await rights.innerText(), "8 of 13 rights");
    await admin.page.getByLabel("Role of cora@acme.example").selectOption("user");
    await other.page.getByText("0 of 13 rights").waitFor();
    assert.equal(await people(other).count(), 0);
    assert.ok(await rows(other).count() < teamOwner); // she owned the teams that she had made
    await assertNotReloaded();
    await admin.page.getByLabel("Role of cora@acme.example").selectOption("application_admin");
    await people(other).waitFor();
    assert.equal(await rows(other).count(), teamOwner);
    await assertNotReloaded();
  });

  test("what is refused says why, and changes nothing", async () => {
    await enter("cora", "gina");
    assert.equal(await person(admin, "gina").getByRole("combobox").count(), 0); // beyond her role
    assert.equal(await person(admin, "cora").getByRole("combobox").count(), 0); // her own
    await admin.page.getByRole("button", { name: "Suspend gina@acme.example" }).click();
    await people(admin).getByText("a role that may do more than yours").waitFor();
    await photograph(admin.page, "refused");
    await assertAccessible(admin.page);
    await people(admin).getByLabel("E-mail address").fill("new@acme.example");
    await people(admin).getByRole("combobox", { name: "Role", exact: true }).selectOption("global_admin");
    await people(admin).getByRole("button", { name: "Invite", exact: true }).click();
    await people(admin).getByText("a role that may do more than yours").waitFor();
    await people(admin).getByLabel("E-mail address").fill("ben@acme.example");
    await people(admin).getByRole("combobox", { name: "Role", exact: true }).selectOption("user");
    await people(admin).getByRole("button", { name: "Invite", exact: true }).click();
    await people(admin).getByText("This e-mail address is somebody’s").waitFor();
    assert.equal(await other.page.locator(".signed-out").count(), 0);
    await rows(other).first().waitFor();
  });

  test("signing out in one tab signs out the other", async () => {
    await enter("gina", "dev");
    const tab = await other.context.newPage();
    await tab.goto(demo.url);
    await tab.locator("details.organization").waitFor();
    await tab.getByRole("button", { name: "Sign out" }).click();
    await other.page.getByRole("heading", { name: "You are not signed in" }).waitFor();
    assert.equal(await rows(other).count(), 0);
  });

  test(`it takes the blink of an eye (median of ${ROUNDS})`, async (context) => {
    await enter("gina", "ben");
    await other.page.evaluate(() => {
      globalThis.seen = [];
      globalThis.wavered = [];
      new MutationObserver(() => wavered.push(document.querySelector(".freshness").textContent))
        .observe(document.querySelector(".freshness"), { characterData: true, childList: true, subtree: true, attributes: true });
      const rights = document.querySelector("details.organization .count");
      new MutationObserver(() => seen.push({ rights: rights.textContent, at: performance.timeOrigin + performance.now() }))
        .observe(rights, { characterData: true, childList: true, subtree: true });
    });
    const took = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const role = round % 2 === 0 ? "application_admin" : "user";
      const sent = await admin.page.evaluate(async (role) => {
        const at = performance.timeOrigin + performance.now();
        const response = await fetch("/v1/commands", {
          method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ type: "assign_role", user: "ben", role }),
        });
        if (!response.ok) throw new Error(await response.text());
        return at;
      }, role);
      await other.page.waitForFunction((count) => globalThis.seen.length === count, round + 1);
      const { rights, at } = (await other.page.evaluate(() => seen)).at(-1);
      assert.match(rights, role === "user" ? /^0 of/ : /^8 of/);
      took.push(at - sent);
    }
    await assertNotReloaded();
    assert.deepEqual(await other.page.evaluate(() => wavered), [], "it says that it is live, throughout");
    took.sort((one, another) => one - another);
    const [median, worst] = [took[Math.floor(ROUNDS / 2)], took.at(-1)];
    context.diagnostic(`command sent → the other browser draws the new answer: median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms of ${ROUNDS}`);
  });
});

describe("out of touch", () => {
  test("offline, the page says so and goes on; online again, it catches up by itself", async () => {
    await enter("gina", "elif");
    await status(other).getByText("Live").waitFor();
    const visible = await rows(other).count();
    await other.context.setOffline(true);
    await admin.page.getByLabel("Role of elif@acme.example").selectOption("application_admin");
    await said("elif@acme.example is now Application admin.");
    await status(other).getByText("Offline: as last known").waitFor();
    assert.equal(await rows(other).count(), visible);
    assert.match(await other.page.locator("details.organization .count").innerText(), /^0 of/);
    await photograph(other.page, "offline");
    await assertAccessible(other.page);
    await other.context.setOffline(false);
    await people(other).waitFor();
    await status(other).getByText("Live").waitFor();
    await assertNotReloaded();
  });

  test("so it does where the authority is out of reach, and the network is not", async () => {
    await enter("gina", "farid");
    await status(other).getByText("Live").waitFor();
    await other.context.route("**/v1/**", (route) => route.abort());
    await admin.page.getByLabel("Role of farid@acme.example").selectOption("application_admin");
    await said("farid@acme.example is now Application admin.");
    await status(other).getByText("Out of touch").waitFor(); // it heard that there is more, and cannot have it
    await photograph(other.page, "stale");
    await assertAccessible(other.page);
    await other.context.unrouteAll();
    await people(other).waitFor();
    await status(other).getByText("Live").waitFor();
    await assertNotReloaded();
  });
});

async function signOutAndIn(page, url, person) {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
  await signIn(page, url, person);
}

describe("a restart of the demonstration", () => {
  test("keeps what was changed, and open pages find back by themselves", async () => {
    const dir = await mkdtemp(join(tmpdir(), "wicketgate-"));
    const ports = { port: 0, identityPort: 0, mailPort: 0 };
    let running = await start({ ...ports, dir });
    try {
      await enter("gina", "cora", running);
      await admin.page.getByLabel("Role of cora@acme.example").selectOption("user");
      await other.page.getByText("0 of 13 rights").waitFor();
      const { url, identity } = running;
      await running.dispose();
      running = await start({ ...ports, port: Number(new URL(url).port), dir });
      assert.equal(running.identity.issuer, identity.issuer);
      // Their sessions are still good, and so is the change: taking it back is what the other page shows next.
      await people(admin).getByText("cora@acme.example", { exact: true }).waitFor();
      assert.equal(await admin.page.getByLabel("Role of cora@acme.example").inputValue(), "user");
      await admin.page.getByLabel("Role of cora@acme.example").selectOption("application_admin");
      await other.page.getByText("8 of 13 rights").waitFor();
      await assertNotReloaded();
      // An account that was linked before is known after it.
      await signOutAndIn(other.page, url, "cora");
    } finally {
      await running.dispose();
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe("looks", () => {
  const seen = ["jonas", "kofi", "lena", "nadia"];
  for (const [index, [name, options]] of LOOKS.entries()) {
    test(`${name}: a user, and a suspended one`, async () => {
      await other.close();
      other = await openWindow(browser, options);
      await enter("gina", seen[index]);
      await photograph(other.page, `${name}-user`);
      await admin.page.getByRole("button", { name: `Suspend ${seen[index]}@acme.example` }).click();
      await other.page.getByRole("heading", { name: "Your account is suspended" }).waitFor();
      await photograph(other.page, `${name}-suspended`);
      await assertAccessible(other.page);
    });
  }
});
