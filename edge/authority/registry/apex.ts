// The deployment's own host, if it serves many organizations: the operator's interface is there.
import type { Settings } from "../settings";
import { hostOf, originOf } from "./hosts";

export interface Apex {
  host: string;
  origin: string;
}

/** Nothing in a deployment for a single organization. */
export function apexOf({ APEX, ORGANIZATION }: Settings): Apex | undefined {
  if (!APEX || ORGANIZATION || !URL.canParse(APEX)) return undefined;
  const host = hostOf(APEX);
  return { host, origin: originOf(host) };
}
