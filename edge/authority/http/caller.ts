// From a request to its caller, and from the caller to the organization's object. A request with an API key reads no cookie, and needs no `Origin`: no
// browser adds the key by itself.
import { headerNames } from "wicketgate/contract";
import { sha256Later } from "../digest";
import type { Caller } from "../messages";
import type { Organization } from "../object/organization";
import { type Outcome, problemAtPath, unwrap } from "../problem";
import type { Ctx } from "./context";
import { organizationOf, sessionDigest } from "./organization-object";
import { bearerOf, requireSameOrigin } from "./requests";

/**
 * Asks the organization's object in the name of the request's caller. A person may do something (every method but GET and HEAD) from the organization's own pages
 * alone. @throws Problem
 */
export async function asked<T>(
  context: Ctx,
  ask: (organization: DurableObjectStub<Organization>, caller: Caller) => Promise<Outcome<T>>,
): Promise<T> {
  const outcome = await ask(organizationOf(context), await callerOf(context));
  if (outcome.quotas) context.set("quotas", outcome.quotas);
  return unwrap(outcome);
}

/** To be called before the body is read: a request of another origin is refused first. */
export async function callerOf(context: Ctx): Promise<Caller> {
  const known = context.get("caller");
  if (known) return known;
  const caller = await readCaller(context);
  context.set("caller", caller);
  return caller;
}

async function readCaller(context: Ctx): Promise<Caller> {
  const { req } = context;
  const actAs = req.header(headerNames.actAs);
  const secret = bearerOf(context);
  if (secret !== undefined) {
    const address = req.header("CF-Connecting-IP");
    // The secret itself goes no further than this function.
    const key = await sha256Later(secret);
    return { key, ...(address !== undefined && { address }), ...(actAs !== undefined && { actAs }) };
  }
  if (actAs !== undefined) throw problemAtPath("not_allowed", headerNames.actAs, "only API keys act for others");
  if (req.method !== "GET" && req.method !== "HEAD") requireSameOrigin(context);
  return { session: await sessionDigest(context, "required") };
}
