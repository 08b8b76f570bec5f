// Signing in and out: what the browser carries between here and the identity provider, and the session it gets.
import { type Context, Hono } from "hono";
import { clearCookie, readCookie, writeCookie } from "./cookies";
import { randomToken, sha256 } from "../digest";
import type { Env } from "../env";
import { begin, finish, type Transaction } from "../services/openid";
import { Problem, unwrap } from "../problem";
import { jsonObject, requireSameOrigin } from "./requests";
import { organizationOf, sessionDigest } from "./organization-object";

type Ctx = Context<{ Bindings: Env }>;

/** What the cookie holds between leaving and coming back. Whoever writes another fools nobody but themselves. */
interface Pending extends Transaction {
  /** Where to go afterwards: a path of ours. */
  back: string;
  /** The token of an invitation to accept. It is nowhere else. */
  invitation?: string;
}

export const signIn = new Hono<{ Bindings: Env }>();

signIn.get("/v1/sign-in", async (context) => {
  const location = await leave(context, { back: ownPath(context.req.query("return") ?? "/", context.env.ORIGIN) });
  return context.redirect(location, 302);
});

signIn.post("/v1/invitation", async (context) => {
  requireSameOrigin(context);
  const { token } = await jsonObject(context);
  if (typeof token !== "string" || !/^wi_[A-Za-z0-9_-]{43}$/.test(token)) {
    throw new Problem("invitation_invalid", "this is no invitation: its link is not complete", { path: "token" });
  }
  return context.json({ location: await leave(context, { back: "/", invitation: token }) });
});

signIn.get("/v1/sign-in/callback", async (context) => {
  const pending = parse(readCookie(context, "signIn"));
  clearCookie(context, "signIn"); // Once, whatever comes of it.
  if (!pending) throw new Problem("sign_in_failed", "no sign-in was begun in this browser, or it took too long");
  const identity = await finish(context.env, new URL(context.req.url), pending);
  const token = randomToken();
  unwrap(await organizationOf(context.env).signIn(identity, sha256(token), sessionDigest(context), pending.invitation));
  writeCookie(context, "session", token);
  return context.redirect(ownPath(pending.back, context.env.ORIGIN), 303);
});

signIn.get("/v1/session", async (context) => {
  return context.json(unwrap(await organizationOf(context.env).session(sessionDigest(context, "required"))));
});

signIn.post("/v1/session/end", async (context) => {
  requireSameOrigin(context);
  const { everywhere = false } = await jsonObject(context);
  if (typeof everywhere !== "boolean")
    throw new Problem("bad_request", 'expected `{}` or `{ "everywhere": true }`', { path: "everywhere" });
  const session = sessionDigest(context);
  if (session !== undefined && everywhere) unwrap(await organizationOf(context.env).endSessions(session));
  if (session !== undefined) unwrap(await organizationOf(context.env).endSession(session));
  clearCookie(context, "session");
  return context.body(null, 204);
});

async function leave(context: Ctx, then: Omit<Pending, keyof Transaction>): Promise<string> {
  const { location, transaction } = await begin(context.env);
  writeCookie(context, "signIn", btoa(JSON.stringify({ ...transaction, ...then } satisfies Pending)));
  return location;
}

function parse(cookie: string | undefined): Pending | undefined {
  try {
    const { state, nonce, verifier, back, invitation } = JSON.parse(atob(cookie ?? "")) as Pending;
    if (![state, nonce, verifier, back].every((value) => typeof value === "string" && value !== "")) return undefined;
    return { state, nonce, verifier, back, ...(typeof invitation === "string" && { invitation }) };
  } catch {
    return undefined;
  }
}

/** Only a path of our own: `//host` and `/\host` lead elsewhere, and control characters are dropped by browsers before they look. */
function ownPath(path: string, origin: string): string {
  const plain = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path);
  if (!plain || new URL(path, origin).origin !== new URL(origin).origin) {
    throw new Problem("invalid_return", "return: must be a path of this origin", { path: "return" });
  }
  return path;
}
