// What the operator configures. docs/deploying.md explains each.
import type { PassSettings } from "../shared/pass-options";

export interface Env extends PassSettings {
  /** Key `gate:<organization>:<assistant>`: the snapshot of one public assistant, written by the authority. */
  GATE: KVNamespace;
  /** The authority: for its keys, its heads, and the snapshots of signed-in people. */
  AUTHORITY: Fetcher;
  /** The organization, and the `iss` of everything that the authority signs. Without them, the authority says both for each host. */
  ORGANIZATION?: string;
  ISSUER?: string;
  /** Secret: equal to the authority's `GATE_TOKEN`. */
  GATE_TOKEN: string;

  /** The `iss` of passes, with `ORGANIZATION`. Otherwise it is the organization's own `iss`. */
  PASS_ISSUER?: string;
  /** Seconds for which a snapshot is used without asking for a newer one. */
  REVALIDATE_AFTER?: string;
  /** Seconds for which a snapshot is used if the authority cannot be reached. */
  GRACE?: string;

  PASSES_BY_ADDRESS: RateLimit;
  PASSES_BY_ASSISTANT: RateLimit;

  /** Only for the demonstration back end. Key `greeting:<organization>:<assistant>`. */
  CHAT: KVNamespace;
}
