// What a reader already has (RFC 9110, section 13.1.2).

/** The entity tags of what the reader has. */
export function heldTags(headers: Headers): string[] {
  // Compression on the way marks a tag as weak (`W/`); for a GET the weak comparison is the right one.
  return (headers.get("If-None-Match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
}
