// Reading. For people: their snapshot and its deltas. For people and API keys: heads, updates, the directory, the API keys and the audit log. For the gate: snapshots and heads
// of public assistants. For everybody: the keys.
import { Hono } from "hono";
import { heldTags } from "../../shared/entity-tags";
import { asked, callerOf } from "./caller";
import { detached, tagged } from "./detached";
import type { HttpEnv } from "./context";
import { KEY_SET } from "../lifetimes";
import { updatesProtocols } from "wicketgate/contract";
import { CALLER_HEADER } from "../messages";
import { Problem, unwrap } from "../problem";
import { pageOf, protocolsOf, requireBearer, requireOwnOrigin, versionFrom } from "./requests";
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

/** With `assistant`: the part that decides about one assistant. */
reading.get("/v1/snapshot", async (context) => {
  const [session, assistant] = [await sessionDigest(context, "required"), context.req.query("assistant")];
  const organization = organizationOf(context);
  return tagged(
    unwrap(
      await (assistant === undefined
        ? organization.snapshot(session, heldTags(context.req.raw.headers))
        : organization.snapshotAbout(session, assistant)),
    ),
  );
});

reading.get("/v1/delta", async (context) =>
  detached(unwrap(await organizationOf(context).delta(await sessionDigest(context, "required"), versionFrom(context)))),
);

reading.get("/v1/head", async (context) => detached(await asked(context, (organization, reader) => organization.head(reader))));

reading.get("/v1/directory", async (context) =>
  context.body(await asked(context, (organization, reader) => organization.view(reader)), 200, {
    "Content-Type": "application/json",
  }),
);

reading.get("/v1/api-keys", async (context) =>
  context.json(await asked(context, (organization, reader) => organization.apiKeys(reader))),
);

reading.get("/v1/audit", async (context) => {
  const { after, limit } = pageOf(context);
  return context.json(await asked(context, (organization, reader) => organization.audit(reader, after, limit)));
});

reading.get("/v1/updates", async (context) => {
  if (context.req.header("Upgrade")?.toLowerCase() !== "websocket") throw new Problem("upgrade_required", "open a WebSocket here");
  const caller = await callerOf(context);
  if ("session" in caller) requireOwnOrigin(context);
  // A new request, so that nothing else of the client's request reaches the object.
  const answer = await organizationOf(context).fetch("https://organization/updates", {
    headers: { Upgrade: "websocket", [CALLER_HEADER]: JSON.stringify(caller) },
  });
  // An answer of this Worker, so that its headers can be changed.
  if (!answer.webSocket) return new Response(answer.body, answer);
  // One that the client offered must be chosen: the one without the secret.
  const { protocol } = updatesProtocols;
  const offered = protocolsOf(context.req.header("Sec-WebSocket-Protocol")).includes(protocol);
  const headers = new Headers(answer.headers);
  if (offered) headers.set("Sec-WebSocket-Protocol", protocol);
  return new Response(null, { status: 101, webSocket: answer.webSocket, headers });
});

reading.get("/v1/gate/:assistant", async (context) => {
  requireBearer(context, context.env.GATE_TOKEN);
  return detached(unwrap(await organizationOf(context).gateSnapshot(context.req.param("assistant"))));
});

reading.get("/v1/gate/:assistant/head", async (context) => {
  requireBearer(context, context.env.GATE_TOKEN);
  return detached(unwrap(await organizationOf(context).gateHead(context.req.param("assistant"))));
});
