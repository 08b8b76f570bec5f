// What the Worker and the object send each other, besides the answers in wire.ts.
import type { AssistantAccess, Command, FactKind } from "wicketgate/authority";
import type { Idempotency } from "./idempotency";
import type { ReconcileAnswer } from "./wire";

export interface CommandRequest {
  command: Command;
  /** The command is refused unless this is the present version. */
  ifVersion?: number;
  idempotency?: Idempotency;
}

/** Who sends a request: the digests of secrets, by which the object finds out who it is. */
export type Caller = { session: string } | KeyCaller;

/** A request with an API key. */
export interface KeyCaller {
  /** The digest of the key's secret. */
  key: string;
  /** The IP address that it comes from, if the platform says it. */
  address?: string;
  /** The id of the user on whose behalf it is sent. */
  actAs?: string;
}

/** What a user may do with an assistant now, for a pass. */
export type Access = AssistantAccess & {
  /** The version that decided it. */
  version: number;
};

/** The mail that must follow a command. Nothing else holds the token. */
export interface InvitationMail {
  email: string;
  token: string;
  /** The name of who invites, or the id. */
  invitedBy: string;
  /** Unix seconds. */
  expires: number;
}

/** How lines of desired facts are reconciled. */
export interface ReconcileOptions {
  /** Of these kinds, things that no line names are removed. */
  kinds: FactKind[];
  /** Who takes over the assistants of removed people. */
  successor?: string;
  dryRun: boolean;
  ifVersion?: number;
}

/** One step of a reconciliation after the first. */
export type ReconcileStep =
  /** `first`: the number of the first line. */
  { id: string; lines: string; first: number } | { id: string; end: "finish" | "abandon" };

/** What is known after a step. */
export interface ReconcileStepped {
  /** Names the reconciliation. */
  id: string;
  /** How many lines have arrived. */
  lines: number;
  /** After the last step. */
  result?: ReconcileAnswer;
}

/** The mail that must follow one command of a batch. */
export interface BatchedInvitation {
  /** The command's position. */
  index: number;
  invitation: InvitationMail;
}

/** A person whom the identity provider has signed in. */
export interface Identity {
  issuer: string;
  subject: string;
  /** Verified by the provider. */
  email: string;
}

/** A body of an answer: a text, or a stream if it is long. */
export type Body = string | ReadableStream<Uint8Array>;

/** Whether an account is in an organization. */
export interface AccountReport {
  /** Its digest. */
  account: string;
  present: boolean;
}

/** A signed document: its payload as JSON, its signature beside it. */
export interface Detached {
  payload: Body;
  signature: string;
}

/** A signed document with its entity tag; without the document if the reader has it already. */
export interface Tagged {
  etag: string;
  token?: Detached;
}

/** The object's address for `GET /v1/events/stream`. Any other address is `GET /v1/updates`. */
export const EVENTS_ADDRESS = "https://organization/events";

/** Carries the {@link Caller} as JSON from the Worker to the object, for `GET /v1/updates` and `GET /v1/events/stream`. */
export const CALLER_HEADER = "Wicketgate-Caller";
