// Answers for the console where no file does (wrangler.jsonc): every address is a page of the one document, but those of files.
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    // Files keep for ever, and that one is not there is not to be kept at all: the next deployment may bring it back.
    if (pathname.startsWith("/assets/")) return new Response("there is no such file\n", { status: 404, headers: GONE });
    return env.PAGE.fetch(new Request(new URL("/", request.url), request));
  },
};

const GONE = { "Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" };
