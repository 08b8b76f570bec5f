// The authority's HTTP: checks requests and writes answers. The organization's object decides.
import { Hono } from "hono";
import type { StatusCode } from "hono/utils/http-status";
import { commands } from "./http/commands";
import type { Env } from "./env";
import { operator } from "./http/operator";
import { overview } from "./http/overview";
import { Problem, problemHeaders, problemOf, problemResponse, unwrap } from "./problem";
import { reading } from "./http/reading";
import { discardBody } from "./http/requests";
import { organizationOf } from "./http/organization-object";
import { signIn } from "./http/sign-in";

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

const app = new Hono<{ Bindings: Env }>();

app.route("/", signIn);
app.route("/", commands);
app.route("/", reading);
app.route("/", overview);
app.route("/", operator);

app.notFound(() => problemResponse(new Problem("not_found", "there is nothing at this address").document));

app.onError((error, context) => {
  const problem = problemOf(error);
  // A browser that navigates shows no JSON to its user: the console's page says why they are not signed in.
  const navigating = context.req.path.startsWith("/v1/sign-in") && context.req.header("Accept")?.includes("text/html");
  if (navigating) return context.redirect(`/?refused=${problem.code}`, 303);
  // Through the context, because it holds the cookies to clear.
  return context.newResponse(JSON.stringify(problem), problem.status as StatusCode, problemHeaders(problem));
});

export default {
  async fetch(request, env, ctx) {
    const response = await app.fetch(request, env, ctx);
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
