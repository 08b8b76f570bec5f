// Errors as RFC 9457 problem documents with a stable `code`. The library answers with the same ones for passes.

const PROBLEMS = {
  bad_request: { status: 400, title: "the request is not as it should be" },
  not_found: { status: 404, title: "there is nothing at this address" },
  method_not_allowed: { status: 405, title: "this address does not take this method" },
  too_large: { status: 413, title: "the body is too large" },
  unsupported_media_type: { status: 415, title: "send `Content-Type: application/json`" },
  unavailable: { status: 503, title: "it cannot be decided at the moment" },
};

export class Problem extends Error {
  readonly code: keyof typeof PROBLEMS;

  constructor(code: keyof typeof PROBLEMS, title: string = PROBLEMS[code].title) {
    super(title);
    this.code = code;
  }
}

export function problemResponse({ code, message: title }: Problem, headers: Record<string, string> = {}): Response {
  const { status } = PROBLEMS[code];
  return new Response(JSON.stringify({ type: `urn:wicketgate:problem:${code}`, title, status, code }), {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
  });
}
