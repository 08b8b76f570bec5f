/** Types of passes, for the gate that signs them and for back ends that verify them. */
import type { AssistantId, CapabilityOf, UserId } from "../lib/types.js";

/** The access that a pass was signed for. `digest` names the key of a share link; it is not the key. */
export type Obtained =
  | { by: "view_link" | "edit_link"; digest: string }
  | { by: "embed"; origin: string }
  | { by: "member"; user: UserId };

/** A verified pass. Times are Unix seconds. */
export interface Pass {
  /** The gate that signed it (`iss`). */
  issuer: string;
  /** The back end that it is for (`aud`). */
  audience: string;
  /** Id of the organization. */
  organization: string;
  /** Id of the assistant. */
  assistant: AssistantId;
  /** The capabilities when it was signed. Names may be among them that this version of the package does not know. */
  capabilities: CapabilityOf<"assistant">[];
  /** The access that it was signed for. */
  obtained: Obtained;
  /** Version of the facts that decided it. */
  version: number;
  /** Time of signing (`iat`): it is valid from then on. */
  issuedAt: number;
  /** Time of expiry (`exp`). */
  expiresAt: number;
}
