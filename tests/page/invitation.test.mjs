// An invitation from end to end: sent, read on the mail page, opened and accepted, only once.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import {
  assertAccessible,
  assertText,
  chooseAtProvider,
  LOOKS,
  openWindow,
  photograph,
  rowMenu,
  said,
  signIn,
  visit,
} from "./browser.mjs";
import { command, read } from "./requests.mjs";
import { browser, demo, setUp } from "./window.mjs";

/** Tests without a sign-in use other addresses, because the number of e-mails per address is limited. */
const NINA = "nina@acme.example";
let address = NINA;

let admin;
let guest;
setUp();
beforeEach(async () => {
  address = NINA;
  [admin, guest] = await Promise.all([openWindow(browser), openWindow(browser)]);
  await signIn(admin.page, demo.url, "gina");
  await visit(admin.page, demo.url, "/settings/team");
});
afterEach(async () => {
  await forget();
  await Promise.all([admin.close(), guest.close()]);
});

/** Removes the person, so that the next test can invite the same address. */
async function forget() {
  const { organization } = await read(admin.context, demo.url, "/v1/directory");
  const user = organization.users.find(({ email }) => email === address);
  if (!user) return;
  await command(admin.context, demo.url, { type: user.status === "invited" ? "revoke_invitation" : "remove_user", user: user.id });
}

async function invite(role) {
  const earlier = demo.mail.mails().at(-1)?.id ?? 0;
  await admin.page.getByRole("button", { name: "Add user" }).click();
  await admin.page.getByLabel("E-mail address").fill(address);
  await admin.page.getByRole("radio", { name: role }).check();
  await admin.page.getByRole("button", { name: "Invite", exact: true }).click();
  await said(admin.page, /The e-mail is on its way/);
  await admin.page.getByRole("dialog").waitFor({ state: "detached" });
  return demo.mail.waitForMail(address, ({ id }) => id > earlier);
}

const row = () => admin.page.locator("tr[data-row]").filter({ hasText: address });

/** Opens the link as the person who got the e-mail. */
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

const entered = ({ page }) => page.getByRole("navigation", { name: "Console" }).waitFor();
const refused = async ({ page }) => page.locator(".signed-out .problem").innerText();

test("invited, accepted with the role, and seen by the one who invited", async () => {
  const mail = await invite("Application admin");
  assert.match(mail.links[0], new RegExp(`^${demo.url}/invitation#wi_[A-Za-z0-9_-]{43}$`));
  await row().getByText("Invited", { exact: true }).waitFor();
  await followMail(guest, mail);
  assert.equal(guest.page.url(), `${demo.url}/invitation`);
  await accept(guest, "nina");
  await entered(guest);
  await assertText(guest.page.locator(".account .who"), /Application admin$/);
  await visit(guest.page, demo.url, "/me");
  await guest.page.getByText("8 of 13 rights").waitFor();
  await row().getByText("Active", { exact: true }).waitFor();
});

test("the secret is out of the address and the history, and in no address or body but its own", async () => {
  const mail = await invite("User");
  const [, token] = mail.links[0].split("#");
  const carried = [];
  guest.context.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (`${request.url()}${request.headers().referer ?? ""}${request.postData() ?? ""}`.includes(token)) carried.push(pathname);
  });
  await followMail(guest, mail);
  await accept(guest, "nina");
  await entered(guest);
  assert.deepEqual(carried, ["/v1/invitation"]);
  await guest.page.goBack();
  assert.ok(!guest.page.url().includes(token));
  await guest.page.goto(`${demo.url}/invitation`);
  await guest.page.getByText("This address is incomplete").waitFor();
});

test("the link works once", async () => {
  const mail = await invite("User");
  await followMail(guest, mail);
  await accept(guest, "nina");
  await entered(guest);
  const second = await openWindow(browser);
  await followMail(second, mail);
  await accept(second, "otto");
  assert.match(await refused(second), /it was already used, withdrawn/);
  await second.close();
});

test("and for the invited address alone", async () => {
  const mail = await invite("Application admin");
  await followMail(guest, mail);
  await accept(guest, "otto");
  assert.match(await refused(guest), /another e-mail address than the one that was invited/);
  await followMail(guest, mail);
  await accept(guest, "nina");
  await entered(guest);
});

test("sent again, the old link is void; withdrawn, the new one too", async () => {
  address = "nina+again@acme.example";
  const first = await invite("User");
  await admin.page.getByRole("tab", { name: "Pending invitations (1)" }).click();
  const id = await row().getAttribute("data-row");
  await rowMenu(admin.page, id, "Send again");
  const second = await demo.mail.waitForMail(address, ({ id }) => id > first.id);
  await followMail(guest, first);
  await accept(guest, "nina");
  assert.match(await refused(guest), /replaced by a newer one/);
  await rowMenu(admin.page, id, "Withdraw");
  await admin.page.getByText("There are no pending invitations.").waitFor();
  await followMail(guest, second);
  await accept(guest, "nina");
  assert.match(await refused(guest), /withdrawn/);
});

for (const [name, options] of LOOKS) {
  test(`looks, ${name}: the form, the mail, the landing page`, async () => {
    address = `nina+${name}@acme.example`;
    await admin.close();
    admin = await openWindow(browser, options);
    await signIn(admin.page, demo.url, "gina");
    await visit(admin.page, demo.url, "/settings/team");
    const mail = await invite("User");
    await admin.page.getByRole("tab", { name: "Pending invitations (1)" }).click();
    await row().waitFor();
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
