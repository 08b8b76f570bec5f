// How much of a shared resource one person, one address or the organization may use. Each number is far above people's needs, and a small
// part of the platform's limits.
import { limits } from "wicketgate/contract";

/**
 * Open WebSockets of updates of one person. The tabs of a browser share one, so this allows twenty browsers. The limit matters because every
 * command sends to all sockets, some microseconds each.
 */
export const UPDATES_OF_ONE: number = limits.updatesOfPerson;
/** Of one person, with those that are closed here but not yet on the other side. No more are opened then. */
export const UPDATES_LINGERING = 4 * UPDATES_OF_ONE;
/** Of the organization: a third of the platform's limit for one object. */
export const UPDATES_OF_ALL = 10_000;
/** Seconds after which a refused client should try again. */
export const UPDATES_RETRY = 60;

/** Sessions of one person. Each browser has one. */
export const SESSIONS_OF_ONE: number = limits.sessionsOfPerson;

/** The most mails in so many seconds. The bound of an hour stops a burst, the bound of a day a slow sender. */
export interface MailBound {
  seconds: number;
  most: number;
}

const HOUR = 60 * 60;
/** Seconds for which mails are counted. */
export const MAILS_COUNTED = 24 * HOUR;
/** To one address: an invitation, and some more if it got lost. The addressee did not ask for any. */
export const MAILS_TO_ONE: MailBound[] = [
  { seconds: HOUR, most: 5 },
  { seconds: MAILS_COUNTED, most: 10 },
];
/** By one person: enough to invite a whole department from a list. */
export const MAILS_BY_ONE: MailBound[] = [
  { seconds: HOUR, most: 1000 },
  { seconds: MAILS_COUNTED, most: 2000 },
];
/** By the organization: all share the reputation of the mail server. */
export const MAILS_OF_ALL: MailBound[] = [{ seconds: MAILS_COUNTED, most: 5000 }];
