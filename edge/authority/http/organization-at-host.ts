// From a request to the organization that has the request's host.
import { KnownHosts, TooManyHosts } from "../../shared/known-hosts";
import { type Env, theRegistry } from "../env";
import type { OrganizationSettings } from "../organization-settings";
import { Problem, unwrap } from "../problem";
import { hostOf } from "../registry/hosts";

/** Seconds after which a refused client should try again. */
const RETRY = 1;

/** One for each isolate. */
const known = new KnownHosts<OrganizationSettings>();

/** The organization at a request's host, as it was within the last minute. No object of an organization is woken. */
export async function organizationAt(env: Env, address: string): Promise<OrganizationSettings> {
  const host = hostOf(address);
  try {
    const organization = await known.find(host, async () => unwrap(await theRegistry(env).find(host)) ?? undefined);
    if (organization) return organization;
  } catch (error) {
    if (!(error instanceof TooManyHosts)) throw error;
    throw new Problem("unavailable", "too many unknown hosts are asked for at the moment", { retry_after: RETRY });
  }
  throw new Problem("unknown_organization", "no organization is reached at this host");
}
