// What the routes share: the bindings, and what is known of a request before its route runs.
import type { Context } from "hono";
import type { Env } from "../env";
import type { OrganizationSettings } from "../organization-settings";

/** The organization that a request is for, and the origin at which it was asked. */
export interface Addressed {
  organization: OrganizationSettings;
  /** One of its origins: cookies, `Origin` headers and the way back from the identity provider belong to it. */
  origin: string;
}

export interface HttpEnv {
  Bindings: Env;
  Variables: { addressed: Addressed };
}

export type Ctx = Context<HttpEnv>;

/** Only where {@link address} has run. */
export function addressed(context: Ctx): Addressed {
  return context.get("addressed");
}
