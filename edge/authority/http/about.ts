// What a page must know of its organization before anybody signs in, and which organizations the person who is signed in belongs to.
import { Hono } from "hono";
import { singleOrganization } from "../organization-settings";
import { unwrap } from "../problem";
import { theRegistry } from "../env";
import type { OrganizationAnswer, OrganizationsAnswer } from "../wire";
import { addressed, type HttpEnv } from "./context";
import { organizationOf, sessionDigest } from "./organization-object";

export const about = new Hono<HttpEnv>();

about.get("/v1/organization", (context) => {
  const { id, name, issuer } = addressed(context).organization;
  return context.json({ id, name, issuer } satisfies OrganizationAnswer);
});

/** By the account of the session. The organization that is asked learns nothing of the others, and they nothing of it. */
about.get("/v1/session/organizations", async (context) => {
  const { account } = unwrap(await organizationOf(context).account(await sessionDigest(context, "required")));
  const known = account !== undefined && !singleOrganization(context.env);
  const organizations = known ? unwrap(await theRegistry(context.env).organizationsOf(account)) : [];
  return context.json({ organizations } satisfies OrganizationsAnswer);
});
