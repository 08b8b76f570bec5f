// From a request to its organization, to that organization's object, and to the digest of the request's session.
import type { MiddlewareHandler } from "hono";
import { readCookie } from "./cookies";
import { addressed, type Addressed, type Ctx, type HttpEnv } from "./context";
import { sha256Later } from "../digest";
import type { Env } from "../env";
import type { Organization } from "../object/organization";
import { singleOrganization } from "../organization-settings";
import { Problem } from "../problem";

/** Finds the organization of a request, once, before its route runs. */
export const address: MiddlewareHandler<HttpEnv> = async (context, next) => {
  context.set("addressed", addressedBy(context.env));
  await next();
};

let single: { env: Env; addressed: Addressed } | undefined;

function addressedBy(env: Env): Addressed {
  if (single?.env === env) return single.addressed;
  const organization = singleOrganization(env);
  if (!organization) throw new Problem("not_configured", "no organization is configured: set `ORGANIZATION`");
  single = { env, addressed: { organization, origin: organization.origins[0] } };
  return single.addressed;
}

export function organizationOf(context: Ctx): DurableObjectStub<Organization> {
  const { DIRECTORY } = context.env;
  return DIRECTORY.get(DIRECTORY.idFromName(addressed(context).organization.id));
}

/** The digest of the session's token. The token itself goes no further than this function. */
export async function sessionDigest(context: Ctx, required: "required"): Promise<string>;
export async function sessionDigest(context: Ctx): Promise<string | undefined>;
export async function sessionDigest(context: Ctx, required?: "required"): Promise<string | undefined> {
  const token = readCookie(context, "session");
  if (token) return sha256Later(token);
  if (required) throw new Problem("not_signed_in", "nobody is signed in");
  return undefined;
}
