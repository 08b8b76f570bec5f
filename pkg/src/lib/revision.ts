/**
 * Age of facts: epoch and version. An authority that is restored to an earlier state begins a new epoch, and every version of a later epoch is
 * later. The first epoch is 0. @internal
 */
export interface Revision {
  readonly epoch: number;
  readonly version: number;
}

/** Earlier than every issued version. @internal */
export const EARLIEST: Revision = { epoch: 0, version: 0 };

/** Negative if the first is earlier, positive if it is later, 0 if they are the same. @internal */
export function compareRevisions(one: Revision, other: Revision): number {
  return one.epoch - other.epoch || one.version - other.version;
}

/** The later of two revisions. @internal */
export function laterOf(one: Revision, other: Revision): Revision {
  return compareRevisions(one, other) < 0 ? other : one;
}

/** The claims of a token or message for a revision: epoch 0 is left out. @internal */
export function revisionClaims({ epoch, version }: Revision): { epoch?: number; version: number } {
  return epoch > 0 ? { epoch, version } : { version };
}
