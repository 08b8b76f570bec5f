// How much of what all share one person, one address or the organization may take. Each is far beyond what people need, and a small part of
// what there is.
import { limits } from "wicketgate/contract";

/**
 * Open updates of one person. The tabs of a browser share one, so these are twenty browsers; and every command waits until all updates are
 * told, some microseconds each.
 */
export const UPDATES_OF_ONE: number = limits.updatesOfPerson;
/** Of one person, those too that are closed here and whose other side does not say so: then no more are opened. */
export const UPDATES_LINGERING = 4 * UPDATES_OF_ONE;
/** Of the organization: a third of what the platform lets an object have. */
export const UPDATES_OF_ALL = 10_000;
/** Seconds until somebody who found no room asks again. */
export const UPDATES_RETRY = 60;

/** Sessions of one person: a browser has one. */
export const SESSIONS_OF_ONE: number = limits.sessionsOfPerson;

/** Mails in a time, in seconds. An hour's bound stops who is at it; a day's, who has patience. */
export interface MailBound {
  seconds: number;
  most: number;
}

const HOUR = 60 * 60;
/** For so long they are counted. */
export const MAILS_COUNTED = 24 * HOUR;
/** To one address: an invitation, and some more for whoever lost it. Strangers did not ask for any. */
export const MAILS_TO_ONE: MailBound[] = [
  { seconds: HOUR, most: 5 },
  { seconds: MAILS_COUNTED, most: 10 },
];
/** By one person: whole departments are invited from a list. */
export const MAILS_BY_ONE: MailBound[] = [
  { seconds: HOUR, most: 1000 },
  { seconds: MAILS_COUNTED, most: 2000 },
];
/** By the organization: the name of its mail server is everybody's. */
export const MAILS_OF_ALL: MailBound[] = [{ seconds: MAILS_COUNTED, most: 5000 }];
