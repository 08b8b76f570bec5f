// The browser that the page is tested in, and what the tests do in it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export function launchBrowser() {
  const candidates = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const executablePath = process.env.CHROME ?? candidates.find((file) => existsSync(file));
  if (!executablePath) throw new Error("no Chromium found: install it, or set CHROME to its path");
  return chromium.launch({ executablePath, args: FLAGS });
}

/**
 * A browser of its own, as far as cookies and storage go. `close` fails where a script failed or a policy was violated meanwhile;
 * answers that are meant to be refused do not count.
 */
export async function openWindow(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(10_000);
  const complaints = [];
  context.on("weberror", (error) => complaints.push(error.error().message));
  context.on("console", (message) => {
    const expected = /^(Failed to load resource|WebSocket connection to .* failed)/.test(message.text());
    if (message.type() === "error" && !expected) complaints.push(message.text());
  });
  return {
    context,
    page: await context.newPage(),
    async close() {
      await context.close();
      assert.deepEqual(complaints, []);
    },
  };
}

/** Through the button, the identity provider's page, and back. */
export async function signIn(page, url, person) {
  await page.goto(url);
  await page.getByRole("link", { name: "Sign in" }).click();
  await chooseAtProvider(page, person);
  await signedIn(page, person);
}

export async function chooseAtProvider(page, person) {
  await page.getByRole("heading", { name: "Choose who you are" }).waitFor();
  await page.locator(`button[value="${person}"]`).click();
}

export async function signedIn(page, person) {
  await page.locator("details.organization").waitFor();
  assert.equal(await page.locator(".account strong").innerText(), `${person}@acme.example`);
}

/** For somebody to look at, where SCREENSHOTS names a folder. */
export async function photograph(page, name) {
  if (!process.env.SCREENSHOTS) return;
  await mkdir(process.env.SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

/** Nothing that axe finds, and no scrolling sideways. */
export async function assertAccessible(page) {
  // Evaluated and not injected as a script element, which the page's policy forbids.
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { iframes: false }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
  const { width, content } = await page.evaluate(() => ({ width: innerWidth, content: document.documentElement.scrollWidth }));
  assert.ok(content <= width, `${content} > ${width}`);
}

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** How a page is looked at: as many contexts' options. */
export const LOOKS = [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["phone", PHONE],
  ["phone-dark", { ...PHONE, colorScheme: "dark" }],
];
