/** Refusals over HTTP: problem documents (RFC 9457) with a stable `code`. The document of a code is always the same. */
import { type GateProblemCode, gateProblems, type ProblemDocument } from "../contract.js";
import type { HttpRequest, HttpResponse } from "../lib/platform.js";

/** The problems of the library, with their titles. The Worker around it answers the others. */
const TITLES = {
  bad_request: "the body is not in the expected form",
  invalid_pass: "the pass is missing or not valid",
  cross_origin: "the request does not come from this origin",
  insufficient_pass: "the pass does not hold this capability",
  refused: "this assistant is not available",
  method_not_allowed: "this address does not support the method",
  too_large: "the body is too long",
  unsupported_media_type: "send `Content-Type: application/json`",
  rate_limited: "too many requests: try again in a minute",
  unavailable: "the request could not be checked: try again in a moment",
} satisfies Partial<Record<GateProblemCode, string>>;

/** The code of a problem that the library answers. */
export type ProblemCode = keyof typeof TITLES;

/** Headers of every answer about passes: not stored, and not interpreted as another type. */
export const NO_STORE = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** Headers of answers that a browser may show as a document or embed. */
const HEADERS = {
  ...NO_STORE,
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
};

/** Headers of single problems. */
const MORE_HEADERS: Partial<Record<ProblemCode, Record<string, string>>> = {
  invalid_pass: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
  insufficient_pass: { "WWW-Authenticate": 'Bearer error="insufficient_scope"' },
  method_not_allowed: { Allow: "POST" },
  rate_limited: { "Retry-After": "60" },
  unavailable: { "Retry-After": "5" },
};

/** The answer for a refusal. */
export function problem(code: ProblemCode): HttpResponse {
  const { status } = gateProblems[code];
  const document: ProblemDocument<ProblemCode> = { type: `urn:wicketgate:problem:${code}`, title: TITLES[code], status, code };
  return new Response(JSON.stringify(document), {
    status,
    headers: { "Content-Type": "application/problem+json", ...HEADERS, ...MORE_HEADERS[code] },
  });
}

/** The token in `Authorization: Bearer`; undefined without one. */
export function bearer(request: HttpRequest): string | undefined {
  return /^Bearer +([\w.-]+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
}
