// From a request to its organization, to that organization's object, and to the digest of the request's session.
import type { MiddlewareHandler } from "hono";
import { readCookie } from "./cookies";
import { addressed, type Addressed, type Ctx, type HttpEnv } from "./context";
import { sha256Later } from "../digest";
import type { Env } from "../env";
import type { Organization } from "../object/organization";
import { singleOrganization } from "../organization-settings";
import { Problem } from "../problem";
import { apexOf } from "../registry/apex";
import { hostOf, originOf } from "../registry/hosts";
import { organizationAt } from "./organization-at-host";
import { bearerOf } from "./requests";

/** Finds the organization of a request, once, before its route runs. */
export const address: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const { env, req } = context;
  context.set("addressed", theSingle(env) ?? (await addressedAt(env, req.url)));
  await next();
};

let single: { env: Env; addressed: Addressed | undefined } | undefined;

/** The deployment's only organization, whatever the host. */
function theSingle(env: Env): Addressed | undefined {
  if (single?.env !== env) {
    const organization = singleOrganization(env);
    single = { env, addressed: organization && { organization, origin: organization.origin } };
  }
  return single.addressed;
}

async function addressedAt(env: Env, url: string): Promise<Addressed> {
  if (!apexOf(env)) throw new Problem("not_configured", "no organization is configured: set `ORGANIZATION` or `APEX`");
  const organization = await organizationAt(env, url);
  if (organization.suspended) throw new Problem("organization_suspended", "this organization is suspended");
  return { organization, origin: originOf(hostOf(url)) };
}

export function organizationOf(context: Ctx): DurableObjectStub<Organization> {
  const { DIRECTORY } = context.env;
  return DIRECTORY.get(DIRECTORY.idFromName(addressed(context).organization.id));
}

/** The digest of the session's token. The token itself goes no further than this function. */
export async function sessionDigest(context: Ctx, required: "required"): Promise<string>;
export async function sessionDigest(context: Ctx): Promise<string | undefined>;
export async function sessionDigest(context: Ctx, required?: "required"): Promise<string | undefined> {
  // A request with an API key has no session, whatever cookies it has.
  const token = bearerOf(context) === undefined ? readCookie(context, "session") : undefined;
  if (token) return sha256Later(token);
  if (required) throw new Problem("not_signed_in", "nobody is signed in");
  return undefined;
}
