// Several organizations of one deployment, in one browser: each at its own host, and the switch between those of one person.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { until } from "../lib/until.mjs";
import { assertAccessible, chooseAtProvider, openWindow } from "./browser.mjs";
import { browser, demo, setUp } from "./window.mjs";

setUp();
let window;
beforeEach(async () => {
  window = await openWindow(browser);
});
afterEach(() => window.close());

const navigation = () => window.page.getByRole("navigation", { name: "Console" });

async function enter(url, person) {
  const { page } = window;
  await page.goto(url);
  await page.getByRole("link", { name: "Sign in" }).click();
  await chooseAtProvider(page, person);
  await navigation().waitFor();
}

const listed = () =>
  window.page.evaluate(async () => (await (await fetch("/v1/session/organizations")).json()).organizations.map(({ name }) => name));

test("a person in two of them switches in the header, and signs in to each", async () => {
  const { page } = window;
  const [kaffe, lykeio] = demo.platform;
  await enter(kaffe, "signe");
  assert.equal(await page.getByRole("button", { name: /switch to another/ }).count(), 0);
  await enter(lykeio, "signe");
  await until(async () => (await listed()).length === 2, "both are listed");
  await page.goto(kaffe);
  await page.getByRole("button", { name: "Organization Kaffeverket i Åre: switch to another" }).click();
  const menu = page.getByRole("navigation", { name: "Your organizations" });
  assert.equal(await menu.getByRole("link", { name: "Kaffeverket i Åre" }).getAttribute("aria-current"), "true");
  await assertAccessible(page);
  await menu.getByRole("link", { name: "Λύκειο Αθηνών" }).click();
  await page.waitForURL(`${lykeio}/`);
  await navigation().waitFor();
  await page.getByRole("button", { name: "Organization Λύκειο Αθηνών: switch to another" }).waitFor();
});

test("a session of one is nothing in another, and a person in one gets no menu", async () => {
  const { page } = window;
  const [kaffe, lykeio] = demo.platform;
  await enter(kaffe, "bjorn");
  assert.deepEqual(await listed(), ["Kaffeverket i Åre"]);
  for (const url of [lykeio, demo.url]) {
    await page.goto(url);
    await page.getByRole("link", { name: "Sign in" }).waitFor();
  }
  await page.goto(kaffe);
  await navigation().waitFor();
  assert.equal(await page.getByRole("button", { name: /switch to another/ }).count(), 0);
});

test("at the apex a person signs in, creates an organization and lands in it", async () => {
  const { page } = window;
  await page.goto(demo.apex);
  await assertAccessible(page);
  await page.getByRole("link", { name: "Sign in" }).click();
  await chooseAtProvider(page, "nina");
  await page.getByRole("heading", { name: "Create an organization" }).waitFor();
  await page.getByLabel("Name").fill("Nina’s Bakery");
  await page.getByLabel("Address").fill("lykei0");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("alert").getByText("looks like another one").waitFor();
  await page.getByLabel("Address").fill("ninas-bakery");
  await assertAccessible(page);
  await page.getByRole("button", { name: "Create" }).click();
  await chooseAtProvider(page, "nina");
  await navigation().waitFor();
  assert.equal(new URL(page.url()).hostname, "ninas-bakery.apex.localhost");
  await page.goto(demo.apex);
  await until(async () => {
    await page.reload();
    await page.getByRole("heading", { name: "Create an organization" }).waitFor();
    return (await page.getByRole("link", { name: "Nina’s Bakery" }).count()) === 1;
  }, "it is listed");
});
