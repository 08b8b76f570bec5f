// Names of the authority's two cookies. The gate reads the session's to pass it on.

/** Without the prefix `__Host-` that they have everywhere but on loopback. */
export const COOKIE_NAMES = { session: "wicketgate-session", signIn: "wicketgate-sign-in" } as const;

/** On unencrypted loopback: Safari does not keep a `__Host-` cookie of http://localhost. */
export const LOOPBACK_COOKIE_NAMES = {
  session: `loopback-${COOKIE_NAMES.session}`,
  signIn: `loopback-${COOKIE_NAMES.signIn}`,
} as const;

/** The session's cookie by its whole name, as in a request. */
export const SESSION_COOKIES = [`__Host-${COOKIE_NAMES.session}`, LOOPBACK_COOKIE_NAMES.session] as const;
