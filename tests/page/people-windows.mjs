// Windows of people who are signed in, once per test file, and requests to the authority in their name.
import { openWindow, signIn, visit } from "./browser.mjs";
import { assertRefused, command } from "./requests.mjs";

export class PeopleWindows {
  #browser;
  #url;
  #windows = new Map();

  constructor(browser, url) {
    this.#browser = browser;
    this.#url = url;
  }

  /** Opens a page at the path, as the person. */
  async open(person, path) {
    const { page } = await this.#window(person);
    await visit(page, this.#url, path);
    return page;
  }

  async context(person) {
    return (await this.#window(person)).context;
  }

  /** Sends a command, which must be accepted. @returns its result */
  async command(person, what) {
    return command(await this.context(person), this.#url, what);
  }

  async assertRefused(person, what, code) {
    await assertRefused(await this.context(person), this.#url, what, code);
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
