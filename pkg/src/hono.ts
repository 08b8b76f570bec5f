/**
 * Middleware for Hono: routes that need a pass, and pages that only certain sites may embed.
 * @module wicketgate/hono
 */
import type { Context, MiddlewareHandler } from "hono";
import { WicketgateError } from "./lib/error.js";
import type { Gate } from "./gate.js";
import { bearer, problem } from "./gate/problems.js";
import { readOptions } from "./lib/options.js";
import { verifyPass, type Pass, type PassExpectations } from "./pass.js";

/** Options of {@link requirePass}. */
export interface RequirePassOptions extends Omit<PassExpectations, "assistant" | "now"> {
  /** Returns the id of the assistant that the request is about. */
  assistant: (context: Context) => string;
}

/**
 * Middleware that lets requests with a valid pass through, with the pass as `c.var.pass`, and answers 401 or 403 to the others. The access behind a
 * pass may have been withdrawn minutes ago: a route that cannot accept that calls `authorize` of the gate.
 * @example
 * ```ts
 * app.post(
 *   "/assistants/:id/messages",
 *   requirePass({ keys, issuer, audience, organization: "acme", capability: "assistant.chat", assistant: (c) => c.req.param("id") }),
 *   (c) => reply(c.var.pass),
 * );
 * ```
 */
export function requirePass(options: RequirePassOptions): MiddlewareHandler<{ Variables: { pass: Pass } }> {
  const { assistant, ...expect } = readOptions(options, [
    "assistant",
    "keys",
    "issuer",
    "audience",
    "organization",
    "capability",
    "clockTolerance",
  ]);
  return async (context, next) => {
    const token = bearer(context.req.raw);
    if (token === undefined) return problem("invalid_pass");
    let pass;
    try {
      pass = await verifyPass(token, { ...expect, assistant: assistant(context) });
    } catch (error) {
      // Wrong options are the caller's mistake, not a fault of the pass.
      if (!(error instanceof WicketgateError) || error.code === "invalid_options") throw error;
      return problem(error.code === "not_granted" ? "insufficient_pass" : "invalid_pass");
    }
    context.set("pass", pass);
    await next();
    return undefined;
  };
}

/**
 * Middleware that adds a Content Security Policy with `frame-ancestors`: the sites that may embed the assistant, or nobody. Other policies of the
 * answer count as well. If nothing can be decided, the answer is 503.
 * @example
 * ```ts
 * app.get("/embed/:id", framing(gate, (c) => c.req.param("id")), page);
 * ```
 */
export function framing(gate: Pick<Gate, "frameAncestors">, assistant: (context: Context) => string): MiddlewareHandler {
  return async (context, next) => {
    let ancestors;
    try {
      ancestors = await gate.frameAncestors(assistant(context));
    } catch (error) {
      if (!(error instanceof WicketgateError) || error.code !== "unavailable") throw error;
      const answer = problem("unavailable");
      answer.headers.set("Content-Security-Policy", "frame-ancestors 'none'");
      return answer;
    }
    await next();
    context.header("Content-Security-Policy", ancestors, { append: true });
    return undefined;
  };
}
