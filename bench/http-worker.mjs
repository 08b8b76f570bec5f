// The authority's Worker with the measured object. The same Worker also answers what the object says without the work of a command, and calls
// methods of the object.

import authority from "../edge/authority/worker.ts";
import calls from "./object-worker.mjs";

export { Measured } from "./object-worker.mjs";

const METHODS = { "/constant": "constant", "/insert": "bare" };

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/v1/")) return authority.fetch(request, env, ctx);
    const method = METHODS[pathname];
    if (method === undefined) return calls.fetch(request, env, ctx);
    const stub = env.DIRECTORY.get(env.DIRECTORY.idFromName(env.ORGANIZATION));
    await request.text();
    return Response.json((await stub[method]()).value.answer);
  },
};
