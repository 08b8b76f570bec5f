// The routers, one for the hosts of organizations and one for the apex: all routes, what answers an address that is none of them, and what
// answers an error.
import { Hono, type Next } from "hono";
import type { StatusCode } from "hono/utils/http-status";
import * as contracts from "openapi-document";
import { Problem, problemHeaders, problemOf, problemResponse, quotaHeaders } from "../problem";
import { apexOf } from "../registry/apex";
import { hostOf } from "../registry/hosts";
import { about } from "./about";
import { apex } from "./apex";
import { commands } from "./commands";
import type { Env } from "../env";
import type { Ctx, HttpEnv } from "./context";
import { events } from "./events";
import { refuseOtherMethods } from "./methods";
import { operator } from "./operator";
import { organizations } from "./organizations";
import { passes } from "./passes";
import { address } from "./organization-object";
import { overview } from "./overview";
import { reading } from "./reading";
import { reconcile } from "./reconcile";
import { serviceWith } from "./service";
import { signIn } from "./sign-in";
import { webhooks } from "./webhooks";

export const ofOrganizations = new Hono<HttpEnv>();
ofOrganizations.route("/", serviceWith(contracts.organizations));
ofOrganizations.use(address);
ofOrganizations.use(sayQuotas);
for (const routes of [about, signIn, commands, reconcile, passes, reading, overview, events, webhooks, operator])
  ofOrganizations.route("/", routes);
complete(ofOrganizations);

export const ofApex = new Hono<HttpEnv>();
for (const routes of [serviceWith(contracts.apex), organizations, apex]) ofApex.route("/", routes);
complete(ofApex);

/** The router of a request's host. */
export function routerOf(request: Request, env: Env): Hono<HttpEnv> {
  const own = apexOf(env);
  return own && hostOf(request.url) === own.host ? ofApex : ofOrganizations;
}

/** Says with every answer to an API key how many requests it may still send. */
async function sayQuotas(context: Ctx, next: Next): Promise<void> {
  await next();
  for (const [name, value] of quotaHeaders(context.get("quotas") ?? [])) context.res.headers.set(name, value);
}

function complete(router: Hono<HttpEnv>): void {
  refuseOtherMethods(router);
  router.notFound(() => problemResponse(new Problem("not_found", "there is nothing at this address").document));
  router.onError((error, context) => {
    const problem = problemOf(error, context.get("addressed")?.organization.id);
    // A browser that navigates shows no JSON to its user: the console's page says why they are not signed in.
    const navigating = context.req.path.startsWith("/v1/sign-in") && context.req.header("Accept")?.includes("text/html");
    if (navigating) return context.redirect(`/?refused=${problem.code}`, 303);
    // Through the context, because it holds the cookies to clear.
    return context.newResponse(JSON.stringify(problem), problem.status as StatusCode, problemHeaders(problem));
  });
}
