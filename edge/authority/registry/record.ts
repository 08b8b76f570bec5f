// What the registry keeps of an organization, and what becomes of it for others: the operator, the Worker, the organization's object.
import type { OpenIdSettings, OrganizationSettings } from "../organization-settings";
import type { OrganizationEntry, OrganizationLimits, OrganizationPlan } from "../wire";
import { originOf } from "./hosts";

/** What the operator says about an organization. */
export interface Description {
  name: string;
  /** In their one spelling. */
  hosts: [string, ...string[]];
  issuer: string;
  founder?: string;
  plan?: OrganizationPlan;
  limits?: OrganizationLimits;
  openid?: OpenIdSettings;
}

export type State = "active" | "suspended" | "deleted";

export interface OrganizationRecord {
  id: string;
  state: State;
  description: Description;
  /** Unix seconds. */
  created: number;
  /** Of a deleted organization: when it is erased. */
  until?: number;
  /** Grows with every change. */
  revision: number;
  /** The revision that the organization's object has. */
  pushed: number;
}

/** For the operator: without the client's secret. */
export function entryOf({ id, state, description, created, until, revision, pushed }: OrganizationRecord): OrganizationEntry {
  const { openid, ...told } = description;
  return {
    id,
    state,
    ...told,
    ...(openid && { openid: { issuer: openid.issuer, client_id: openid.clientId } }),
    created,
    ...(until !== undefined && { until }),
    ...(pushed < revision && { pending: true as const }),
  };
}

/** For the Worker and, without `openid`, for the organization's object. */
export function settingsOf({ id, state, description }: OrganizationRecord): OrganizationSettings {
  const { hosts, ...told } = description;
  return {
    id,
    ...told,
    origin: originOf(hosts[0]),
    ...(state !== "active" && { suspended: true as const }),
  };
}
