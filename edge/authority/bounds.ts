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
export const MAILS_OF_ALL_A_DAY = 5000;

/** Requests with one API key, and with all API keys of the organization, in a window of so many seconds. An object answers about a thousand a second. */
export const KEY_REQUESTS: number = limits.keyRequests;
export const KEY_REQUESTS_OF_ALL: number = limits.organizationKeyRequests;
export const KEY_WINDOW = 10;

/** What signals are about. */
export type SignalType =
  | "signed_in"
  | "sign_in_refused"
  | "command_refused"
  | "key_rotated"
  | "key_used"
  | "key_refused"
  | "operator_acted";
/**
 * Signals of each type in an hour, 150 bytes each. Only people of the organization sign in, so all may do it in one morning. The others at their
 * bounds for all of 90 days are 1 GB, a tenth of what the object may store.
 */
export const SIGNALS_OF_TYPE: Record<SignalType, number> = {
  signed_in: 20_000,
  sign_in_refused: 500,
  command_refused: 1000,
  key_rotated: 50,
  key_used: 1000,
  key_refused: 500,
  operator_acted: 200,
};
/** Signals of one actor and type in an hour. */
export const SIGNALS_OF_ONE = 100;

/** Open streams of events of one caller, a new one ends the oldest; and of the organization. Each keeps the object awake. */
export const STREAMS_OF_ONE = 3;
export const STREAMS_OF_ALL = 50;
/** Seconds after which a refused client should try again. */
export const STREAMS_RETRY = 60;
/** Milliseconds after which a stream ends; its client opens it again. So rights and connections of a lost client end. */
export const STREAM_LENGTH = 15 * 60_000;
/** Milliseconds between two signs of life of a stream: less than proxies wait. */
export const STREAM_HEARTBEAT = 20_000;

/** Webhooks that are called at the same time: the platform opens six connections; one is for calls by hand, one for the key-value store. */
export const WEBHOOK_CALLS = 4;
/** … of those whose last call failed or was slow: so they never take the connections of the others. */
export const WEBHOOK_CALLS_OF_FAILING = 2;
/** Calls of one run of the alarm, which is far below the number that the platform allows for one. */
export const WEBHOOK_CALLS_OF_RUN = 300;
/** Tests and events sent again by hand, for one webhook in an hour; one at a time in the organization. */
export const WEBHOOK_CALLS_BY_HAND = 60;
