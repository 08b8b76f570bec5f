// Windows of people who are signed in, each signed in once for a whole test file, and what is asked of the authority in their name.
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

  /** The person's page, at the path. */
  async open(person, path) {
    const { page } = await this.#window(person);
    await visit(page, this.#url, path);
    return page;
  }

  async context(person) {
    return (await this.#window(person)).context;
  }

  /** The result of a command that is accepted. */
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
