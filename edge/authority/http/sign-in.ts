// Signing in and out: the way to the identity provider and back, and the session that follows.
import { Hono } from "hono";
import { patterns } from "wicketgate/contract";
import { clearCookie, readCookie, writeCookie } from "./cookies";
import { randomToken, sha256 } from "../digest";
import { addressed, type Ctx, type HttpEnv } from "./context";
import { begin, finish, type SignInPlace, type Transaction } from "../services/openid";
import type { Identity } from "../messages";
import { Problem, problemOf, unwrap } from "../problem";
import { jsonObject, requireSameOrigin } from "./requests";
import { organizationOf, sessionDigest } from "./organization-object";

const INVITATION_TOKEN = new RegExp(patterns.invitationToken, "u");

/** Content of the sign-in cookie. It is not signed: a person who changes it only breaks their own sign-in. */
interface Pending extends Transaction {
  /** Where to go afterwards: a path of this origin. */
  back: string;
  /** The token of an invitation to accept. */
  invitation?: string;
}

export const signIn = new Hono<HttpEnv>();

signIn.get("/v1/sign-in", async (context) => {
  const location = await leave(context, { back: ownPath(context.req.query("return") ?? "/", addressed(context).origin) });
  return context.redirect(location, 302);
});

signIn.post("/v1/invitation", async (context) => {
  requireSameOrigin(context);
  const { token } = await jsonObject(context);
  if (typeof token !== "string" || !INVITATION_TOKEN.test(token)) {
    throw new Problem("invitation_invalid", "this is not an invitation: the link is incomplete", { path: "token" });
  }
  return context.json({ location: await leave(context, { back: "/", invitation: token }) });
});

signIn.get("/v1/sign-in/callback", async (context) => {
  const { identity, back, invitation } = await comeBack(context).catch((error: unknown) => refused(context, error));
  const token = randomToken();
  unwrap(await organizationOf(context).signIn(identity, sha256(token), await sessionDigest(context), invitation));
  writeCookie(context, "session", token);
  return context.redirect(back, 303);
});

signIn.get("/v1/session", async (context) => {
  return context.json(unwrap(await organizationOf(context).session(await sessionDigest(context, "required"))));
});

signIn.post("/v1/session/end", async (context) => {
  requireSameOrigin(context);
  const { everywhere = false } = await jsonObject(context);
  if (typeof everywhere !== "boolean")
    throw new Problem("bad_request", 'expected `{}` or `{ "everywhere": true }`', { path: "everywhere" });
  const session = await sessionDigest(context);
  if (session !== undefined && everywhere) unwrap(await organizationOf(context).endSessions(session));
  if (session !== undefined) unwrap(await organizationOf(context).endSession(session));
  clearCookie(context, "session");
  return context.body(null, 204);
});

/** A person whom the provider does not vouch for is a signal of the organization. */
async function refused(context: Ctx, error: unknown): Promise<never> {
  const { code } = problemOf(error);
  if (code === "email_not_verified") unwrap(await organizationOf(context).refuseSignIn(code));
  throw error;
}

/** Who came back from the identity provider, and where they wanted to go. */
export async function comeBack(context: Ctx): Promise<{ identity: Identity; back: string; invitation?: string }> {
  const pending = parse(readCookie(context, "signIn"));
  clearCookie(context, "signIn"); // It is valid once, also if the sign-in fails.
  if (!pending) throw new Problem("sign_in_failed", "no sign-in was begun in this browser, or it took too long: sign in again");
  const identity = await finish(context.env, placeOf(context), new URL(context.req.url), pending);
  const { invitation } = pending;
  return { identity, back: ownPath(pending.back, addressed(context).origin), ...(invitation !== undefined && { invitation }) };
}

export async function leave(context: Ctx, then: Omit<Pending, keyof Transaction>): Promise<string> {
  const { location, transaction } = await begin(context.env, placeOf(context));
  writeCookie(context, "signIn", btoa(JSON.stringify({ ...transaction, ...then } satisfies Pending)));
  return location;
}

function placeOf(context: Ctx): SignInPlace {
  const { origin, organization } = addressed(context);
  return { origin, ...(organization.openid && { openid: organization.openid }) };
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

/** Accepts only paths of this origin: `//host` and `/\host` lead to other hosts, and browsers drop control characters before they parse. */
export function ownPath(path: string, origin: string): string {
  const plain = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path);
  if (!plain || new URL(path, origin).origin !== new URL(origin).origin) {
    throw new Problem("invalid_return", "return: must be a path of this origin", { path: "return" });
  }
  return path;
}
