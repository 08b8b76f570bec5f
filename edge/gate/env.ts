export interface Env {
  /** Key `gate:<assistant>`: the snapshot of one public assistant, written by the authority. */
  GATE: KVNamespace;
  /** The authority, for its keys. */
  AUTHORITY: Fetcher;
  ISSUER: string;
  ORGANIZATION: string;
}
