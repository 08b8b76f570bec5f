// The size of the first page on the network: all scripts and the WebAssembly file that `/` loads, with brotli.
import assert from "node:assert/strict";
import { brotliCompressSync } from "node:zlib";
import { test } from "node:test";
import { signIn } from "./browser.mjs";
import { demo, open, setUp, window } from "./window.mjs";

const LIMIT = 200_000;

setUp();

test(`the first page is at most ${LIMIT} bytes of script`, async (context) => {
  await open();
  await signIn(window.page, demo.url, "gina");
  const page = await window.context.newPage();
  const parts = [];
  page.on("response", (response) => parts.push(response));
  await page.goto(demo.url);
  await page.locator("tr[data-row]").first().waitFor();
  await page.waitForLoadState("networkidle");
  let total = 0;
  for (const response of parts) {
    const { pathname } = new URL(response.url());
    if (!/\.(js|wasm)$/.test(pathname)) continue;
    const bytes = brotliCompressSync(await response.body()).length;
    context.diagnostic(`${pathname}: ${bytes}`);
    total += bytes;
  }
  context.diagnostic(`together: ${total} bytes, brotli`);
  assert.ok(total > 50_000, "the WebAssembly file is among them");
  assert.ok(total <= LIMIT, `${total} > ${LIMIT}`);
});
