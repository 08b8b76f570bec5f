/** The sites that may embed an assistant, as the CSP directive `frame-ancestors`. The browser checks it against every ancestor of the frame. */
import type { AssistantId } from "../lib/types.js";
import { admissionOf } from "./admission.js";
import type { Copy } from "./copy.js";

const NOBODY = "frame-ancestors 'none'";
/** Longest header value, in bytes: common servers and proxies accept that. */
const MAX_VALUE = 8 * 1024;
/**
 * A host as CSP can express it, without characters that end a source, a directive or a header. It is tested before it is converted to lower case:
 * some letters become ASCII only then, and are refused.
 */
const HOST_SOURCE = /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?$/i;

/** The directive. It is remembered with the copy, because embedding has no expiry of its own. */
export function frameAncestors(copy: Copy | undefined, assistant: AssistantId, now: number): string {
  if (copy === undefined) return NOBODY;
  return (copy.ancestors ??= ancestorsOf(copy, assistant, now));
}

function ancestorsOf(copy: Copy, assistant: AssistantId, now: number): string {
  const allowed = copy.origins.filter(
    (origin) => isSource(origin) && admissionOf(copy, assistant, { by: "origin", value: exampleOf(origin) }, now).admitted,
  );
  if (allowed.length === 0) return NOBODY;
  const sources = allowed.includes("*") ? ["*"] : [...new Set(allowed.map((origin) => origin.toLowerCase()))];
  const directive = `frame-ancestors ${sources.join(" ")}`;
  if (directive.length <= MAX_VALUE) return directive;
  console.error(`gate: the origins allowed to embed ${assistant} do not fit into a header`);
  return NOBODY;
}

function isSource(origin: string): boolean {
  return origin === "*" || HOST_SOURCE.test(origin);
}

/** An origin that matches the pattern, to ask the core about. */
function exampleOf(origin: string): string {
  return origin === "*" ? "https://any.example" : origin.replace("//*.", "//any.");
}
