// Errors as RFC 9457 problem documents with a stable `code`. The library answers with the same ones for passes.
import { type GateProblemCode, gateProblems, type ProblemDocument } from "wicketgate/contract";

/** The problems of the Worker itself, with their titles. The others are answered by the library. */
const TITLES = {
  bad_request: "the request is not as it should be",
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
