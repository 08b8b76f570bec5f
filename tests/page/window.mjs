// Shared by the tests of a file: the demonstration, a browser, and the window of the running test. Each file runs in its own process, so
// there is one of each.
import { after, afterEach, before } from "node:test";
import { startDemonstration } from "../edge/demonstration.mjs";
import { launchBrowser, openWindow } from "./browser.mjs";

export let demo;
export let browser;
export let window;
export let page;

/**
 * A demonstration, started with the `options`, and a browser for all tests of the file. `prepare` is called once both are there, and
 * `finish` before they go. The window that a test has opened is closed after it.
 */
export function setUp({ prepare, finish, ...options } = {}) {
  before(async () => {
    [demo, browser] = await Promise.all([startDemonstration(options), launchBrowser()]);
    await prepare?.();
  });
  after(async () => {
    await finish?.();
    await browser?.close();
    await demo?.stop();
  });
  afterEach(() => window?.close());
}

/** Opens a window for the running test. */
export async function open(options) {
  window = await openWindow(browser, options);
  ({ page } = window);
}
