// Errors of the authority, as RFC 9457 problem documents with a stable `code`. They travel from the object to the Worker
// as values, because an error that crosses that border loses what it carries.
import { WicketgateError } from "wicketgate/authority";

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: string;
  /** Where in what was sent the fault is. */
  path?: string;
  /** The capability that is missing, and why. */
  capability?: string;
  denied?: string;
  /** The things that stand in the way. */
  ids?: string[];
  /** Seconds after which it may be sent again: the answer's `Retry-After`. */
  retry_after?: number;
  /** Until when it could be given, Unix seconds. */
  until?: number;
}

export type Outcome<T> = { value: T } | { problem: ProblemDocument };

type Details = Pick<ProblemDocument, "path" | "capability" | "denied" | "ids" | "until" | "retry_after">;

/** The status of each code; what is not here is a fault of ours. */
const STATUS = new Map(
  Object.entries({
    bad_request: 400,
    invalid_command: 400,
    invalid_facts: 400,
    invalid_return: 400,
    sign_in_failed: 400,
    not_signed_in: 401,
    not_allowed: 403,
    beyond_own_role: 403,
    cross_origin: 403,
    email_not_verified: 403,
    removed_user: 403,
    suspended_user: 403,
    wrong_address: 403,
    not_found: 404,
    unknown_user: 404,
    unknown_team: 404,
    unknown_project: 404,
    unknown_assistant: 404,
    unknown_role: 404,
    unknown_link: 404,
    unknown_invitation: 404,
    unknown_review: 404,
    already_exists: 409,
    already_founded: 409,
    delta_unavailable: 409,
    in_use: 409,
    inactive_user: 409,
    key_is_configured: 409,
    last_global_admin: 409,
    not_empty: 409,
    only_me: 409,
    only_team: 409,
    own_role: 409,
    owns_assistants: 409,
    rotation_in_progress: 409,
    invitation_expired: 410,
    invitation_invalid: 410,
    version_conflict: 412,
    too_large: 413,
    unsupported_media_type: 415,
    idempotency_conflict: 422,
    upgrade_required: 426,
    rate_limited: 429,
    internal: 500,
    tampered: 500,
    not_configured: 503,
    not_founded: 503,
    unavailable: 503,
  }),
);

export class Problem extends Error {
  readonly document: ProblemDocument;

  constructor(code: string, title: string, details: Details = {}) {
    super(title);
    this.document = { type: `urn:wicketgate:problem:${code}`, title, status: STATUS.get(code) ?? 500, code, ...details };
  }
}

/** What is to be answered for an error, whatever it is. */
export function problemOf(error: unknown): ProblemDocument {
  if (error instanceof Problem) return error.document;
  if (error instanceof WicketgateError && STATUS.has(error.code)) {
    const { path, capability, denied, ids, until } = error as Details;
    return new Problem(error.code, error.message, {
      ...(path !== undefined && { path }),
      ...(capability !== undefined && { capability }),
      ...(denied !== undefined && { denied }),
      ...(ids && ids.length > 0 && { ids }),
      ...(until !== undefined && { until }),
    }).document;
  }
  report(error);
  // What the platform says of an object that moves, restarts or has too much to do.
  const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
  if (retryable || overloaded) return new Problem("unavailable", "the authority cannot be reached at the moment").document;
  return new Problem("internal", "the authority failed").document;
}

/** Where it happened, and not what was said: a message may quote a secret. */
export function report(error: unknown): void {
  const { name = "error", stack = "", code } = error as { name?: string; stack?: string; code?: string };
  const frames = stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 5);
  console.error(["authority:", name, code, ...frames].filter(Boolean).join(" "));
}

export function problemHeaders({ retry_after: seconds }: ProblemDocument): Record<string, string> {
  return { "Content-Type": "application/problem+json", ...(seconds !== undefined && { "Retry-After": String(seconds) }) };
}

export function problemResponse(document: ProblemDocument): Response {
  return new Response(JSON.stringify(document), { status: document.status, headers: problemHeaders(document) });
}

/** The value, or the problem thrown again on this side. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if ("value" in outcome) return outcome.value;
  const { code, title, type: _type, status: _status, ...details } = outcome.problem;
  throw new Problem(code, title, details);
}
