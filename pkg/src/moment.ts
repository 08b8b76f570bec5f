/**
 * Of when facts are. An authority that goes back to an earlier state begins an epoch: any version of a later epoch is later. The first
 * one is 0. @internal
 */
export interface Moment {
  readonly epoch: number;
  readonly version: number;
}

/** Before there was anything. @internal */
export const BEGINNING: Moment = { epoch: 0, version: 0 };

/** Below 0 if the first is earlier, above if it is later. @internal */
export function compare(one: Moment, other: Moment): number {
  return one.epoch - other.epoch || one.version - other.version;
}

/** The later of two. @internal */
export function later(one: Moment, other: Moment): Moment {
  return compare(one, other) < 0 ? other : one;
}

/** As it is written where the first epoch goes without saying. @internal */
export function written({ epoch, version }: Moment): { epoch?: number; version: number } {
  return epoch > 0 ? { epoch, version } : { version };
}
