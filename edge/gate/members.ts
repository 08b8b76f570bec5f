// People who are signed in at the authority: the part of their own snapshot that is about the assistant decides.
import type { DetachedSnapshot } from "wicketgate";
import { headerNames } from "wicketgate/contract";
import { parse } from "hono/utils/cookie";
import { SESSION_COOKIES } from "../shared/cookie-names";
import type { Env } from "./env";

/** Milliseconds that the authority has for an answer, as for the sources of the package. */
const PATIENCE = 2000;

/**
 * What the request's signed-in person may know of an assistant, if somebody is signed in. The authority gets the session cookie and nothing else of the
 * request.
 */
export async function memberSnapshot(
  env: Env,
  authority: string,
  request: Request,
  assistant: string,
): Promise<DetachedSnapshot | undefined> {
  const cookies = parse(request.headers.get("Cookie") ?? "");
  // With their own names: the authority knows which of them is valid.
  const sessions = SESSION_COOKIES.filter((name) => cookies[name] !== undefined).map(
    (name) => `${name}=${encodeURIComponent(cookies[name]!)}`,
  );
  if (sessions.length === 0) return undefined;
  const response = await env.AUTHORITY.fetch(`${authority}/v1/snapshot?assistant=${encodeURIComponent(assistant)}`, {
    headers: { Cookie: sessions.join("; ") },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const signature = response.headers.get(headerNames.signature);
  if (response.ok && signature !== null) return { payload: await response.text(), signature };
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403) return undefined;
  throw new Error(`the authority answered ${response.status}`);
}
