// Puts the console and the two Workers on one origin.
import page from "../www/worker.mjs";
import { AUTHORITY, GATE } from "./routes.mjs";

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (GATE.test(pathname)) return env.GATE.fetch(request);
    if (AUTHORITY.test(pathname)) return env.AUTHORITY.fetch(request);
    const file = await env.PAGE.fetch(request);
    return file.status === 404 ? page.fetch(request, env) : file;
  },
};
