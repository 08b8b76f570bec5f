// Answers for the console where there is no file (wrangler.jsonc): every address gets the one HTML document, except addresses of assets.
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    // Assets are cached without limit. A missing one must not be cached at all: the next deployment may bring it back.
    if (pathname.startsWith("/assets/")) return new Response("file not found\n", { status: 404, headers: GONE });
    // An address of a service that no route leads to: programs ask there, and a page would look like an answer.
    if (SERVICES.test(pathname)) return new Response(JSON.stringify(NOT_FOUND), { status: 404, headers: PROBLEM });
    return env.PAGE.fetch(new Request(new URL("/", request.url), request));
  },
};

/** Addresses of services, and those that monitors ask. */
const SERVICES = /^\/(v1|\.well-known|health|healthz|livez|readyz)(\/|$)/;
const NOT_FOUND = {
  type: "urn:wicketgate:problem:not_found",
  title: "there is nothing at this address",
  status: 404,
  code: "not_found",
};
const PROBLEM = { "Cache-Control": "no-store", "Content-Type": "application/problem+json", "X-Content-Type-Options": "nosniff" };
const GONE = { "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" };
