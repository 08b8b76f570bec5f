// The browser for the page tests, and the actions and assertions that they share.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { eventually } from "../lib/until.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export { launch as launchBrowser } from "../lib/browser.mjs";

/** Console messages of the browser about a refused request or a closed connection: tests cause both on purpose. */
const MEANT = /^(Failed to load resource|WebSocket connection to .* failed)/;

/** Collects the page's script errors, and its errors and warnings in the console, from now on. */
export function complaintsOf(page) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !MEANT.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

/**
 * A browser of its own, as far as cookies and storage go. `close` fails where a script failed or a policy was violated meanwhile;
 * answers that are meant to be refused do not count, nor does what the test `expects`.
 */
export async function openWindow(browser, { expects = /^$/, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(20_000);
  const complaints = [];
  context.on("weberror", (error) => complaints.push(error.error().message));
  context.on("console", (message) => {
    if (message.type() === "error" && !MEANT.test(message.text()) && !expects.test(message.text())) complaints.push(message.text());
  });
  return {
    context,
    page: await context.newPage(),
    async close() {
      // A route that still answers finds the page closed.
      for (const page of context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
      await context.close();
      assert.deepEqual(complaints, []);
    },
  };
}

/** Signs in: the button, the identity provider's page, and back. */
export async function signIn(page, url, person) {
  await page.goto(url);
  await page.getByRole("link", { name: "Sign in" }).click();
  await chooseAtProvider(page, person);
  await signedIn(page, person);
}

/** The cookies of people who have signed in, by address and person. */
const sessions = new Map();

/** Opens a page of the console as a person. They sign in once per test file, and again if that session has ended. */
export async function arrive(page, url, person, path = "/") {
  const context = page.context();
  const whose = `${url} ${person}`;
  await context.addCookies(sessions.get(whose) ?? []);
  const navigation = page.getByRole("navigation", { name: "Console" });
  if (sessions.has(whose)) {
    await page.goto(url + path);
    await navigation
      .or(page.getByRole("link", { name: "Sign in" }))
      .first()
      .waitFor({ state: "attached" });
  }
  if ((await navigation.count()) === 0) {
    await signIn(page, url, person);
    sessions.set(whose, await context.cookies(url));
    await page.goto(url + path);
  }
  await signedIn(page, person);
}

export async function chooseAtProvider(page, person) {
  await page.getByRole("heading", { name: "Choose who you are" }).waitFor();
  await page.locator(`button[value="${person}"]`).click();
}

/** Opens a window with a page of the console, as a person. */
export async function signedIn(page, person) {
  await page.getByRole("navigation", { name: "Console" }).waitFor();
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.locator(".account strong").innerText(), `${person}@acme.example`);
}

/** Opens a page of the console by its address. */
export async function visit(page, url, path) {
  await page.goto(url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** Chooses an item from the menu of a row. */
export async function rowMenu(page, row, action) {
  await openRowMenu(page, row);
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

export async function openRowMenu(page, row) {
  await page
    .locator(`tr[data-row="${row}"]`)
    .getByRole("button", { name: /^Actions for / })
    .click();
  await page.getByRole("menu").waitFor();
}

// A page renders a moment after it gets data, so these assertions wait.

/** The text contains this. */
export const assertText = (control, words) => eventually(async () => assert.match(await control.innerText(), words));

/** The attribute has this value; `null`: there is no such attribute. */
export const assertAttribute = (control, name, value) =>
  eventually(async () => assert.equal(await control.getAttribute(name), value));

/** There are this many elements. Zero is checked without waiting. */
export const assertCount = (controls, count) => eventually(async () => assert.equal(await controls.count(), count));

/** The item is in the open menu of a row, and says why it is not possible. */
export async function assertMenuDenied(page, action, why) {
  const item = page.getByRole("menuitem", { name: action });
  await assertAttribute(item, "aria-disabled", "true");
  await assertText(item, why);
}

/** The element has the focus. A dialog that closes returns the focus a moment later. */
export const focused = (control) => control.and(control.page().locator(":focus")).waitFor();

/** The status line shows the text. */
export const said = (page, words) => page.locator(".status [role=status]").filter({ hasText: words }).waitFor();

/** The button is visible, and says why it is not possible. */
export async function assertDenied(control, why) {
  await assertAttribute(control, "aria-disabled", "true");
  await eventually(async () => {
    const described = await control.getAttribute("aria-describedby");
    const words = await control.evaluate(
      (element, ids) =>
        ids
          .split(" ")
          .map((id) => element.ownerDocument.getElementById(id)?.textContent)
          .join(" "),
      described ?? "",
    );
    assert.match(words, why);
  });
}

/** Saves a screenshot, if the variable SCREENSHOTS names a folder. */
export async function photograph(page, name) {
  if (!process.env.SCREENSHOTS) return;
  await mkdir(process.env.SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

/** Rules of axe for a whole page. Under a dialog or a menu the page is hidden, and the overlay is not in any landmark. */
const OF_PAGES = ["region", "landmark-one-main", "page-has-heading-one"];

/** axe finds nothing, and the page does not scroll sideways. */
export async function assertAccessible(page) {
  // Evaluated, because the page's policy forbids injected script elements.
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate((ofPages) => {
    const covered = document.querySelector(".overlay, .popover, .tooltip") !== null;
    return globalThis.axe.run(document, {
      iframes: false,
      rules: Object.fromEntries(ofPages.map((rule) => [rule, { enabled: !covered }])),
    });
  }, OF_PAGES);
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
    [],
  );
  const { width, content } = await page.evaluate(() => ({ width: innerWidth, content: document.documentElement.scrollWidth }));
  assert.ok(content <= width, `${content} > ${width}`);
}

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const BY_DAY = [
  ["light", {}],
  ["phone", PHONE],
];
const BY_NIGHT = [
  ["phone-dark", { ...PHONE, colorScheme: "dark" }],
  ["dark", { colorScheme: "dark" }],
];

/** Options of the contexts in which a page is checked: both colour schemes and both widths; for screenshots, all four combinations. */
export const LOOKS = process.env.SCREENSHOTS ? [...BY_DAY, ...BY_NIGHT] : [BY_DAY[0], BY_NIGHT[0]];
