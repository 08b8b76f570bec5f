// Chromium, headless.
import { chromium } from "playwright-core";
import { chrome } from "../../scripts/tools.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium without a window. `args` are further flags. */
export const launch = ({ args = [] } = {}) => chromium.launch({ executablePath: chrome(), args: [...FLAGS, ...args] });

/** Opens a page in Chromium and returns the answer that the module of {@link page} writes into it. */
export async function answerOf(browser, url, { timeout = 30_000 } = {}) {
  const page = await browser.newPage();
  const messages = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("response", (response) => response.status() >= 400 && messages.push(`${response.status()}: ${response.url()}`));
  try {
    await page.goto(url);
    const { value, error } = JSON.parse(await page.locator("html[data-answer]").getAttribute("data-answer", { timeout }));
    if (error !== undefined) throw new Error(error);
    return value;
  } catch (error) {
    throw new Error(`${url}: ${error.message}\n${messages.join("\n")}`);
  } finally {
    await page.close();
  }
}

/** The script of a page that runs a program and writes the answer into the page. */
export const page = (program) => `
import { run } from ${JSON.stringify(program)};
const say = (answer) => (document.documentElement.dataset.answer = JSON.stringify(answer));
run().then((value) => say({ value }), (error) => say({ error: String(error?.stack ?? error) }));
`;
