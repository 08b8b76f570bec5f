// Puts the page and the two Workers on one origin, as the routes of a zone do for a deployment.
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/a/") || pathname.startsWith("/embed/")) return env.GATE.fetch(request);
    if (pathname.startsWith("/v1/") || pathname === "/.well-known/jwks.json") return env.AUTHORITY.fetch(request);
    // The demonstration's own: a real authority shows a key once and never again.
    if (pathname === "/demo/links.json") return Response.json(env.LINKS, { headers: { "Cache-Control": "no-store" } });
    return env.PAGE.fetch(request);
  },
};
