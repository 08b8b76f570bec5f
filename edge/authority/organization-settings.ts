// What the authority knows of one organization besides its directory. The registry keeps it; a deployment for a single organization has it
// in its variables.
import type { Settings } from "./settings";
import type { OrganizationLimits, OrganizationPlan } from "./wire";

export interface OrganizationSettings {
  id: string;
  /** What people read in mails and lists. */
  name: string;
  /** The first origin of its pages and of this Worker for it: mails link to it. */
  origin: string;
  /** The `iss` of everything signed for it. */
  issuer: string;
  /** The e-mail address whose first sign-in founds it. */
  founder?: string;
  /** What it has bought. Absent: it was never set here. */
  plan?: OrganizationPlan;
  limits?: OrganizationLimits;
  /** Its own identity provider, in place of the deployment's. */
  openid?: OpenIdSettings;
  /** Nobody is let in. */
  suspended?: true;
}

export interface OpenIdSettings {
  issuer: string;
  clientId: string;
  /** Absent for a public client. */
  clientSecret?: string;
}

/** The single organization of this deployment; nothing if the registry knows the organizations. */
export function singleOrganization(env: Settings): OrganizationSettings | undefined {
  const { ORGANIZATION: id, ORIGIN: origin = "", ISSUER: issuer = "", FOUNDER: founder } = env;
  if (!id) return undefined;
  return { id, name: id, origin, issuer, ...(founder !== undefined && { founder }) };
}
