// Shared by the tests of the widget: the demonstration, sites on many origins, and an owner who allows websites.
import { HOSTS, startSites } from "../lib/sites.mjs";
import { until } from "../lib/until.mjs";
import { startDemonstration } from "../edge/demonstration.mjs";
import { launchBrowser, openWindow, signIn } from "./browser.mjs";
import { command } from "./requests.mjs";

export const ASSISTANT = "shop-adviser";
export const NAME = "Shop adviser";

/** Console messages of the browser about a frame that it blocks, and about a message to such a frame. */
export const BLOCKED = /frame-ancestors|Failed to execute 'postMessage'/;

export async function startEmbedding(options = {}) {
  const [demo, browser, sites, others] = await Promise.all([
    startDemonstration({ revalidateAfter: 0, ...options }),
    launchBrowser({ args: [HOSTS] }),
    startSites(),
    startSites(),
  ]);
  const admin = await openWindow(browser);
  await signIn(admin.page, demo.url, "gina");

  const decide = (what) => command(admin.context, demo.url, { assistant: ASSISTANT, ...what });
  const policy = async () =>
    (await fetch(`${demo.url}/embed/${ASSISTANT}`)).headers.get("Content-Security-Policy").split("frame-ancestors ")[1];

  return {
    demo,
    browser,
    sites,
    /** The same hosts on other ports. */
    others,
    command: decide,
    /** Allows exactly these origins, and waits until the gate knows. */
    async allow(...origins) {
      await decide({ type: "set_embed", origins });
      const wanted = origins.length > 0 ? origins.join(" ") : "'none'";
      await until(async () => (await policy()) === wanted, `the gate to allow ${wanted}`);
    },
    /** The HTML of a page as customers write it. */
    widget: (attributes = "") => `<script src="${demo.url}/widget.js" data-assistant="${ASSISTANT}" ${attributes} async></script>`,
    /** A window that records the requests for passes to the gate. */
    async open(more) {
      const window = await openWindow(browser, { ignoreHTTPSErrors: true, ...more });
      const passes = [];
      window.context.on("request", (request) => {
        if (request.url() === `${demo.url}/v1/pass` && request.method() === "POST") passes.push(request);
      });
      return { ...window, passes };
    },
    async stop() {
      await admin.close();
      await browser.close();
      await Promise.all([demo.stop(), sites.stop(), others.stop()]);
    },
  };
}

export const origin = (url) => new URL(url).origin;
export const button = (page) => page.locator("wicketgate-widget .launch");
export const chat = (page) => page.frameLocator("wicketgate-widget iframe");
export const unreachable = (page) => page.locator("wicketgate-widget").getByText("This chat cannot be reached here.");

/** Sends a message in an open chat, and waits for the answer. @param where a page, or the locator of a frame */
export async function converse(where, text) {
  const answers = where.locator(".message.you + .message.assistant:not(.waiting)");
  const before = await answers.count();
  await where.getByLabel("Your message").fill(text);
  await where.getByLabel("Your message").press("Enter");
  await answers.nth(before).waitFor();
  return answers.nth(before).locator("p").innerText();
}
