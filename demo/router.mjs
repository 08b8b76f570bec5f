// Puts the page and the two Workers on one origin, as the routes of a zone do for a deployment.
import page from "../www/worker.mjs";

const GATE = /^\/(a\/|embed\/|v1\/chat\/|v1\/pass$|widget\.js$|\.well-known\/pass-jwks\.json$)/;

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (GATE.test(pathname)) return env.GATE.fetch(request);
    if (pathname.startsWith("/v1/") || pathname === "/.well-known/jwks.json") return env.AUTHORITY.fetch(request);
    const file = await env.PAGE.fetch(request);
    return file.status === 404 ? page.fetch(request, env) : file;
  },
};
