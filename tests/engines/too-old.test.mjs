// The console in a browser that is too old, or that cannot load the module: one sentence explains it, without a warning about forgery.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDemonstration } from "../edge/demonstration.mjs";
import { OLD_CHROMIUM } from "../lib/engines.mjs";
import { launchBrowser, openWindow, signIn } from "../page/browser.mjs";

let demo;
before(async () => (demo = await startDemonstration()));
after(() => demo?.stop());

const TOO_OLD = /This browser is too old for this page: it needs Chrome 123, /;

test(OLD_CHROMIUM.name, { skip: OLD_CHROMIUM.skip }, async () => {
  for (const path of ["/", "/invitation"]) {
    const document = await OLD_CHROMIUM.documentOf(demo.url + path);
    assert.match(document, TOO_OLD);
    assert.doesNotMatch(document, /did not sign this answer/);
  }
});

test("the present Chromium shows no such sentence; if the module does not load, the page explains that", async () => {
  const browser = await launchBrowser();
  try {
    const window = await openWindow(browser, { expects: /WebAssembly|wasm/i });
    await signIn(window.page, demo.url, "gina");
    assert.doesNotMatch(await window.page.content(), TOO_OLD);
    await window.context.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
    await window.context.route(/-bytes-.*\.js$/, (route) => route.abort());
    await window.page.goto(`${demo.url}/me`);
    await window.page.getByRole("heading", { name: "This page could not load its verification code" }).waitFor();
    await window.page.getByText("load_failed").waitFor();
    assert.doesNotMatch(await window.page.content(), /did not sign this answer/);
    await window.close();
  } finally {
    await browser.close();
  }
});
