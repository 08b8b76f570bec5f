// The signed snapshot of the whole organization, for those who hold everything: what "who can", "view as" and the access matrix ask.
import { useEffect } from "react";
import { open, type Organization, type Snapshot } from "wicketgate";
import { fetchKeys, fetchWorkspace } from "./api";
import { authorityTime, openingClock } from "./clock";
import { useConsole } from "./console";
import { type Following, useFeed } from "./feed";
import { AUDIENCE, ISSUER, ORGANIZATION } from "./settings";

export interface Overview {
  /** Answers `as({ user })`, `whoCan`, `diff`. */
  snapshot: Snapshot;
  facts: Organization;
  version: number;
  etag: string | undefined;
}

/** Seconds before it expires at which it is fetched anew. */
const AHEAD = 60;

/** Nothing yet while both are absent. Asked by somebody who does not hold everything, it is refused. */
export function useOverview(): Omit<Following<Overview>, "value"> & { overview: Overview | undefined } {
  const { version, overviews } = useConsole();
  const { value: overview, ...more } = useFeed(overviews, version);
  const { again } = more;

  useEffect(() => {
    if (!overview) return;
    const timer = setTimeout(again, Math.max(0, (overview.snapshot.expiresAt - AHEAD - authorityTime()) * 1000));
    return () => clearTimeout(timer);
  }, [overview, again]);

  return { overview, ...more };
}

/** Opens a snapshot of the organization, as `useOverview` and the reviews get it. */
export async function fetchOverview(path: string, signal: AbortSignal, last?: Overview): Promise<Overview> {
  // One that is about to expire is wanted anew though nothing has changed.
  const good = last && last.snapshot.expiresAt - authorityTime() > 2 * AHEAD ? last : undefined;
  const [fetched, keys] = await Promise.all([fetchWorkspace(path, good?.etag, signal), fetchKeys(signal)]);
  if (!fetched) return good!;
  const snapshot = await open(fetched.token, {
    keys,
    issuer: ISSUER,
    audience: AUDIENCE,
    organization: ORGANIZATION,
    ...(last && { minEpoch: last.snapshot.epoch, minVersion: last.version }),
    ...openingClock(),
  });
  return { snapshot, facts: snapshot.facts(), version: snapshot.version, etag: fetched.etag };
}
