// The overview: the signed snapshot of the whole organization, which the matrix, "view as", the review and the roles page ask.
import { open, type Organization, type Snapshot } from "wicketgate";
import { authorityTime, openingClock } from "../lib/clock";
import { fetchKeys, fetchWorkspace } from "./api";
import { AUDIENCE, theOrganization } from "./settings";

export interface Overview {
  /** Answers `as({ user })`, `whoCan`, `diff`. */
  snapshot: Snapshot;
  facts: Organization;
  version: number;
  etag: string | undefined;
}

/** Seconds before expiry at which the overview is fetched again. */
export const RENEWAL = 60;

/**
 * Fetches and opens a snapshot of the organization.
 * @param last the overview before; returned again while the authority answers "not modified"
 */
export async function fetchOverview(path: string, signal: AbortSignal, last?: Overview): Promise<Overview> {
  // Close to its expiry, the last one is fetched again even if nothing has changed.
  const reusable = last && last.snapshot.expiresAt - authorityTime() > 2 * RENEWAL ? last : undefined;
  const [fetched, keys] = await Promise.all([fetchWorkspace(path, reusable?.etag, signal), fetchKeys(signal)]);
  if (!fetched) return reusable!;
  const snapshot = await open(fetched.token, {
    keys,
    issuer: theOrganization().issuer,
    audience: AUDIENCE,
    organization: theOrganization().id,
    ...(last && { minEpoch: last.snapshot.epoch, minVersion: last.version }),
    ...openingClock(),
  });
  return { snapshot, facts: snapshot.facts(), version: snapshot.version, etag: fetched.etag };
}
