// The authority: publishes its keys, signs each member's snapshot, and keeps the gate's snapshots fresh.
// It decides nothing for others: whoever holds a snapshot decides with the same rules.
import { Hono } from "hono";
import { readDirectory } from "./directory";
import type { Env } from "./env";
import { publishGateSnapshots } from "./gate-snapshots";
import { publishedKeys } from "./keys";
import { memberSnapshot } from "./member-snapshot";
import { Problem } from "./problem";
import { requireDevelopment, signedInUser } from "./sign-in";

const app = new Hono<{ Bindings: Env }>();

app.get("/.well-known/jwks.json", ({ env }) =>
  Response.json(publishedKeys(env), {
    headers: { "Content-Type": "application/jwk-set+json", "Cache-Control": "public, max-age=300" },
  }));

app.get("/v1/snapshot", ({ env, req }) => memberSnapshot(req.raw, env, signedInUser(req.raw, env)));

/** Development only: whom the page can be looked at as. */
app.get("/v1/people", async ({ env }) => {
  requireDevelopment(env);
  const { facts } = await readDirectory(env);
  const people = (facts.users ?? []).map(({ id, role, status }) => ({ id, role, status: status ?? "active" }));
  return Response.json(people, { headers: { "Cache-Control": "no-store" } });
});

app.notFound(() => new Problem(404, "not_found", "There is nothing at this address").toResponse());

app.onError((error) => {
  if (error instanceof Problem) return error.toResponse();
  console.error("authority:", error.message);
  return new Problem(500, "internal", "The authority failed").toResponse();
});

export default {
  fetch: app.fetch,
  scheduled: (_event, env) => publishGateSnapshots(env),
} satisfies ExportedHandler<Env>;
