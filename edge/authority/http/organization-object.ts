// From a request to the organization's object, and to the digest of the request's session.
import type { Context } from "hono";
import { readCookie } from "./cookies";
import { sha256Later } from "../digest";
import type { Env } from "../env";
import type { Organization } from "../object/organization";
import { Problem } from "../problem";

export function organizationOf(env: Env): DurableObjectStub<Organization> {
  return env.DIRECTORY.get(env.DIRECTORY.idFromName(env.ORGANIZATION));
}

/** The digest of the session's token. The token itself goes no further than this function. */
export async function sessionDigest(context: Context<{ Bindings: Env }>, required: "required"): Promise<string>;
export async function sessionDigest(context: Context<{ Bindings: Env }>): Promise<string | undefined>;
export async function sessionDigest(context: Context<{ Bindings: Env }>, required?: "required"): Promise<string | undefined> {
  const token = readCookie(context, "session");
  if (token) return sha256Later(token);
  if (required) throw new Problem("not_signed_in", "nobody is signed in");
  return undefined;
}
