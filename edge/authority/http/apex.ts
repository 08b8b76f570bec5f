// The apex, for people: signing in there, the list of one's organizations, and signing up for a new one if the operator allows it.
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { patterns } from "wicketgate/contract";
import { randomToken, sha256 } from "../digest";
import { accountDigest } from "../object/identity-digests";
import { Problem, problemAtPath, unwrap } from "../problem";
import { apexOf } from "../registry/apex";
import { isOrganizationId } from "../registry/description";
import { theRegistry } from "../env";
import type { ApexAnswer, OrganizationsAnswer, SignUpAnswer, SignUpRequest, VisitAnswer } from "../wire";
import { clearCookie, writeCookie } from "./cookies";
import type { HttpEnv } from "./context";
import { sessionDigest } from "./organization-object";
import { jsonObject, refuseOthers, requireSameOrigin } from "./requests";
import { comeBack, leave, ownPath } from "./sign-in";

const NAME = new RegExp(patterns.name, "u");

export const apex = new Hono<HttpEnv>();

/** Cookies and `Origin` headers belong to the apex. No organization is addressed. */
const atApex: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const origin = apexOf(context.env)?.origin ?? "";
  context.set("addressed", { organization: { id: "", name: "", origin, issuer: "" }, origin });
  await next();
};
for (const path of ["/v1/sign-in", "/v1/sign-in/*", "/v1/session", "/v1/session/*", "/v1/sign-up"]) apex.use(path, atApex);

apex.get("/v1/apex", (context) => context.json({ sign_up: maySignUp(context) } satisfies ApexAnswer));

apex.get("/v1/sign-in", async (context) => {
  const origin = apexOf(context.env)?.origin ?? "";
  return context.redirect(await leave(context, { back: ownPath(context.req.query("return") ?? "/", origin) }), 302);
});

apex.get("/v1/sign-in/callback", async (context) => {
  const { identity, back } = await comeBack(context);
  const token = randomToken();
  unwrap(await theRegistry(context.env).beginVisit(sha256(token), identity, await sessionDigest(context)));
  writeCookie(context, "session", token);
  return context.redirect(back, 303);
});

apex.get("/v1/session", async (context) => {
  const { email } = unwrap(await theRegistry(context.env).visitor(await sessionDigest(context, "required")));
  return context.json({ email } satisfies VisitAnswer);
});

apex.post("/v1/session/end", async (context) => {
  requireSameOrigin(context);
  const session = await sessionDigest(context);
  if (session !== undefined) unwrap(await theRegistry(context.env).endVisit(session));
  clearCookie(context, "session");
  return context.body(null, 204);
});

apex.get("/v1/session/organizations", async (context) => {
  const registry = theRegistry(context.env);
  const identity = unwrap(await registry.visitor(await sessionDigest(context, "required")));
  const organizations = unwrap(await registry.organizationsOf(accountDigest(identity)));
  return context.json({ organizations } satisfies OrganizationsAnswer);
});

/** `{ "name", "label" }`: a new organization at `label` below the apex. The visitor's first sign-in there founds it. */
apex.post("/v1/sign-up", async (context) => {
  if (!maySignUp(context)) throw new Problem("not_found", "there is nothing at this address");
  requireSameOrigin(context);
  const session = await sessionDigest(context, "required");
  const { name, label, ...others }: { [Field in keyof SignUpRequest]?: unknown } = await jsonObject(context);
  if (typeof name !== "string" || !NAME.test(name))
    throw problemAtPath("bad_request", "name", "expected 1 to 200 characters on one line");
  if (typeof label !== "string" || !isOrganizationId(label))
    throw problemAtPath(
      "bad_request",
      "label",
      "expected 3 to 40 lower-case letters, digits and hyphens, neither first nor last a hyphen",
    );
  refuseOthers(others);
  const network = context.req.header("CF-Connecting-IP") ?? "";
  const answer = unwrap(await theRegistry(context.env).signUp(session, name.trim(), label, network));
  return context.json(answer satisfies SignUpAnswer, 201);
});

function maySignUp({ env }: Context<HttpEnv>): boolean {
  return env.SIGN_UP === "open";
}
