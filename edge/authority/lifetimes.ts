// How long things live, in seconds, in one place because they depend on each other.

/** A member's snapshot, a delta or a head: what a page that lost the authority goes on with. */
export const MEMBER = 10 * 60;
/** Within it an unchanged snapshot keeps its entity tag. Half the lifetime: what is left after a 304 is still worth something. */
export const MEMBER_WINDOW = MEMBER / 2;

/** A gate snapshot: visitors go on for this long when the authority is down, and a lost deletion heals after it. */
export const GATE = 60 * 60;
/** When it is written anew: early enough that the schedule may fail twice. */
export const GATE_RENEWAL = GATE / 2;
/** A head about one assistant: asked for each time and used at once, so it only has to outlive the way and clocks that differ. */
export const GATE_HEAD = 60;

/** How long the key set may be cached. */
export const KEY_SET = 5 * 60;
/** From publishing a key to signing with it: whoever cached the set, and remembered that, has fetched it again. */
export const KEY_LEAD = 2 * KEY_SET;
/** From a key's last signature to its leaving the set: all that it signed has expired, for clocks that are five minutes slow too. */
export const KEY_RETIREMENT = GATE + 5 * 60;

/** A session, whatever happens in it. There is no shorter one for idleness: a page that is open is never idle. */
export const SESSION = 12 * 60 * 60;
/** Within it somebody who is there is not written down again: nobody asks to the minute when a person was last seen. */
export const ACTIVITY = 60 * 60;
/** From leaving for the identity provider to coming back. */
export const SIGN_IN = 10 * 60;
