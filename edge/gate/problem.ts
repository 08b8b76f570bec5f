// Errors as RFC 9457 problem documents with a stable `code`, as the package's gate answers them for passes.
import { type GateProblemCode, gateProblems, type ProblemDocument } from "wicketgate/contract";

/** Titles of the Worker's own problems. The package's gate answers the others. */
const TITLES = {
  bad_request: "the request is not valid",
  not_found: "there is nothing at this address",
  method_not_allowed: "this address does not take this method",
  too_large: "the body is too large",
  unsupported_media_type: "send `Content-Type: application/json`",
  unavailable: "it cannot be decided at the moment",
} satisfies Partial<Record<GateProblemCode, string>>;

type Code = keyof typeof TITLES;

export class Problem extends Error {
  readonly code: Code;

  constructor(code: Code, title: string = TITLES[code]) {
    super(title);
    this.code = code;
  }
}

export function problemResponse({ code, message: title }: Problem, headers: Record<string, string> = {}): Response {
  const { status } = gateProblems[code];
  const document: ProblemDocument<Code> = { type: `urn:wicketgate:problem:${code}`, title, status, code };
  return new Response(JSON.stringify(document), {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
  });
}
