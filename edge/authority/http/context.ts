// What the routes share: the bindings, and what is known of a request before its route runs.
import type { Context } from "hono";
import type { Env } from "../env";
import type { Caller } from "../messages";
import type { OrganizationSettings } from "../organization-settings";
import type { Quota } from "../problem";

/** The organization that a request is for, and the origin at which it was asked. */
export interface Addressed {
  organization: OrganizationSettings;
  /** One of its origins: cookies, `Origin` headers and the way back from the identity provider belong to it. */
  origin: string;
}

export interface HttpEnv {
  Bindings: Env;
  Variables: {
    addressed: Addressed;
    /** Who sends the request, if that was asked. */
    caller?: Caller;
    /** How many requests its API key may still send. */
    quotas?: Quota[];
  };
}

export type Ctx = Context<HttpEnv>;

/** Only where {@link address} has run. */
export function addressed(context: Ctx): Addressed {
  return context.get("addressed");
}
