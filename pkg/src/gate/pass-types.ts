/** Types of passes, for the gate that signs them and for back ends that verify them. */
import type { AssistantId, CapabilityOf, UserId } from "../lib/types.js";

/** What a pass was given for. `digest` names the share-link key; it is not the key. */
export type Obtained =
  | { by: "view_link" | "edit_link"; digest: string }
  | { by: "embed"; origin: string }
  | { by: "member"; user: UserId };

/** A verified pass. Times are Unix seconds. */
export interface Pass {
  issuer: string;
  audience: string;
  organization: string;
  assistant: AssistantId;
  /** What was allowed when it was given. There may be names that this version of the package does not know. */
  capabilities: CapabilityOf<"assistant">[];
  obtained: Obtained;
  /** The version of the facts that it was given by. */
  version: number;
  issuedAt: number;
  expiresAt: number;
}
