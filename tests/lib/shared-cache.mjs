// A small shared cache in front of a server (RFC 9111). It stores and reuses each answer that it may.

export class SharedCache {
  /** Stored answers by address. Each variant has the request headers on which it depends. */
  #stored = new Map();
  /** The number of answers from the cache. */
  hits = 0;

  async get(url, headers = {}) {
    const wanted = new Headers(headers);
    for (const { varying, response, until } of this.#stored.get(url) ?? []) {
      if (Date.now() < until && varying.every(([name, value]) => wanted.get(name) === value)) {
        this.hits += 1;
        return response.clone();
      }
    }
    const response = await fetch(url, { headers });
    const age = lifetime(response);
    const varies = (response.headers.get("Vary") ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean);
    // RFC 9111, section 3: no private answer, none for a request with credentials unless it says `public`, none without a lifetime.
    const { directives } = response.headers.has("Cache-Control") ? parse(response) : { directives: new Map() };
    const credentials = wanted.has("Authorization") && !directives.has("public") && !directives.has("s-maxage");
    if (age > 0 && !varies.includes("*") && !credentials) {
      const variants = this.#stored.get(url) ?? [];
      variants.unshift({
        varying: varies.map((name) => [name, wanted.get(name)]),
        response: response.clone(),
        until: Date.now() + age * 1000,
      });
      this.#stored.set(url, variants);
    }
    return response;
  }
}

/** The lifetime in seconds: the answer's own, or a heuristic one (RFC 9111, section 4.2.2) as long as a careless cache would choose. */
function lifetime(response) {
  const { directives } = parse(response);
  if (directives.has("no-store") || directives.has("private") || directives.has("no-cache")) return 0;
  if (directives.has("s-maxage")) return Number(directives.get("s-maxage"));
  if (directives.has("max-age")) return Number(directives.get("max-age"));
  return [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501].includes(response.status) ? 60 : 0;
}

function parse({ headers }) {
  const directives = (headers.get("Cache-Control") ?? "")
    .split(",")
    .map((one) => one.trim().toLowerCase().split("="))
    .filter(([name]) => name !== "");
  return { directives: new Map(directives) };
}
