// Reading. For signed-in people: their snapshot, deltas, heads, updates, the directory and the audit log. For the gate: snapshots and heads
// of public assistants. For everybody: the keys.
import { Hono } from "hono";
import { heldTags } from "../../shared/entity-tags";
import { detached, tagged } from "./detached";
import type { HttpEnv } from "./context";
import { KEY_SET } from "../lifetimes";
import { SESSION_HEADER } from "../messages";
import { Problem, unwrap } from "../problem";
import { integer, pageOf, requireBearer, requireOwnOrigin } from "./requests";
import { organizationOf, sessionDigest } from "./organization-object";

export const reading = new Hono<HttpEnv>();

reading.get("/.well-known/jwks.json", async (context) =>
  Response.json(unwrap(await organizationOf(context).publishedKeys()), {
    headers: {
      "Content-Type": "application/jwk-set+json",
      "Cache-Control": `public, max-age=${KEY_SET}`,
      "Cross-Origin-Resource-Policy": "cross-origin",
    },
  }),
);

reading.get("/v1/snapshot", async (context) =>
  tagged(
    unwrap(await organizationOf(context).snapshot(await sessionDigest(context, "required"), heldTags(context.req.raw.headers))),
  ),
);

reading.get("/v1/delta", async (context) => {
  const from = integer(context.req.query("from"), "from", { min: 1, max: Number.MAX_SAFE_INTEGER });
  return detached(unwrap(await organizationOf(context).delta(await sessionDigest(context, "required"), from)));
});

reading.get("/v1/head", async (context) =>
  detached(unwrap(await organizationOf(context).head(await sessionDigest(context, "required")))),
);

reading.get("/v1/directory", async (context) =>
  context.json(unwrap(await organizationOf(context).view(await sessionDigest(context, "required")))),
);

reading.get("/v1/audit", async (context) => {
  const { after, limit } = pageOf(context);
  return context.json(unwrap(await organizationOf(context).audit(await sessionDigest(context, "required"), after, limit)));
});

reading.get("/v1/updates", async (context) => {
  if (context.req.header("Upgrade")?.toLowerCase() !== "websocket") throw new Problem("upgrade_required", "open a WebSocket here");
  requireOwnOrigin(context);
  // A new request, so that nothing else of the client's request reaches the object.
  const answer = await organizationOf(context).fetch("https://organization/updates", {
    headers: { Upgrade: "websocket", [SESSION_HEADER]: await sessionDigest(context, "required") },
  });
  // A refusal as an answer of this Worker, so that its headers can be changed.
  return answer.webSocket ? answer : new Response(answer.body, answer);
});

reading.get("/v1/gate/:assistant", async (context) => {
  requireBearer(context, context.env.GATE_TOKEN);
  return detached(unwrap(await organizationOf(context).gateSnapshot(context.req.param("assistant"))));
});

reading.get("/v1/gate/:assistant/head", async (context) => {
  requireBearer(context, context.env.GATE_TOKEN);
  return detached(unwrap(await organizationOf(context).gateHead(context.req.param("assistant"))));
});
