// A client of WebDriver (https://www.w3.org/TR/webdriver2/) with what the tests need: one browser, its tabs, clicks and keys.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { freePort } from "./free-port.mjs";
import { eventually, until } from "./until.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** The Enter key (WebDriver, "Keyboard actions"). */
export const ENTER = "\uE007";

/** Runs in the page: the visible elements of a selector whose accessible name or text is this. */
function matching(selector, words, exact) {
  const name = (element) => {
    const labelled = (element.getAttribute("aria-labelledby") || "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent || "")
      .join(" ")
      .trim();
    const labels = Array.from(element.labels || [])
      .map(({ textContent }) => textContent)
      .join(" ");
    return (element.getAttribute("aria-label") || labelled || labels || element.textContent).replace(/\s+/g, " ").trim();
  };
  const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
  return Array.from(document.querySelectorAll(selector)).filter(
    (element) => seen(element) && (words === null || (exact ? name(element) === words : name(element).includes(words))),
  );
}

export class Browser {
  #address;
  #session;
  #processes;

  /**
   * Starts a driver, which starts a browser.
   * @param {{ command: string, args: (port: number) => string[], capabilities: object, env?: object }} engine
   */
  static async start({ command, args, capabilities, env = {} }) {
    const port = await freePort();
    const driver = spawn(command, args(port), { stdio: "ignore", env: { ...process.env, ...env } });
    const browser = new Browser();
    browser.#processes = [driver];
    browser.#address = `http://127.0.0.1:${port}`;
    try {
      await until(
        () =>
          fetch(`${browser.#address}/status`).then(
            ({ ok }) => ok,
            () => false,
          ),
        `${command} to answer`,
        20,
      );
      const { sessionId } = await browser.#ask("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
      browser.#session = `/session/${sessionId}`;
      await browser.#ask("POST", `${browser.#session}/timeouts`, { script: 60_000, pageLoad: 60_000, implicit: 0 });
      await browser.#ask("POST", `${browser.#session}/window/rect`, { width: 1280, height: 900 });
      return browser;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async close() {
    if (this.#session) await this.#ask("DELETE", this.#session).catch(() => {});
    for (const child of this.#processes) {
      if (child.exitCode !== null) continue;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await gone;
    }
  }

  async #ask(method, path, body) {
    const response = await fetch(this.#address + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path.replace(/\/session\/[^/]*/, "")}: ${value.error}: ${value.message}`);
    return value;
  }

  goto(url) {
    return this.#ask("POST", `${this.#session}/url`, { url });
  }

  url() {
    return this.#ask("GET", `${this.#session}/url`);
  }

  /** Opens another tab of the browser and switches to it. @returns a handle for `show` */
  async tab() {
    const { handle } = await this.#ask("POST", `${this.#session}/window/new`, { type: "tab" });
    await this.show(handle);
    return handle;
  }

  handle() {
    return this.#ask("GET", `${this.#session}/window`);
  }

  show(handle) {
    return this.#ask("POST", `${this.#session}/window`, { handle });
  }

  /** Switches into the frame of an element, or with `null` to the top page. */
  frame(element = null) {
    return this.#ask("POST", `${this.#session}/frame`, { id: element });
  }

  /** Runs a function in the page and returns its result, or the value of its promise. */
  async run(act, ...args) {
    const script = `const [args, done] = arguments;
      Promise.resolve().then(() => (${act})(...args)).then((value) => done({ value: value === undefined ? null : value }), (error) => done({ error: String(error && error.stack || error) }));`;
    const { value, error } = await this.#ask("POST", `${this.#session}/execute/async`, { script, args: [args] });
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** Evaluates a script's text. The page's Content-Security-Policy does not apply. */
  evaluate(script) {
    return this.#ask("POST", `${this.#session}/execute/sync`, { script: `${script}\nreturn null;`, args: [] });
  }

  /** The visible elements of a selector, with a name or a text. */
  all(selector, words = null, { exact = false } = {}) {
    return this.#ask("POST", `${this.#session}/execute/sync`, {
      script: `return (${matching})(...arguments);`,
      args: [selector, words, exact],
    });
  }

  /** Waits for the first such element. */
  async find(selector, words, options) {
    let found;
    await until(
      async () => ([found] = await this.all(selector, words, options)).length > 0 && found !== undefined,
      `${selector} ${words ?? ""} at ${await this.url()}`,
      20,
    );
    return found;
  }

  /** Waits until there is no such element. */
  gone(selector, words, options) {
    return until(async () => (await this.all(selector, words, options)).length === 0, `${selector} ${words ?? ""} to go`, 20);
  }

  /** Clicks the element with the mouse, once nothing covers it. */
  async click(selector, words, options) {
    await eventually(async () => {
      const element = await this.find(selector, words, options);
      try {
        await this.clickOn(element);
      } catch (error) {
        // The element was replaced, or something that disappears still covers it.
        assert.doesNotMatch(error.message, /stale element|click intercepted|not interactable/);
        throw error;
      }
    }, 20);
  }

  clickOn(element) {
    return this.#ask("POST", `${this.#session}/element/${element[ELEMENT]}/click`, {});
  }

  /** Clicks a field and types. Without the click WebKit does not type into a field of a frame that has no focus. */
  async type(selector, words, text) {
    const element = await this.find(selector, words);
    await this.clickOn(element);
    await this.#ask("POST", `${this.#session}/element/${element[ELEMENT]}/value`, { text });
  }

  /** An element in the shadow tree of another. */
  async within(host, selector) {
    const shadow = await this.#ask("GET", `${this.#session}/element/${host[ELEMENT]}/shadow`);
    return this.#ask("POST", `${this.#session}/shadow/${Object.values(shadow)[0]}/element`, {
      using: "css selector",
      value: selector,
    });
  }
}
