// Conditional requests (RFC 9110, section 13.1.2). Not Hono's middleware: it hashes bodies, and here a tag is known before there is a body.

/** The entity tags that the reader already has. */
export function heldTags(headers: Headers): string[] {
  // Compression on the way marks a tag as weak (`W/`). GET uses the weak comparison.
  return (headers.get("If-None-Match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
}
