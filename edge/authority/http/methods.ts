// 405 for every address of the router that does not take the request's method, with `Allow`.
import type { Hono } from "hono";
import { Problem, problemResponse } from "../problem";
import type { HttpEnv } from "./context";

/** To be called after all routes are there. */
export function refuseOtherMethods(app: Hono<HttpEnv>): void {
  const allowed = new Map<string, string[]>();
  for (const { method, path } of app.routes) {
    // `ALL`: what runs before the routes.
    if (method !== "ALL") allowed.set(path, [...(allowed.get(path) ?? []), method]);
  }
  for (const [path, methods] of allowed) {
    // The router answers HEAD like GET, without the body.
    const allow = [...new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))].sort().join(", ");
    const { document } = new Problem("method_not_allowed", "this address does not take this method");
    app.all(path, () => problemResponse(document, { Allow: allow }));
  }
}
