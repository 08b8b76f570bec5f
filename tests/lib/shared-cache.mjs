// A small shared cache in front of a server, as RFC 9111 has it: what it may keep and reuse, it keeps and reuses.

export class SharedCache {
  /** By address: variants, each with the request's headers that its answer depends on. */
  #stored = new Map();
  /** How many answers came from here. */
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
    // §3: nothing private, nothing for a request with credentials unless it says public, nothing without a lifetime.
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

/** Seconds, by what the answer says, or for those kept without a word (§4.2.2) a while: as long as a careless cache would. */
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
