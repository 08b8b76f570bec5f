// Puts the page and the two Workers on one origin, as the routes of a zone do for a deployment.
const GATE = /^\/(a\/|embed\/|v1\/chat\/|v1\/pass$|widget\.js$|\.well-known\/pass-jwks\.json$)/;

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (GATE.test(pathname)) return env.GATE.fetch(request);
    if (pathname.startsWith("/v1/") || pathname === "/.well-known/jwks.json") return env.AUTHORITY.fetch(request);
    const file = await env.PAGE.fetch(request);
    // Every other address is a page of the console, which is one document. A script that is gone is gone.
    return file.status === 404 && !pathname.startsWith("/assets/") ? env.PAGE.fetch(new Request(new URL("/", request.url), request)) : file;
  },
};
