/** What was said of the organization at a version, once it was looked through: as `/v1/reviews` tells it, to the console among others. */
export interface Review {
  version: number;
  /** Unix seconds. */
  at: number;
  /** Absent for the service itself. */
  by?: string;
  note?: string;
  /** Whether the organization can be seen as it was. */
  snapshot?: true;
}
