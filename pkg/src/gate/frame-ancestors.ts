/** Who may frame an assistant, as the browser is told: CSP's `frame-ancestors`, which it holds against every ancestor. */
import type { AssistantId } from "../lib/types.js";
import { admissionOf } from "./admission.js";
import type { Copy } from "./copy.js";

const NOBODY = "frame-ancestors 'none'";
/** Longest header value, in bytes: what servers and proxies commonly take. */
const MAX_VALUE = 8 * 1024;
/**
 * What CSP can say of a host, and nothing that ends a source, a directive or a header. Tested as it stands and lowered afterwards:
 * letters that only become ASCII when lowered stay out.
 */
const HOST_SOURCE = /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?$/i;

/** The directive. Remembered with the copy: of what it says about embedding, nothing expires before it does. */
export function frameAncestors(copy: Copy | undefined, assistant: AssistantId, now: number): string {
  if (copy === undefined) return NOBODY;
  return (copy.ancestors ??= ancestorsOf(copy, assistant, now));
}

function ancestorsOf(copy: Copy, assistant: AssistantId, now: number): string {
  const allowed = copy.origins.filter(
    (origin) => sayable(origin) && admissionOf(copy, assistant, { by: "origin", what: oneOf(origin) }, now).admitted,
  );
  if (allowed.length === 0) return NOBODY;
  const sources = allowed.includes("*") ? ["*"] : [...new Set(allowed.map((origin) => origin.toLowerCase()))];
  const directive = `frame-ancestors ${sources.join(" ")}`;
  if (directive.length <= MAX_VALUE) return directive;
  console.error(`gate: the origins allowed to embed ${assistant} do not fit into a header`);
  return NOBODY;
}

function sayable(origin: string): boolean {
  return origin === "*" || HOST_SOURCE.test(origin);
}

/** An origin that this one stands for, to ask the core whether its visitors would be admitted. */
function oneOf(origin: string): string {
  return origin === "*" ? "https://any.example" : origin.replace("//*.", "//any.");
}
