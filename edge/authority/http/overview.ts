// For those who hold everything: the whole organization, as it is now and as it was at the latest access reviews.
import { Hono } from "hono";
import { heldTags } from "../../shared/entity-tags";
import type { Whole } from "../object/signer";
import { asked } from "./caller";
import type { Ctx, HttpEnv } from "./context";
import { detached, tagged } from "./detached";
import { integer, versionFrom } from "./requests";
import { Problem } from "../problem";

export const overview = new Hono<HttpEnv>();

/** With `digests`: with the digests of links, for API keys alone. */
overview.get("/v1/workspace", async (context) => {
  const content = contentOf(context);
  const held = heldTags(context.req.raw.headers);
  return tagged(await asked(context, (organization, reader) => organization.workspace(reader, content, held)));
});

overview.get("/v1/workspace/delta", async (context) => {
  const [content, from] = [contentOf(context), versionFrom(context)];
  return detached(await asked(context, (organization, reader) => organization.workspaceDelta(reader, content, from)));
});

overview.get("/v1/reviews", async (context) =>
  context.json({ reviews: await asked(context, (organization, reader) => organization.reviews(reader)) }),
);

overview.get("/v1/reviews/:version", async (context) => {
  const version = integer(context.req.param("version"), "version", { min: 1, max: Number.MAX_SAFE_INTEGER });
  return detached(await asked(context, (organization, reader) => organization.review(reader, version)));
});

function contentOf({ req }: Ctx): Whole {
  const digests = req.query("digests") ?? "false";
  if (digests !== "" && digests !== "true" && digests !== "false")
    throw new Problem("bad_request", "digests: expected true or false", { path: "digests" });
  return digests === "false" ? "overview" : "workspace";
}
