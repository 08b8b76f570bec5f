/**
 * Passes: short-lived tokens that the gate signs for visitors. A back end verifies them here with public keys only, without WebAssembly.
 * @module wicketgate/pass
 */
import { WicketgateError } from "./lib/error.js";
import { readOptions } from "./lib/options.js";
import { PASS_TYPE, TERMS, readPass, type PassTerms } from "./gate/read-pass.js";
import type { Pass } from "./gate/pass-types.js";
import type { CapabilityOf } from "./lib/types.js";

export { PASS_TYPE };
export { PassSigner, type SignedPass } from "./gate/sign-pass.js";
export type { PassOptions } from "./gate/types.js";
export type { Obtained, Pass } from "./gate/pass-types.js";

/** The claims that a pass must have. All that decide are required, so that none can be forgotten. */
export interface PassExpectations extends PassTerms {
  /** The capability that the request needs. */
  capability: CapabilityOf<"assistant">;
}

/**
 * Verifies a pass: signature, issuer, audience, organization, assistant, time and capability. The access that it was signed for may have been
 * withdrawn since then; only the gate's `recheck` knows.
 * @throws {WicketgateError} with the code of the first step that fails: `too_large`, `malformed`, `wrong_type`, `unsupported_algorithm`,
 * `unknown_key`, `bad_signature`, `wrong_issuer`, `wrong_audience`, `wrong_organization`, `wrong_assistant`, `not_yet_valid`, `expired`, `not_granted`. Where
 * the engine has no Ed25519, `unsupported_engine` takes the place of `bad_signature`.
 * @example
 * ```ts
 * const pass = await verifyPass(token, {
 *   keys,
 *   issuer: "https://gate.acme.example",
 *   audience: "https://api.acme.example",
 *   organization: "acme",
 *   assistant: "helper",
 *   capability: "assistant.chat",
 * });
 * ```
 */
export async function verifyPass(token: string, expect: PassExpectations): Promise<Pass> {
  const { capability, ...terms } = readOptions(expect, [...TERMS, "capability"]);
  if (typeof capability !== "string")
    throw new WicketgateError("invalid_options", "capability: expected a string", { path: "capability" });
  const pass = await readPass(token, terms);
  if (!pass.capabilities.includes(capability))
    throw new WicketgateError("not_granted", "the pass does not hold the capability", { path: "capabilities" });
  return pass;
}
