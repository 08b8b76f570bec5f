// The authority's HTTP: checks requests and writes answers. The organization's object decides.
import type { Env } from "./env";
import { organizationOf } from "./http/organization-object";
import { discardBody } from "./http/requests";
import { router } from "./http/router";
import { unwrap } from "./problem";

export { Organization } from "./object/organization";

const HEADERS = Object.entries({
  "Cache-Control": "private, no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
});

/** Rounds of maintenance in one run of the schedule; the next run does the rest. */
const MAX_ROUNDS = 100;

export default {
  async fetch(request, env, ctx) {
    const response = await router.fetch(request, env, ctx);
    if (response.webSocket) return response;
    await discardBody(request);
    // In place: every answer was made in this Worker, so its headers can be changed.
    for (const [name, value] of HEADERS) if (!response.headers.has(name)) response.headers.set(name, value);
    return response;
  },
  async scheduled(_event, env) {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (!unwrap(await organizationOf(env).maintain()).more) return;
    }
  },
} satisfies ExportedHandler<Env>;
