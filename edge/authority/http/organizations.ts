// The operator's requests about organizations, at the apex: `/v1/organizations`. They need the operator's token.
import { Hono, type MiddlewareHandler } from "hono";
import { Problem, unwrap } from "../problem";
import { isOrganizationId, readChange, readDescription } from "../registry/description";
import { theRegistry } from "../env";
import type { Ctx, HttpEnv } from "./context";
import { exported, found, imported, restored, rotateKeys } from "./operator";
import { jsonObject, pageLimit, requireBearer } from "./requests";

export const organizations = new Hono<HttpEnv>();

const asOperator: MiddlewareHandler<HttpEnv> = async (context, next) => {
  requireBearer(context, context.env.OPERATOR_TOKEN);
  await next();
};
organizations.use("/v1/organizations", asOperator);
organizations.use("/v1/organizations/*", asOperator);

organizations.get("/v1/organizations", async (context) => {
  const after = context.req.query("after") ?? "";
  const limit = pageLimit(context.req.query("limit"));
  return context.json(unwrap(await theRegistry(context.env).list(after, limit)));
});

organizations.post("/v1/organizations", async (context) => {
  const { id, description } = readDescription(await jsonObject(context));
  const { created, organization } = unwrap(await theRegistry(context.env).create(id, description));
  return context.json(organization, created ? 201 : 200);
});

organizations.get("/v1/organizations/:id", async (context) =>
  context.json(unwrap(await theRegistry(context.env).read(idOf(context)))),
);

organizations.patch("/v1/organizations/:id", async (context) => {
  const change = readChange(await jsonObject(context));
  return context.json(unwrap(await theRegistry(context.env).change(idOf(context), change)));
});

organizations.delete("/v1/organizations/:id", async (context) =>
  context.json(unwrap(await theRegistry(context.env).setState(idOf(context), "deleted"))),
);

organizations.post("/v1/organizations/:id/suspend", async (context) =>
  context.json(unwrap(await theRegistry(context.env).setState(idOf(context), "suspended"))),
);

/** Also brings a deleted organization back. */
organizations.post("/v1/organizations/:id/resume", async (context) =>
  context.json(unwrap(await theRegistry(context.env).setState(idOf(context), "active"))),
);

organizations.put("/v1/organizations/:id/plan", async (context) => {
  const change = readChange({ plan: await jsonObject(context) });
  return context.json(unwrap(await theRegistry(context.env).change(idOf(context), change)));
});

organizations.put("/v1/organizations/:id/facts", (context) => ofOne(context, found));
organizations.get("/v1/organizations/:id/export", (context) => ofOne(context, exported));
organizations.post("/v1/organizations/:id/import", (context) => ofOne(context, imported));
organizations.post("/v1/organizations/:id/restored", (context) => ofOne(context, restored));
organizations.post("/v1/organizations/:id/keys/rotate", (context) => ofOne(context, rotateKeys));

/** Asks the organization's object, which is not woken if there is no such organization. */
async function ofOne(context: Ctx, answer: (context: Ctx) => Promise<Response>): Promise<Response> {
  const organization = unwrap(await theRegistry(context.env).settings(idOf(context)));
  context.set("addressed", { organization, origin: organization.origin });
  return answer(context);
}

function idOf({ req }: Ctx): string {
  const id = req.param("id") ?? "";
  if (!isOrganizationId(id)) throw new Problem("unknown_organization", "there is no organization with this id");
  return id;
}
