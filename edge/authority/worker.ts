// The authority's HTTP: checks requests and writes answers. The organization's object decides.
import type { Env } from "./env";
import { discardBody } from "./http/requests";
import { routerOf } from "./http/router";

export { Organization } from "./object/organization";
export { Registry } from "./registry/registry";

const HEADERS = Object.entries({
  "Cache-Control": "private, no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
});

export default {
  async fetch(request, env, ctx) {
    const response = await routerOf(request, env).fetch(request, env, ctx);
    if (response.webSocket) return response;
    await discardBody(request);
    // In place: every answer was made in this Worker, so its headers can be changed.
    for (const [name, value] of HEADERS) if (!response.headers.has(name)) response.headers.set(name, value);
    return response;
  },
} satisfies ExportedHandler<Env>;
