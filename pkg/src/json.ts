import { WicketgateError } from "./error.js";
import type { Organization } from "./wasm/authority.js";

/** The facts as JSON. */
export function factsJson(facts: Organization | string): string {
  if (typeof facts === "string") return facts;
  try {
    return JSON.stringify(facts) ?? "null";
  } catch (cause) {
    throw new WicketgateError("invalid_facts", "the facts are no JSON document", { cause });
  }
}
