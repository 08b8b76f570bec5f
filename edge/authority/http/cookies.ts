// The two cookies: reading, writing, clearing. The prefix `__Host-` binds a cookie to this host, to encrypted connections and to every path,
// whoever sets it. On unencrypted loopback the names are others (see cookie-names.ts); no other authority reads those.
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { COOKIE_NAMES, LOOPBACK_COOKIE_NAMES } from "../../shared/cookie-names";
import { addressed, type Ctx } from "./context";
import { SESSION, SIGN_IN } from "../lifetimes";
import { isLoopback } from "../loopback";

const AGES = { session: SESSION, signIn: SIGN_IN };
const COMMON = { httpOnly: true, sameSite: "Lax", path: "/" } as const;
const ATTRIBUTES = { ...COMMON, prefix: "host", secure: true } as const;

export function readCookie(context: Ctx, cookie: keyof typeof COOKIE_NAMES): string | undefined {
  return isLocal(addressed(context).origin)
    ? getCookie(context, LOOPBACK_COOKIE_NAMES[cookie])
    : getCookie(context, COOKIE_NAMES[cookie], "host");
}

export function writeCookie(context: Ctx, cookie: keyof typeof COOKIE_NAMES, value: string): void {
  const maxAge = AGES[cookie];
  if (onLoopback(context)) setCookie(context, LOOPBACK_COOKIE_NAMES[cookie], value, { ...COMMON, maxAge });
  else setCookie(context, COOKIE_NAMES[cookie], value, { ...ATTRIBUTES, maxAge });
}

export function clearCookie(context: Ctx, cookie: keyof typeof COOKIE_NAMES): void {
  if (onLoopback(context)) deleteCookie(context, LOOPBACK_COOKIE_NAMES[cookie], COMMON);
  else deleteCookie(context, COOKIE_NAMES[cookie], ATTRIBUTES);
}

/**
 * Both the organization's origin and this request's address must be loopback: a proxy in front of a real deployment may call us `localhost`, and
 * another machine may reach a demonstration.
 */
function onLoopback(context: Ctx): boolean {
  return isLocal(addressed(context).origin) && isLocal(context.req.url);
}

function isLocal(address: string): boolean {
  // Almost every address. A request asks about the origin each time, and parsing it costs more than reading the cookie.
  if (address.startsWith("https:")) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && isLoopback(hostname);
}
