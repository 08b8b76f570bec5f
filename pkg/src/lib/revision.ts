/**
 * Of when facts are. An authority that goes back to an earlier state begins an epoch: any version of a later epoch is later. The first
 * one is 0. @internal
 */
export interface Revision {
  readonly epoch: number;
  readonly version: number;
}

/** Before there was anything. @internal */
export const EARLIEST: Revision = { epoch: 0, version: 0 };

/** Below 0 if the first is earlier, above if it is later. @internal */
export function compareRevisions(one: Revision, other: Revision): number {
  return one.epoch - other.epoch || one.version - other.version;
}

/** The later of two. @internal */
export function laterOf(one: Revision, other: Revision): Revision {
  return compareRevisions(one, other) < 0 ? other : one;
}

/** As it is written where the first epoch goes without saying. @internal */
export function revisionClaims({ epoch, version }: Revision): { epoch?: number; version: number } {
  return epoch > 0 ? { epoch, version } : { version };
}
