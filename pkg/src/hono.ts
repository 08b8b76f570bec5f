/**
 * For Hono: a back end's routes behind a pass, and a page's policy on who may frame it.
 * @module wicketgate/hono
 */
import type { Context, MiddlewareHandler } from "hono";
import { WicketgateError } from "./lib/error.js";
import type { Gate } from "./gate.js";
import { bearer, problem } from "./gate/problems.js";
import { readOptions } from "./lib/options.js";
import { verifyPass, type Pass, type PassExpectations } from "./pass.js";

/** What a route asks of a pass, and of which assistant. */
export interface RequirePassOptions extends Omit<PassExpectations, "assistant" | "now"> {
  assistant: (context: Context) => string;
}

/**
 * Lets requests with a good pass through, with it as `c.var.pass`; answers 401 or 403 to others. What a pass was given for may have been
 * withdrawn while it lasts: a route that cannot go on for these minutes asks the gate's `authorize`.
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
      // A mistake in the options is no fault of the pass.
      if (!(error instanceof WicketgateError) || error.code === "invalid_options") throw error;
      return problem(error.code === "not_granted" ? "insufficient_pass" : "invalid_pass");
    }
    context.set("pass", pass);
    await next();
    return undefined;
  };
}

/**
 * Says in a policy of its own who may frame the answer: the sites that the assistant may be embedded in, or nobody. Other policies of the
 * answer count as well. Where it cannot be decided, the answer is 503.
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
