// Errors of the authority, as RFC 9457 problem documents with a stable `code`.

type ProblemStatus = 400 | 404 | 500 | 501 | 503;

export class Problem extends Error {
  constructor(
    readonly status: ProblemStatus,
    readonly code: string,
    readonly title: string,
    readonly detail?: string,
  ) {
    super(title);
  }

  toResponse(): Response {
    const { status, code, title, detail } = this;
    return new Response(JSON.stringify({ type: "about:blank", title, status, code, ...(detail && { detail }) }), {
      status,
      headers: {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
      },
    });
  }
}
