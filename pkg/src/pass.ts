/**
 * Passes: what the gate gives a visitor, for a back end to check with the public keys alone. No WebAssembly.
 * @module wicketgate/pass
 */
import { WicketgateError } from "./error.js";
import { options } from "./given.js";
import { PASS_TYPE, TERMS, readPass, type PassTerms } from "./gate/reading.js";
import type { AssistantId, CapabilityOf, UserId } from "./types.js";

export { PASS_TYPE };

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

/** What a pass must say. Everything that decides is required, so that none can be forgotten. */
export interface PassExpectations extends PassTerms {
  /** What is about to be done. */
  capability: CapabilityOf<"assistant">;
}

/**
 * Verifies a pass: that the gate gave it, for this back end, this organization and this assistant, that it counts now and holds the
 * capability. What it was given for may have been withdrawn since; the gate's `recheck` knows.
 * @throws {WicketgateError} with the code of the first step that fails: `too_large`, `malformed`, `wrong_type`, `unsupported_algorithm`,
 * `unknown_key`, `bad_signature`, `wrong_issuer`, `wrong_audience`, `wrong_organization`, `wrong_assistant`, `not_yet_valid`, `expired`, `not_granted`. Where
 * the engine has no Ed25519, `unsupported_engine` takes the place of `bad_signature`.
 */
export async function verifyPass(token: string, expect: PassExpectations): Promise<Pass> {
  const { capability, ...terms } = options(expect, [...TERMS, "capability"]);
  if (typeof capability !== "string")
    throw new WicketgateError("invalid_options", "capability: expected a string", { path: "capability" });
  const pass = await readPass(token, terms);
  if (!pass.capabilities.includes(capability))
    throw new WicketgateError("not_granted", "the pass does not hold the capability", { path: "capabilities" });
  return pass;
}
