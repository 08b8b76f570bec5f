// What the authority knows of one organization besides its directory. The registry keeps it; a deployment for a single organization has it
// in its variables.
import type { Settings } from "./settings";

export interface OrganizationSettings {
  id: string;
  /** What people read in mails and lists. */
  name: string;
  /** Origins of its pages and of this Worker for it. Mails link to the first. */
  origins: [string, ...string[]];
  /** The `iss` of everything signed for it. */
  issuer: string;
  /** The e-mail address whose first sign-in founds it. */
  founder?: string;
}

/** The single organization of this deployment; nothing if the registry knows the organizations. */
export function singleOrganization(env: Settings): OrganizationSettings | undefined {
  const { ORGANIZATION: id, ORIGIN: origin = "", ISSUER: issuer = "", FOUNDER: founder } = env;
  if (!id) return undefined;
  return { id, name: id, origins: [origin], issuer, ...(founder !== undefined && { founder }) };
}
