// A browser's memory without a browser: cookies per host, redirects one at a time, a page's headers.

export class Visitor {
  /** By origin, by name. */
  #cookies = new Map();
  #seen;

  /** @param {(response: Response) => unknown} [seen] is shown every response */
  constructor(seen = () => {}) {
    this.#seen = seen;
  }

  /** One request; redirects are not followed. */
  async request(address, { headers = {}, ...options } = {}) {
    const url = new URL(address);
    const cookies = this.#of(url);
    const cookie = [...cookies].map(([name, { value }]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      ...options,
      headers: { ...(cookie && { Cookie: cookie }), ...headers },
    }).catch((error) => {
      throw new Error(`${url.pathname}: ${error.cause?.message ?? error.message}`, { cause: error });
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value, attributes] = /^([^=;]+)=([^;]*)(.*)$/.exec(line);
      if (/; Max-Age=0\b/i.test(attributes) || /; Expires=Thu, 01 Jan 1970/i.test(attributes)) cookies.delete(name);
      else cookies.set(name, { value, line });
    }
    await this.#seen(response);
    return response;
  }

  /** Follows redirects until there is none, or until one leads where `stop` says. */
  async follow(address, options, stop = () => false) {
    let response = await this.request(address, options);
    let url = new URL(address);
    while (response.status >= 300 && response.status < 400 && response.headers.has("Location")) {
      await response.body?.cancel();
      url = new URL(response.headers.get("Location"), url);
      if (stop(url)) break;
      response = await this.request(url);
    }
    return { response, url };
  }

  cookie(origin, name) {
    return this.#of(new URL(origin)).get(name);
  }

  setCookie(origin, name, value) {
    this.#of(new URL(origin)).set(name, { value, line: "" });
  }

  #of({ origin }) {
    if (!this.#cookies.has(origin)) this.#cookies.set(origin, new Map());
    return this.#cookies.get(origin);
  }
}
