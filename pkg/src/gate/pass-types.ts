/** Types of passes, for the gate that signs them and for back ends that verify them. */
import type { AssistantId, CapabilityOf, UserId } from "../lib/types.js";

/** The access that a pass was signed for. `digest` names the key of a share link; it is not the key. */
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
  /** The capabilities when it was signed. Names may be among them that this version of the package does not know. */
  capabilities: CapabilityOf<"assistant">[];
  obtained: Obtained;
  /** Version of the facts that decided it. */
  version: number;
  issuedAt: number;
  expiresAt: number;
}
