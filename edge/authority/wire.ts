// The JSON of the authority's HTTP answers, as types alone. The console imports them as `@wicketgate/edge/wire`;
// nothing else of this folder is for others, and nothing here imports the console.
import type { Command, CommandResult, DirectoryView, Organization, ReadAddress, Webhook } from "wicketgate/authority";
import type { AuthorityProblemCode, ProblemDocument } from "wicketgate/contract";

export type { JwkSet } from "wicketgate";
export type { Command, Preview } from "wicketgate/authority";

/** The body of every refusal. */
export type Problem = ProblemDocument<AuthorityProblemCode>;

/** `POST /v1/commands`. A token and an address that the command made are in the mail alone. */
export interface CommandAnswer {
  version: number;
  result: Omit<CommandResult, "token" | "email">;
  /** For commands that send a mail: whether the mail server accepted it. */
  mail?: "sent" | "failed";
}

/** The body of `POST /v1/commands/batch`. */
export interface BatchRequest {
  /** All or none; otherwise each for itself. */
  atomic: boolean;
  /** At most 1,000. */
  commands: BatchCommand[];
}

/** One command of a batch. */
export interface BatchCommand {
  command: Command;
  /** As the header `Idempotency-Key` of a command that is sent alone. */
  idempotency_key?: string;
  /** Who acts, if not the sender. */
  actor?: { user: string };
}

/** `POST /v1/commands/batch`: an answer for each command, in their order. */
export interface BatchAnswer {
  /** The version after the batch. */
  version: number;
  answers: BatchItemAnswer[];
}

/** The answer to one command of a batch that is not atomic may be a problem. */
export type BatchItemAnswer = CommandAnswer | { problem: Problem };

/**
 * `GET /v1/directory`: the part of the directory that the caller may see. `activity` holds the time of each user's last
 * activity (Unix seconds); only callers who look after people get it.
 */
export type DirectoryAnswer = DirectoryView & { activity?: Record<string, number> };

/** `POST /v1/addresses`: each text as an address, in the order of the request. */
export interface AddressesAnswer {
  addresses: ReadAddress[];
}

/** `GET /v1/reviews`: newest first. */
export interface ReviewsAnswer {
  reviews: Review[];
}

/** One completed access review. */
export interface Review {
  version: number;
  /** Unix seconds. */
  at: number;
  /** The reviewer's user id; absent if the service itself did the review. */
  by?: string;
  note?: string;
  /** Present if `GET /v1/reviews/:version` has the organization as it was at this review. */
  snapshot?: true;
}

/** `GET /v1/audit`. */
export interface AuditPage {
  events: AuditEvent[];
  /** `after` of the next page; absent on the last page. */
  next?: number;
}

export interface AuditEvent {
  version: number;
  /** The event's JSON, exactly as it is stored and hashed. */
  text: string;
}

/** `GET /v1/events`. After a restore the epoch is another one, and versions are used a second time. */
export type EventPage = AuditPage & { epoch: number };

/** `GET /v1/signals`. */
export interface SignalPage {
  signals: Signal[];
  /** `after` of the next page; absent on the last page. */
  next?: number;
}

/** What happened around the organization and is not in its history: docs/events.md says which fields each type has. */
export interface Signal {
  /** Grows with each signal. */
  id: number;
  /** Unix seconds. */
  at: number;
  type: string;
  user?: string;
  code?: string;
  /** As in the text of an event. */
  actor?: { user?: string; key?: string; via?: string };
  command?: string;
  kid?: string;
  at_once?: boolean;
  key?: string;
  act?: string;
  /** Of signals that were left out: their type. */
  of?: string;
  count?: number;
}

/** `GET /v1/webhooks`. */
export interface WebhooksAnswer {
  version: number;
  webhooks: (Webhook & WebhookState)[];
  /** The public keys that verify what is sent: those of `/.well-known/jwks.json`. */
  keys: WebhookKey[];
}

export interface WebhookState {
  /** Events that are still to be sent, at most 1,000 where the webhook chooses events. */
  behind: number;
  /** The latest delivery. */
  last?: Delivery;
  /** Since when every attempt has failed, Unix seconds; absent if the last one succeeded. */
  failing_since?: number;
  /** Unix seconds. */
  next_attempt?: number;
}

export interface WebhookKey {
  kid: string;
  /** In the form of the Standard Webhooks specification: `whpk_…`. */
  key: string;
  state: "next" | "current" | "retired";
}

/** `GET /v1/webhooks/<id>/deliveries`: newest first. */
export interface DeliveriesAnswer {
  deliveries: Delivery[];
}

/** A test, or an event that was sent again. */
export interface DeliveryAnswer {
  delivery: Delivery;
}

/** One event that was sent, or is tried again and again. */
export interface Delivery {
  id: number;
  /** The event's version; absent for a test. */
  version?: number;
  /** The `type` of the event's command, or `test`. */
  type: string;
  /** When it was tried last, Unix seconds. */
  at: number;
  attempts: number;
  /** `delivered`; or why not: an answer that is no success, a redirect, no answer in time, no connection. */
  outcome: "delivered" | "status" | "redirect" | "timeout" | "connection";
  /** The HTTP status of the answer. */
  status?: number;
  /** Somebody asked for it: a test, or an event sent again. */
  by_hand?: true;
}

/** `GET /v1/session`. */
export interface SessionAnswer {
  user: string;
  role: string;
  status: string;
}

/** `POST /v1/invitation`. */
export interface InvitationAnswer {
  /** Where the browser goes to sign in. */
  location: string;
}

/** The version of the organization after an operator's request. */
export interface VersionAnswer {
  version: number;
}

/** `POST /v1/restored`: the new epoch, and the version in it. */
export interface RestoredAnswer {
  epoch: number;
  version: number;
}

/** `POST /v1/keys/rotate`: every signing key, and when it signs and is published. */
export interface RotationAnswer {
  keys: KeyState[];
}

/** One signing key. Times are Unix seconds. */
export interface KeyState {
  kid: string;
  state: "next" | "current" | "retired";
  signsFrom: number;
  signsUntil?: number;
  publishedUntil?: number;
}

/** `GET /healthz`. */
export interface HealthAnswer {
  status: "ok";
}

/** What signed documents say of themselves, as JWT claims. Times are Unix seconds. */
interface Claims {
  iss: string;
  aud: string;
  iat: number;
  exp: number;
  /** Raised by a restore of the organization; absent for 0. */
  epoch?: number;
  version: number;
  /** A name of these exact facts. */
  state?: string;
}

/** The facts of an organization, or the part that the reader may see. */
export interface Snapshot extends Claims {
  scope: "workspace" | "member" | "gate";
  /** The member whose snapshot it is. */
  sub?: string;
  organization: Organization;
}

/** The change from one snapshot to a later one. */
export interface Delta extends Claims {
  scope: "member" | "workspace";
  sub?: string;
  /** The snapshot that it changes. */
  from: { version: number; state: string };
  /** New and changed things by their kind, and the ids of removed things in `gone`. */
  organization: { id: string; [kind: string]: unknown };
}

/** The current version of the organization, or of what the gate needs to know of one assistant. */
export interface Head extends Claims {
  scope: "workspace" | "gate";
  organization: { id: string };
  assistant?: string;
}
