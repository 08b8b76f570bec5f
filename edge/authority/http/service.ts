// For everybody, without an organization: the document of this interface, and whether the Worker answers.
import { Hono } from "hono";
import type { ContractDocument } from "openapi-document";
import { heldTags } from "../../shared/entity-tags";
import type { HttpEnv } from "./context";
import { CONTRACT } from "../lifetimes";
import type { HealthAnswer } from "../wire";

/** @param contract the document of the router that has these routes */
export function serviceWith(contract: ContractDocument): Hono<HttpEnv> {
  const service = new Hono<HttpEnv>();

  service.get("/v1/openapi.json", ({ req }) => {
    const headers = {
      ETag: contract.etag,
      "Cache-Control": `public, max-age=${CONTRACT}`,
      "Access-Control-Allow-Origin": "*",
      "Cross-Origin-Resource-Policy": "cross-origin",
    };
    if (heldTags(req.raw.headers).includes(contract.etag)) return new Response(null, { status: 304, headers });
    return new Response(contract.text, { headers: { ...headers, "Content-Type": "application/json" } });
  });

  /** Wakes no organization: monitors ask often, and what they ask is whether this Worker runs. */
  service.get("/healthz", (context) => context.json({ status: "ok" } satisfies HealthAnswer));
  return service;
}
