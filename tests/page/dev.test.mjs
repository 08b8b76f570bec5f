// `make dev`: the console from Vite's development server, with the authority behind it. A change of a source file shows in the open page.
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startDev } from "../../demo/dev.mjs";
import { launchBrowser, openWindow, signIn } from "./browser.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let folder;
let dev;
let browser;
before(async () => {
  // A copy, so that the test changes no file of the working tree. Inside it, so that packages are found.
  await mkdir(join(ROOT, "target"), { recursive: true });
  folder = await mkdtemp(join(ROOT, "target", "dev-"));
  await cp(join(ROOT, "www"), join(folder, "www"), {
    recursive: true,
    filter: (source) => !/[/\\](dist|node_modules)$/.test(source),
  });
  [dev, browser] = await Promise.all([
    startDev({ port: 0, identityPort: 0, mailPort: 0, customerPort: 0, dir: join(folder, "data"), root: join(folder, "www") }),
    launchBrowser(),
  ]);
});
after(async () => {
  await browser?.close();
  await dev?.dispose();
  await rm(folder, { recursive: true, force: true });
});

test("a signed-in page is live, and takes a changed source file without being loaded again", async () => {
  const { page, close } = await openWindow(browser);
  await signIn(page, dev.url, "gina");
  assert.equal(await page.locator(".freshness").textContent(), "Live");
  await page.evaluate(() => {
    globalThis.loadedOnce = true;
  });

  const file = join(folder, "www", "src", "shell", "account.tsx");
  const source = await readFile(file, "utf8");
  const changed = source.replace("<strong>", '<strong data-changed="yes">');
  assert.notEqual(changed, source);
  await writeFile(file, changed);

  await page.locator('.account strong[data-changed="yes"]').waitFor();
  assert.equal(await page.evaluate(() => globalThis.loadedOnce), true);
  await close();
});
