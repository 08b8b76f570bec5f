// Puts the console and the two Workers on one origin: those of the single organization, or below `localhost` those of the platform.
import page from "../www/worker.mjs";
import { AUTHORITY, GATE } from "./routes.mjs";

export default {
  async fetch(request, env) {
    const { pathname, hostname } = new URL(request.url);
    const many = hostname.endsWith(".localhost");
    if (GATE.test(pathname)) return (many ? env.PLATFORM_GATE : env.GATE).fetch(request);
    if (AUTHORITY.test(pathname)) return (many ? env.PLATFORM : env.AUTHORITY).fetch(request);
    const file = await env.PAGE.fetch(request);
    return file.status === 404 ? page.fetch(request, env) : file;
  },
};
