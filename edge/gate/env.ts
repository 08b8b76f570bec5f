// What the operator configures. docs/deploying.md says what each is for.

export interface Env {
  /** Key `gate:<assistant>`: the snapshot of one public assistant, written by the authority. */
  GATE: KVNamespace;
  /** The authority: its keys, what is current, the snapshots of people who are signed in. */
  AUTHORITY: Fetcher;
  /** The `iss` of what the authority signs. */
  ISSUER: string;
  ORGANIZATION: string;
  /** Secret: the authority's of the same name. */
  GATE_TOKEN: string;

  /** Secret: a private JWK Set. The first key signs passes, the public halves of all are published. */
  PASS_KEYS: string;
  /** The `iss` of passes. */
  PASS_ISSUER: string;
  /** Seconds a pass lasts. */
  PASS_LIFETIME?: string;
  /** Seconds for which a snapshot is used without asking whether there is a newer one. */
  REVALIDATE_AFTER?: string;
  /** Seconds for which it is used when nobody can be asked. */
  GRACE?: string;

  PASSES_BY_ADDRESS: RateLimit;
  PASSES_BY_ASSISTANT: RateLimit;

  /** Of the demonstration back end alone. Key `greeting:<assistant>`. */
  CHAT: KVNamespace;
}
