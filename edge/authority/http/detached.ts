// Signed answers: the payload is the body, its signature is the header `Wicketgate-Signature`.
import { headerNames } from "wicketgate/contract";
import type { Detached, Tagged } from "../messages";

/**
 * Sets `Date` itself, because not every platform for Workers does: a reader whose clock is wrong needs it to tell a fresh answer from an
 * old one.
 */
export function detached({ payload, signature }: Detached, more: Record<string, string> = {}): Response {
  return new Response(payload, {
    headers: { ...more, Date: new Date().toUTCString(), "Content-Type": "application/json", [headerNames.signature]: signature },
  });
}

export function tagged({ etag, token }: Tagged): Response {
  const caching = { ETag: etag, Vary: "Cookie, Authorization" };
  return token ? detached(token, caching) : new Response(null, { status: 304, headers: caching });
}
