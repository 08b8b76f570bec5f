// The two cookies. `__Host-` binds them to this host, encrypted connections and every path, whoever sets them.
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SESSION, SIGN_IN } from "./lifetimes";

const ATTRIBUTES = { prefix: "host", httpOnly: true, secure: true, sameSite: "Lax", path: "/" } as const;
const NAMES = { session: "wicketgate-session", signIn: "wicketgate-sign-in" } as const;
/** The session's cookie by its whole name, as it stands in a request. */
export const SESSION_COOKIE = `__Host-${NAMES.session}` as const;
const AGES = { session: SESSION, signIn: SIGN_IN };

export function readCookie(context: Context, cookie: keyof typeof NAMES): string | undefined {
  return getCookie(context, NAMES[cookie], "host");
}

export function writeCookie(context: Context, cookie: keyof typeof NAMES, value: string): void {
  setCookie(context, NAMES[cookie], value, { ...ATTRIBUTES, maxAge: AGES[cookie] });
}

export function clearCookie(context: Context, cookie: keyof typeof NAMES): void {
  deleteCookie(context, NAMES[cookie], ATTRIBUTES);
}
