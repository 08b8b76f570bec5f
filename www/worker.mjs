// Answers for the console where there is no file (wrangler.jsonc): every address gets the one HTML document, except addresses of assets.
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    // Assets are cached without limit. A missing one must not be cached at all: the next deployment may bring it back.
    if (pathname.startsWith("/assets/")) return new Response("file not found\n", { status: 404, headers: GONE });
    return env.PAGE.fetch(new Request(new URL("/", request.url), request));
  },
};

const GONE = { "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" };
