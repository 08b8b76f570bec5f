// Webhooks: created, tried, failing, switched off and on, changed, deleted; and what people see who may not manage them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { behaviours, startReceiver } from "../lib/receiver.mjs";
import { verifyWebhook } from "../lib/verify-webhook.mjs";
import { arrive, assertAccessible, assertCount, said } from "./browser.mjs";
import { demo, open, page, setUp } from "./window.mjs";

setUp();

let receiver;
before(async () => {
  receiver = await startReceiver();
});
after(() => receiver?.stop());

async function show(person, path = "/settings/webhooks", options) {
  await open(options);
  await arrive(page, demo.url, person, path);
}

const row = (name) => page.locator("tr[data-row]").filter({ has: page.getByText(name, { exact: true }) });
const dialog = () => page.getByRole("dialog");

async function create(name, url = receiver.url) {
  await page.getByRole("button", { name: "New webhook" }).click();
  await dialog().getByLabel("Name", { exact: true }).fill(name);
  await dialog().getByLabel("Address", { exact: true }).fill(url);
  await dialog().getByRole("button", { name: "Create" }).click();
}

async function choose(name, action) {
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

describe("a webhook", () => {
  test("is created, tried with a test event, and shows what the receiver answered", async () => {
    await show("gina");
    await page.getByText("There are no webhooks.").waitFor();
    await assertAccessible(page);
    await create("Ticket system");
    await said(page, /Ticket system is created/);
    await row("Ticket system").getByText("Active", { exact: true }).waitFor();
    await choose("Ticket system", "Send a test event");
    await said(page, /The receiver accepted it \(204\)/);
    await row("Ticket system").getByText("Accepted (204)").waitFor();
    assert.equal(JSON.parse(receiver.received.at(-1).body).type, "test");
    await assertAccessible(page);
    await page.getByRole("link", { name: "Ticket system" }).click();
    await page.getByRole("heading", { name: "Ticket system", level: 1 }).waitFor();
    await page.getByText(receiver.url).waitFor();
    await page.getByRole("table", { name: "Deliveries" }).getByText("Accepted (204)").waitFor();
    await assertAccessible(page);
  });

  test("a failing receiver is shown, and an event is sent again", async () => {
    await show("gina");
    await create("Billing");
    await said(page, /Billing is created/);
    receiver.behaviour = behaviours.fails;
    await choose("Ticket system", "Switch off");
    await row("Billing").getByText("Failing", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Billing" }).click();
    await page.getByText("The receiver does not accept events").waitFor();
    await page.getByText("Refused (500)").first().waitFor();
    await assertAccessible(page);
    receiver.behaviour = behaviours.accepts;
    await page.getByRole("button", { name: /^Actions for disable_webhook, version/ }).click();
    await page.getByRole("menuitem", { name: "Send again" }).click();
    await said(page, /The receiver accepted it/);
    // It is also sent by itself, some seconds later.
    await page.getByText("The receiver does not accept events").waitFor({ state: "detached", timeout: 20_000 });
  });

  test("is changed, switched off and on, and deleted", async () => {
    await show("gina");
    await row("Ticket system").getByText("Switched off", { exact: true }).waitFor();
    await choose("Ticket system", "Switch on");
    await row("Ticket system").getByText("Active", { exact: true }).waitFor();
    await choose("Ticket system", "Edit");
    await dialog().getByLabel("Name", { exact: true }).fill("Tickets");
    await dialog().getByRole("radio", { name: "Chosen events" }).check();
    await dialog().getByRole("checkbox", { name: "suspend_user" }).check();
    await dialog().getByRole("checkbox", { name: "remove_user" }).check();
    await assertAccessible(page);
    await dialog().getByRole("button", { name: "Save" }).click();
    await row("Tickets").getByText("2 kinds").waitFor();
    for (const name of ["Tickets", "Billing"]) {
      await choose(name, "Delete");
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
      await assertCount(row(name), 0);
    }
    await page.getByText("There are no webhooks.").waitFor();
  });

  test("an address that may not be called is refused in words", async () => {
    await show("gina");
    await create("Inside", "https://10.0.0.1/in");
    await dialog()
      .getByText(/The address can’t be used: expected a host on the internet/)
      .waitFor();
    await dialog().getByLabel("Address", { exact: true }).fill("https://hooks.acme.example/in?token=secret");
    await dialog().getByRole("button", { name: "Create" }).click();
    await said(page, /Inside is created/);
    await choose("Inside", "Delete");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await assertCount(row("Inside"), 0);
  });
});

test("shows the public key in the form of the specification", async () => {
  await show("gina");
  const key = await page.locator(".webhook-keys code").first().innerText();
  const tests = receiver.received.filter(({ body }) => JSON.parse(body).type === "test");
  verifyWebhook(tests.at(-1), [key]);
});

test("the audit log says who did what, without the secret of an address", async () => {
  await show("gina", "/access/audit");
  await page
    .getByText(/created the webhook “Ticket system” to http:\/\/localhost:\d+/)
    .first()
    .waitFor();
  await page
    .getByText(/changed the webhook w_\S+; its address: http:\/\/localhost:\d+; its name: “Tickets”; its events: /)
    .first()
    .waitFor();
  assert.equal(await page.getByText("token=secret").count(), 0);
});

test("who may not manage webhooks sees why", async () => {
  await show("abe");
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.getByRole("button", { name: "New webhook" }).count(), 0);
  await page
    .getByText(/Your role does not|needs|ask/i)
    .first()
    .waitFor();
  assert.equal(await page.getByRole("navigation").getByRole("link", { name: "Webhooks" }).count(), 0);
});
