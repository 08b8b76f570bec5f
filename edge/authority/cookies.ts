// The two cookies. `__Host-` binds them to this host, encrypted connections and every path, whoever sets them. Safari keeps no such cookie of
// http://localhost: an authority whose ORIGIN is on this machine, without encryption, has others there. No other authority reads them.
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Env } from "./env";
import { SESSION, SIGN_IN } from "./lifetimes";
import { isLoopback } from "./loopback";

type Ctx = Context<{ Bindings: Env }>;

const NAMES = { session: "wicketgate-session", signIn: "wicketgate-sign-in" } as const;
const LOOPBACK_NAMES = { session: `loopback-${NAMES.session}`, signIn: `loopback-${NAMES.signIn}` } as const;
/** The session's cookie by its whole name, as it stands in a request: everywhere, and on loopback. */
export const SESSION_COOKIES = [`__Host-${NAMES.session}`, LOOPBACK_NAMES.session] as const;
const AGES = { session: SESSION, signIn: SIGN_IN };
const COMMON = { httpOnly: true, sameSite: "Lax", path: "/" } as const;
const ATTRIBUTES = { ...COMMON, prefix: "host", secure: true } as const;

export function readCookie(context: Ctx, cookie: keyof typeof NAMES): string | undefined {
  return local(context.env.ORIGIN) ? getCookie(context, LOOPBACK_NAMES[cookie]) : getCookie(context, NAMES[cookie], "host");
}

export function writeCookie(context: Ctx, cookie: keyof typeof NAMES, value: string): void {
  const maxAge = AGES[cookie];
  if (onLoopback(context)) setCookie(context, LOOPBACK_NAMES[cookie], value, { ...COMMON, maxAge });
  else setCookie(context, NAMES[cookie], value, { ...ATTRIBUTES, maxAge });
}

export function clearCookie(context: Ctx, cookie: keyof typeof NAMES): void {
  if (onLoopback(context)) deleteCookie(context, LOOPBACK_NAMES[cookie], COMMON);
  else deleteCookie(context, NAMES[cookie], ATTRIBUTES);
}

/** By what is configured, and by how this request came: a proxy in front may say `localhost` to us, and another machine may get through to a demonstration. */
function onLoopback({ env, req }: Ctx): boolean {
  return local(env.ORIGIN) && local(req.url);
}

function local(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && isLoopback(hostname);
}
