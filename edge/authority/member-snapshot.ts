// The snapshot of one member, as the page fetches it: the payload as plain JSON, its signature in a header.
import { detach, issue } from "wicketgate/authority";
import { readDirectory } from "./directory";
import type { Env } from "./env";
import { signingKey } from "./keys";
import { Problem } from "./problem";

export const MEMBER_AUDIENCE = "wicketgate-console";

// A change of rights reaches a page that polls within a window, and one that does not within a lifetime.
const WINDOW = 5 * 60;
const LIFETIME = 2 * WINDOW;

export async function memberSnapshot(request: Request, env: Env, user: string): Promise<Response> {
  const { version, facts } = await readDirectory(env);
  if (!facts.users?.some(({ id }) => id === user)) {
    throw new Problem(404, "unknown_user", "The organization has no such user");
  }

  // Issued at the start of a window, so that the bytes, and so the entity tag, hold still within it.
  const now = Math.floor(Date.now() / 1000);
  const token = await issue(facts, {
    key: signingKey(env),
    issuer: env.ISSUER,
    audience: MEMBER_AUDIENCE,
    issuedAt: now - (now % WINDOW),
    expiresIn: LIFETIME,
    version,
    scope: { member: user },
  });
  const { payload, signature } = await detach(token);

  // The signature is a function of exactly these bytes: nothing names them better.
  const etag = `"${signature.slice(signature.lastIndexOf(".") + 1)}"`;
  const headers = {
    ETag: etag,
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
  };
  if (matches(request.headers.get("If-None-Match"), etag)) return new Response(null, { status: 304, headers });
  return new Response(payload, {
    headers: { ...headers, "Content-Type": "application/json", "Wicketgate-Signature": signature },
  });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  // Compression on the way marks a tag as weak (`W/`); for a GET the weak comparison is the right one.
  return ifNoneMatch?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false;
}
