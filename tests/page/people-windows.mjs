// Windows of people who are signed in, each signed in once for a whole test file, and what is asked of the authority in their name.
import assert from "node:assert/strict";
import { openWindow, signIn, visit } from "./browser.mjs";

export class PeopleWindows {
  #browser;
  #url;
  #windows = new Map();

  constructor(browser, url) {
    this.#browser = browser;
    this.#url = url;
  }

  /** The person's page, at the path. */
  async open(person, path) {
    const { page } = await this.#window(person);
    await visit(page, this.#url, path);
    return page;
  }

  async context(person) {
    return (await this.#window(person)).context;
  }

  /** What the authority answers to a command. */
  async ask(person, command) {
    const context = await this.context(person);
    return context.request.post(`${this.#url}/v1/commands`, { headers: { Origin: this.#url }, data: command });
  }

  /** The result of a command that is accepted. */
  async command(person, command) {
    const response = await this.ask(person, command);
    assert.equal(response.status(), 200, await response.text());
    return (await response.json()).result;
  }

  async assertRefused(person, command, code) {
    const response = await this.ask(person, command);
    assert.equal((await response.json()).code, code);
  }

  async close() {
    for (const window of this.#windows.values()) await window.close();
  }

  async #window(person) {
    let window = this.#windows.get(person);
    if (!window) {
      window = await openWindow(this.#browser);
      await signIn(window.page, this.#url, person);
      this.#windows.set(person, window);
    }
    return window;
  }
}
