// Lifetimes in seconds. They are in one place because they depend on each other.

/** A member's snapshot, a delta or a head. A page that cannot reach the authority works on for this long. */
export const MEMBER = 10 * 60;
/** An unchanged snapshot keeps its entity tag within such a window. It is half the lifetime, so that a reader's snapshot is not about to expire after a 304. */
export const MEMBER_WINDOW = MEMBER / 2;

/** A gate snapshot. The gate works on for this long when the authority is down, and a lost deletion takes effect after it. */
export const GATE = 60 * 60;
/** From writing a gate snapshot to renewing it: early enough that the schedule may fail twice. */
export const GATE_RENEWAL = GATE / 2;
/** A head about one assistant. The gate uses it at once, so it only has to outlast the transfer and differences of clocks. */
export const GATE_HEAD = 60;

/** Caches may keep the key set for this long. */
export const KEY_SET = 5 * 60;
/** From publishing a key to signing with it: by then every reader has fetched the set again, also one behind a cache. */
export const KEY_LEAD = 2 * KEY_SET;
/** From a key's last signature to its removal from the set: by then everything it signed has expired, also for clocks that are five minutes slow. */
export const KEY_RETIREMENT = GATE + 5 * 60;

/** A session. There is no shorter limit for idleness, because an open page is never idle. */
export const SESSION = 12 * 60 * 60;
/** Activity is recorded at most once in this time: nobody needs to know to the minute when a person was last active. */
export const ACTIVITY = 60 * 60;
/** The last use of an API key is recorded at most once in this time. */
export const KEY_USE = 60;
/** A use of an API key is a signal if the one before is older. */
export const KEY_USE_SIGNAL = 60 * 60;
/** The updates of an API key end after this time, and its client opens them again: so a key that has expired ends by itself. */
export const KEY_UPDATES = 60 * 60;
/** From going to the identity provider to coming back. */
export const SIGN_IN = 10 * 60;
/** Caches may keep the OpenAPI document for this long. */
export const CONTRACT = 5 * 60;

/** From a failed call of a webhook to the next one; doubled with each failure. */
export const WEBHOOK_RETRY_FIRST = 5;
/** … at most. */
export const WEBHOOK_RETRY_LONGEST = 60 * 60;
/** From the first of several failed calls to switching the webhook off: a receiver may be broken over a weekend. */
export const WEBHOOK_GIVEN_UP = 3 * 24 * 60 * 60;
/** From a mail that could not be sent to the next attempt, and the longest time for which it is tried. */
export const WEBHOOK_MAIL_RETRY = 10 * 60;
export const WEBHOOK_MAIL_GIVEN_UP = 24 * 60 * 60;
