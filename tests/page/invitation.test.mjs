// An invitation from end to end: sent, read on the mail page, followed, accepted; and once only.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { startDemonstration } from "../edge/demonstration.mjs";
import { assertAccessible, chooseAtProvider, launchBrowser, LOOKS, openWindow, photograph, signIn } from "./browser.mjs";

const ADDRESS = "nina@acme.example";

let demo;
let browser;
let admin;
let guest;
before(async () => {
  [demo, browser] = await Promise.all([startDemonstration(), launchBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});
beforeEach(async () => {
  [admin, guest] = await Promise.all([openWindow(browser), openWindow(browser)]);
  await signIn(admin.page, demo.url, "gina");
  await admin.page.locator("details.people summary").click();
});
afterEach(async () => {
  await forget();
  await Promise.all([admin.close(), guest.close()]);
});

/** So that the next test can invite at the same address. */
async function forget() {
  const { request } = admin.context;
  const { organization } = await (await request.get(`${demo.url}/v1/directory`)).json();
  const user = organization.users.find(({ email }) => email === ADDRESS);
  if (!user) return;
  const command = { type: user.status === "invited" ? "revoke_invitation" : "remove_user", user: user.id };
  const response = await request.post(`${demo.url}/v1/commands`, { headers: { Origin: demo.url }, data: command });
  assert.equal(response.status(), 200, await response.text());
}

const panel = () => admin.page.locator("details.people");

async function invite(role) {
  const earlier = demo.mail.mails().at(-1)?.id ?? 0;
  await panel().getByLabel("E-mail address").fill(ADDRESS);
  await panel().getByRole("combobox", { name: "Role", exact: true }).selectOption(role);
  await panel().getByRole("button", { name: "Invite", exact: true }).click();
  await panel().getByText(/The mail is on its way/).waitFor();
  return demo.mail.waitForMail(ADDRESS, ({ id }) => id > earlier);
}

/** As somebody does who got the mail. */
async function followMail({ page }, { id }) {
  await page.goto(demo.mail.url);
  await page.locator(`a[href="/mails/${id}"]`).click();
  await page.locator("pre a").click();
  await page.getByRole("heading", { name: "You are invited" }).waitFor();
}

async function accept({ page }, person) {
  await page.getByRole("button", { name: "Accept and sign in" }).click();
  await chooseAtProvider(page, person);
}

const refused = async ({ page }) => page.locator(".signed-out .problem").innerText();

test("invited, accepted with the role, and seen by the one who invited", async () => {
  const mail = await invite("application_admin");
  assert.match(mail.links[0], new RegExp(`^${demo.url}/invitation#wi_[A-Za-z0-9_-]{43}$`));
  const row = admin.page.locator("[data-person]").filter({ hasText: ADDRESS });
  await row.getByText("invited", { exact: true }).waitFor();
  await followMail(guest, mail);
  assert.equal(guest.page.url(), `${demo.url}/invitation`);
  await accept(guest, "nina");
  await guest.page.locator("details.organization").waitFor();
  assert.match(await guest.page.locator(".account .who").innerText(), /Application admin$/);
  assert.equal(await guest.page.locator("details.organization .count").innerText(), "8 of 13 rights");
  await row.getByText("invited", { exact: true }).waitFor({ state: "detached" });
});

test("the secret is out of the address and the history, and in no address or body but its own", async () => {
  const mail = await invite("user");
  const [, token] = mail.links[0].split("#");
  const carried = [];
  guest.context.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (`${request.url()}${request.headers().referer ?? ""}${request.postData() ?? ""}`.includes(token)) carried.push(pathname);
  });
  await followMail(guest, mail);
  await accept(guest, "nina");
  await guest.page.locator("details.organization").waitFor();
  assert.deepEqual(carried, ["/v1/invitation"]);
  await guest.page.goBack();
  assert.ok(!guest.page.url().includes(token));
  await guest.page.goto(`${demo.url}/invitation`);
  await guest.page.getByText("This address is not complete").waitFor();
});

test("the link works once", async () => {
  const mail = await invite("user");
  await followMail(guest, mail);
  await accept(guest, "nina");
  await guest.page.locator("details.organization").waitFor();
  const second = await openWindow(browser);
  await followMail(second, mail);
  await accept(second, "otto");
  assert.match(await refused(second), /it was used already, or withdrawn/);
  await second.close();
});

test("and for the invited address alone", async () => {
  const mail = await invite("application_admin");
  await followMail(guest, mail);
  await accept(guest, "otto");
  assert.match(await refused(guest), /another e-mail address than the one that was invited/);
  await followMail(guest, mail);
  await accept(guest, "nina");
  await guest.page.locator("details.organization").waitFor();
});

test("sent again, the old link is void; withdrawn, the new one too", async () => {
  const first = await invite("user");
  const row = admin.page.locator("[data-person]").filter({ hasText: ADDRESS });
  await row.getByRole("button", { name: "Send again" }).click();
  const second = await demo.mail.waitForMail(ADDRESS, ({ id }) => id > first.id);
  await followMail(guest, first);
  await accept(guest, "nina");
  assert.match(await refused(guest), /replaced by a newer one/);
  await row.getByRole("button", { name: "Withdraw" }).click();
  await row.waitFor({ state: "detached" });
  await followMail(guest, second);
  await accept(guest, "nina");
  assert.match(await refused(guest), /withdrawn/);
});

for (const [name, options] of LOOKS) {
  test(`looks, ${name}: the form, the mail, the landing page`, async () => {
    await admin.close();
    admin = await openWindow(browser, options);
    await signIn(admin.page, demo.url, "gina");
    await admin.page.locator("details.people summary").click();
    const mail = await invite("user");
    await admin.page.getByLabel("Find a person").fill(ADDRESS);
    await photograph(admin.page, `${name}-invited`);
    await assertAccessible(admin.page);
    await admin.page.goto(demo.mail.url);
    await photograph(admin.page, `${name}-mails`);
    await assertAccessible(admin.page);
    await admin.page.goto(`${demo.mail.url}/mails/${mail.id}`);
    await photograph(admin.page, `${name}-mail`);
    await assertAccessible(admin.page);
    await admin.page.locator("pre a").click();
    await admin.page.getByRole("heading", { name: "You are invited" }).waitFor();
    await photograph(admin.page, `${name}-invitation`);
    await assertAccessible(admin.page);
  });
}
