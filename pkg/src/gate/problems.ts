/** Refusals over HTTP: RFC 9457 problem documents with a stable `code`. Each is the same for everybody who gets it. */
import type { HttpRequest, HttpResponse } from "../lib/platform.js";

const PROBLEMS = {
  bad_request: [400, "the body is not what is asked for here"],
  invalid_pass: [401, "the pass is missing or does not hold"],
  cross_origin: [403, "the request does not come from this origin"],
  insufficient_pass: [403, "the pass does not hold this capability"],
  refused: [404, "nothing opens here"],
  method_not_allowed: [405, "the method is not one for this address"],
  too_large: [413, "the body is too long"],
  unsupported_media_type: [415, "send `Content-Type: application/json`"],
  rate_limited: [429, "too many requests: try again in a minute"],
  unavailable: [503, "it could not be checked: try again in a moment"],
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** Of every answer about passes: kept nowhere, taken for nothing else. */
export const KEPT_NOWHERE = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** Of those that may become a document, or be embedded. */
const HEADERS = {
  ...KEPT_NOWHERE,
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
};

const BESIDES: Partial<Record<ProblemCode, Record<string, string>>> = {
  invalid_pass: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
  insufficient_pass: { "WWW-Authenticate": 'Bearer error="insufficient_scope"' },
  method_not_allowed: { Allow: "POST" },
  rate_limited: { "Retry-After": "60" },
  unavailable: { "Retry-After": "5" },
};

export function problem(code: ProblemCode): HttpResponse {
  const [status, title] = PROBLEMS[code];
  const body = JSON.stringify({ type: `urn:wicketgate:problem:${code}`, title, status, code });
  return new Response(body, { status, headers: { "Content-Type": "application/problem+json", ...HEADERS, ...BESIDES[code] } });
}

/** The token of `Authorization: Bearer`. */
export function bearer(request: HttpRequest): string | undefined {
  return /^Bearer +([\w.-]+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
}
