// The gate: admits visitors with a share link, and visitors of sites that may embed, to a public assistant. It refuses everything that it
// cannot decide. It never logs the content of a request or an answer.
import { Hono } from "hono";
import { getPath } from "hono/utils/url";
import { WicketgateError } from "wicketgate";
import { REFUSAL_FLOOR } from "wicketgate/gate";
import { assetResponse, widgetResponse } from "./assets";
import { discardBody } from "./bodies";
import { chat } from "./chat";
import type { Env } from "./env";
import { type Opened, openedFor } from "./gates";
import { withHeaders } from "./headers";
import { withinLimits } from "./limits";
import { memberSnapshot } from "./members";
import { closed, embeddedPage, sharedPage } from "./pages";
import { Problem, problemResponse } from "./problem";

/** Seconds for which caches may keep the keys of passes. */
const KEY_SET = 5 * 60;

const app = new Hono<{ Bindings: Env }>();

app.get("/.well-known/pass-jwks.json", async ({ env, req }) =>
  Response.json((await openedFor(env, req.raw)).gate.passKeys(), {
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
app.get("/a/:assistant", async ({ env, req }) => {
  await openedFor(env, req.raw);
  return sharedPage();
});

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
  if (error instanceof Problem) return isPage(req.path) ? closed(error.code === "not_found" ? 404 : 503) : problemResponse(error);
  undecided(error);
  return isPage(req.path) ? closed(503) : problemResponse(new Problem("unavailable"), { "Retry-After": "5" });
});

/** The frame on a customer's page. The browser checks every page around it against the answer's `frame-ancestors`. */
async function embed(env: Env, request: Request, assistant: string): Promise<Response> {
  const floor = scheduler.wait(REFUSAL_FLOOR);
  // Browsers say what the answer is for, and no page can change that. Old browsers say nothing.
  const destination = request.headers.get("Sec-Fetch-Dest") ?? "iframe";
  const framed = destination === "iframe" || destination === "frame";
  const ancestors = await (await openedFor(env, request)).gate.frameAncestors(assistant);
  if (framed && ancestors !== "frame-ancestors 'none'") return embeddedPage(ancestors);
  await floor;
  return closed(404);
}

/** Answers without the router and with all headers set: this is the most frequent request, and router and headers would be half of its cost. */
async function givePass(env: Env, request: Request): Promise<Response> {
  let opened: Opened | undefined;
  try {
    opened = await openedFor(env, request);
    const { organization, gate, authority } = opened;
    return await gate.passResponse(request, {
      limit: (assistant) => withinLimits(env, request, organization, assistant),
      member: (from, assistant) => memberSnapshot(env, authority, from, assistant),
    });
  } catch (error) {
    if (error instanceof Problem) return withHeaders(problemResponse(error));
    undecided(error, opened?.organization);
    return withHeaders(problemResponse(new Problem("unavailable"), { "Retry-After": "5" }));
  }
}

function isPage(path: string): boolean {
  return path.startsWith("/a/") || path.startsWith("/embed/");
}

/** Logs the code alone, because a message may quote data. @param organization if it is known */
function undecided(error: unknown, organization = ""): void {
  console.error(
    `gate: [${organization}] undecided:`,
    error instanceof WicketgateError ? error.code : "storage, keys or configuration",
  );
}

export default {
  async fetch(request, env, ctx) {
    const response =
      getPath(request) === "/v1/pass" ? await givePass(env, request) : withHeaders(await app.fetch(request, env, ctx));
    if (!response.ok) await discardBody(request);
    return response;
  },
} satisfies ExportedHandler<Env>;
