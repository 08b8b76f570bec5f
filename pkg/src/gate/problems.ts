/** Refusals over HTTP: RFC 9457 problem documents with a stable `code`. Each is the same for everybody who gets it. */
import { type GateProblemCode, gateProblems, type ProblemDocument } from "../contract.js";
import type { HttpRequest, HttpResponse } from "../lib/platform.js";

/** The problems of the library, with their titles. The Worker around it answers the others. */
const TITLES = {
  bad_request: "the body is not what is asked for here",
  invalid_pass: "the pass is missing or does not hold",
  cross_origin: "the request does not come from this origin",
  insufficient_pass: "the pass does not hold this capability",
  refused: "nothing opens here",
  method_not_allowed: "the method is not one for this address",
  too_large: "the body is too long",
  unsupported_media_type: "send `Content-Type: application/json`",
  rate_limited: "too many requests: try again in a minute",
  unavailable: "it could not be checked: try again in a moment",
} satisfies Partial<Record<GateProblemCode, string>>;

/** The code of a problem that the library answers. */
export type ProblemCode = keyof typeof TITLES;

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
  const { status } = gateProblems[code];
  const document: ProblemDocument<ProblemCode> = { type: `urn:wicketgate:problem:${code}`, title: TITLES[code], status, code };
  return new Response(JSON.stringify(document), {
    status,
    headers: { "Content-Type": "application/problem+json", ...HEADERS, ...BESIDES[code] },
  });
}

/** The token of `Authorization: Bearer`. */
export function bearer(request: HttpRequest): string | undefined {
  return /^Bearer +([\w.-]+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
}
