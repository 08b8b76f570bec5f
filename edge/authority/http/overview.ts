// For global admins: the whole organization, as it is now and as it was at the latest access reviews.
import { Hono } from "hono";
import { heldTags } from "../../shared/entity-tags";
import { detached, tagged } from "./detached";
import type { HttpEnv } from "./context";
import { unwrap } from "../problem";
import { integer } from "./requests";
import { organizationOf, sessionDigest } from "./organization-object";

export const overview = new Hono<HttpEnv>();

overview.get("/v1/workspace", async (context) =>
  tagged(
    unwrap(await organizationOf(context).workspace(await sessionDigest(context, "required"), heldTags(context.req.raw.headers))),
  ),
);

overview.get("/v1/reviews", async (context) =>
  context.json({ reviews: unwrap(await organizationOf(context).reviews(await sessionDigest(context, "required"))) }),
);

overview.get("/v1/reviews/:version", async (context) => {
  const version = integer(context.req.param("version"), "version", { min: 1, max: Number.MAX_SAFE_INTEGER });
  return detached(unwrap(await organizationOf(context).review(await sessionDigest(context, "required"), version)));
});
