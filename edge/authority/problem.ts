// Errors of the authority, as RFC 9457 problem documents with a stable `code`. They go from the object to the Worker as values, because an
// error that crosses that border loses its fields.
import { WicketgateError } from "wicketgate/authority";
import { type AuthorityProblemCode, authorityProblems, type ProblemDocument } from "wicketgate/contract";

/** A problem of this service. */
type Document = ProblemDocument<AuthorityProblemCode>;

export type Outcome<T> = ({ value: T } | { problem: Document }) & { quotas?: Quota[] };

/** How many requests may still be sent. */
export interface Quota {
  /** Whose requests are counted. */
  of: "key" | "organization";
  /** Requests in a window of so many seconds. */
  most: number;
  seconds: number;
  /** Requests that are left; negative if this one was too many. */
  left: number;
  /** Seconds until the window ends. */
  reset: number;
}

type Details = Pick<Document, "path" | "capability" | "denied" | "ids" | "until" | "retry_after" | "index">;

export class Problem extends Error {
  readonly document: Document;

  constructor(code: AuthorityProblemCode, title: string, details: Details = {}) {
    super(title);
    const { status } = authorityProblems[code];
    this.document = { type: `urn:wicketgate:problem:${code}`, title, status, code, ...details };
  }
}

/** A problem with a path, which its title names too. */
export function problemAtPath(code: AuthorityProblemCode, path: string, reason: string): Problem {
  return new Problem(code, `${path}: ${reason}`, { path });
}

/** What a refusal of the core says besides its code and message. */
export function detailsOf({ path, capability, denied, ids, until }: Details): Details {
  return {
    ...(path !== undefined && { path }),
    ...(capability !== undefined && { capability }),
    ...(denied !== undefined && { denied }),
    ...(ids && ids.length > 0 && { ids }),
    ...(until !== undefined && { until }),
  };
}

/** The problem to answer for any error. @param organization for the log */
export function problemOf(error: unknown, organization?: string): Document {
  if (error instanceof Problem) return error.document;
  if (error instanceof WicketgateError && isProblemCode(error.code)) {
    return new Problem(error.code, error.message, detailsOf(error as Details)).document;
  }
  report(error, organization);
  // The platform marks errors of an object that moves, restarts or is overloaded.
  const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
  if (retryable || overloaded) return new Problem("unavailable", "the authority cannot be reached at the moment").document;
  return new Problem("internal", "the authority failed").document;
}

/** Whether errors of this code are answered as they are; all others are `internal`. */
function isProblemCode(code: string): code is AuthorityProblemCode {
  return Object.hasOwn(authorityProblems, code);
}

/** Logs where an error happened and not its message, which may quote a secret. @param organization the id of the one that it is about */
export function report(error: unknown, organization?: string): void {
  const { name = "error", stack = "", code } = error as { name?: string; stack?: string; code?: string };
  const frames = stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 5);
  console.error(["authority:", organization && `[${organization}]`, name, code, ...frames].filter(Boolean).join(" "));
}

export function problemHeaders({ retry_after: seconds }: Document): Record<string, string> {
  return { "Content-Type": "application/problem+json", ...(seconds !== undefined && { "Retry-After": String(seconds) }) };
}

export function problemResponse(document: Document, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(document), { status: document.status, headers: { ...headers, ...problemHeaders(document) } });
}

/** Header fields that say how many requests may still be sent (draft-ietf-httpapi-ratelimit-headers). */
export function quotaHeaders(quotas: Quota[]): [string, string][] {
  if (quotas.length === 0) return [];
  const policies = quotas.map(({ of, most, seconds }) => `"${of}";q=${most};w=${seconds}`);
  const states = quotas.map(({ of, left, reset }) => `"${of}";r=${Math.max(left, 0)};t=${reset}`);
  return [
    ["RateLimit-Policy", policies.join(", ")],
    ["RateLimit", states.join(", ")],
  ];
}

/** The value. @throws Problem the outcome's problem, again on this side */
export function unwrap<T>(outcome: Outcome<T>): T {
  if ("value" in outcome) return outcome.value;
  const { code, title, type: _type, status: _status, ...details } = outcome.problem;
  throw new Problem(code, title, details);
}
