// The gate: lets visitors with a share link, and sites that may embed, reach a public assistant. Everything it cannot decide it
// refuses. What a request or an answer holds is never logged.
import { Hono } from "hono";
import { getPath } from "hono/utils/url";
import { WicketgateError } from "wicketgate";
import { REFUSAL_FLOOR } from "wicketgate/gate";
import { assetResponse, widgetResponse } from "./assets";
import { discardBody } from "./bodies";
import { chat } from "./chat";
import type { Env } from "./env";
import { gateOf } from "./gate";
import { withHeaders } from "./headers";
import { withinLimits } from "./limits";
import { memberSnapshot } from "./members";
import { closed, embeddedPage, sharedPage } from "./pages";
import { Problem, problemResponse } from "./problem";

/** Seconds for which the keys of passes may be cached. */
const KEY_SET = 5 * 60;

const app = new Hono<{ Bindings: Env }>();

app.get("/.well-known/pass-jwks.json", ({ env }) =>
  Response.json(gateOf(env).passKeys(), {
    headers: {
      "Content-Type": "application/jwk-set+json",
      "Cache-Control": `public, max-age=${KEY_SET}`,
      "Cross-Origin-Resource-Policy": "cross-origin",
    },
  }),
);

app.route("/", chat);

app.get("/widget.js", ({ req }) => widgetResponse(req.raw));
app.get("/embed/assets/:file", ({ req }) => assetResponse(req.path) ?? closed(404));
app.get("/embed/:assistant", ({ env, req }) => embed(env, req.raw, req.param("assistant")));
app.get("/a/:assistant", () => sharedPage());

for (const [path, allowed] of [
  ["/v1/chat/:assistant", "POST"],
  ["/v1/chat/:assistant/greeting", "GET, HEAD, PUT"],
  ["/.well-known/pass-jwks.json", "GET, HEAD"],
  ["/widget.js", "GET, HEAD"],
  ["/embed/assets/:file", "GET, HEAD"],
  ["/embed/:assistant", "GET, HEAD"],
  ["/a/:assistant", "GET, HEAD"],
] as const)
  app.all(path, () => problemResponse(new Problem("method_not_allowed"), { Allow: allowed }));

app.notFound(({ req }) => (isPage(req.path) ? closed(404) : problemResponse(new Problem("not_found"))));

app.onError((error, { req }) => {
  if (error instanceof Problem) return problemResponse(error);
  undecided(error);
  return isPage(req.path) ? closed(503) : problemResponse(new Problem("unavailable"), { "Retry-After": "5" });
});

/** The frame, for the pages that may have it around them: the browser holds every one of them against this answer's policy. */
async function embed(env: Env, request: Request, assistant: string): Promise<Response> {
  const floor = scheduler.wait(REFUSAL_FLOOR);
  // A browser says where the answer goes, and no page can make it say otherwise. Old ones say nothing.
  const destination = request.headers.get("Sec-Fetch-Dest") ?? "iframe";
  const framed = destination === "iframe" || destination === "frame";
  const ancestors = await gateOf(env).frameAncestors(assistant);
  if (framed && ancestors !== "frame-ancestors 'none'") return embeddedPage(ancestors);
  await floor;
  return closed(404);
}

/** Before the router and with the headers that it needs already: it is asked for more than everything else, and these would be half of its cost. */
async function givePass(env: Env, request: Request): Promise<Response> {
  try {
    return await gateOf(env).passResponse(request, {
      limit: (assistant) => withinLimits(env, request, assistant),
      member: (one) => memberSnapshot(env, one),
    });
  } catch (error) {
    undecided(error);
    return withHeaders(problemResponse(new Problem("unavailable"), { "Retry-After": "5" }));
  }
}

function isPage(path: string): boolean {
  return path.startsWith("/a/") || path.startsWith("/embed/");
}

/** The code alone: a message may quote what was read. */
function undecided(error: unknown): void {
  console.error("gate: undecided:", error instanceof WicketgateError ? error.code : "storage, keys or configuration");
}

export default {
  async fetch(request, env, ctx) {
    const response =
      getPath(request) === "/v1/pass" ? await givePass(env, request) : withHeaders(await app.fetch(request, env, ctx));
    if (!response.ok) await discardBody(request);
    return response;
  },
} satisfies ExportedHandler<Env>;
