// A browser's cookies, redirects and headers without a browser.

export class Visitor {
  /** Cookies by origin, then by name. */
  #cookies = new Map();
  #onResponse;

  /** @param {(response: Response, request: RequestInit) => unknown} [onResponse] is called with every response */
  constructor(onResponse = () => {}) {
    this.#onResponse = onResponse;
  }

  /** Sends one request. Redirects are not followed. */
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
    await this.#onResponse(response, options);
    return response;
  }

  /** Follows redirects to the last answer, or until `stop` is true of a redirect's address. */
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
