/** The JSON of the authority's answers. Fields that are added later are passed over. */
import type { AuthorityProblemCode, ProblemDocument } from "../contract.js";
import type { CapabilityOf } from "../lib/types.js";
import type { ApiKeyView, Command, CommandResult, DirectoryView, Preview, Webhook } from "../wasm/authority.js";

/** `POST /v1/commands`. A token and an address that the command made are in the mail alone. */
export interface CommandAnswer {
  /** The version of the organization after the command. */
  version: number;
  /** The ids of what the command created, and the key of a link. */
  result: Omit<CommandResult, "token" | "email">;
  /** For commands that send a mail: whether the mail server accepted it. */
  mail?: "sent" | "failed";
}

/** `POST /v1/commands/batch`: an answer for each command, in their order. */
export interface BatchAnswer {
  /** The version after the batch. */
  version: number;
  /** One for each command. */
  answers: BatchItemAnswer[];
}

/** The answer to one command of a batch; a problem if it was refused, in a batch that is not atomic. */
export type BatchItemAnswer = CommandAnswer | { problem: ProblemDocument<AuthorityProblemCode> };

/** What a reconciliation did, or would do. */
export interface ReconcileAnswer {
  /** The version after it. */
  version: number;
  /** How many lines there were. */
  lines: number;
  /** How many commands led there. */
  total: number;
  /** How many commands of each type. */
  commands: Record<string, number>;
  /** With `dry_run`: the first commands, and of the first of these who would gain or lose what. */
  listed?: { command: Command; preview?: Preview }[];
}

/** `GET /v1/directory`: the part of the directory that the caller may see. */
export type DirectoryAnswer = DirectoryView & {
  /** The time of each user's last activity, Unix seconds; for callers who look after people. */
  activity?: Record<string, number>;
};

/** One event of the history. */
export interface AuditEvent {
  /** The version of the organization after the event. */
  version: number;
  /** The event's JSON, exactly as it is stored and hashed: parse it to read it, and hash it to verify it. */
  text: string;
}

/** `GET /v1/events`. */
export interface EventPage {
  /** After a restore it is another one, and versions are used a second time. */
  epoch: number;
  /** In the order of their versions. */
  events: AuditEvent[];
  /** `after` of the next page; absent on the last page. */
  next?: number;
}

/** `GET /v1/signals`. */
export interface SignalPage {
  /** In the order of their ids. */
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
  /** What happened. */
  type: string;
  /** The person whom it is about. */
  user?: string;
  /** Why it was refused. */
  code?: string;
  /** As in the text of an event. */
  actor?: { user?: string; key?: string; via?: string };
  /** The `type` of the refused command. */
  command?: string;
  /** The id of an API key. */
  key?: string;
  /** The `kid` of a signing key. */
  kid?: string;
  /** Whether the signing key signs at once, and the others are withdrawn. */
  at_once?: boolean;
  /** What the operator did. */
  act?: string;
  /** Of signals that were left out: their type. */
  of?: string;
  /** Of signals that were left out: their number. */
  count?: number;
}

/** `GET /v1/api-keys`. */
export interface ApiKeysAnswer {
  /** The version of the organization. */
  version: number;
  /** In the order of their ids, expired ones too. */
  keys: ApiKeyState[];
}

/** An API key. */
export interface ApiKeyState extends ApiKeyView {
  /** When it was last used, Unix seconds, to the minute; absent if it never was. */
  last_used?: number;
}

/** A pass for an assistant: `POST /v1/passes`, and `POST /v1/pass` of the gate. */
export interface PassAnswer {
  /** The pass, a JWS. */
  pass: string;
  /** Seconds. */
  expires_in: number;
  /** The name of the assistant; absent if it has none. */
  name?: string;
  /** What the bearer may do with the assistant. */
  capabilities: CapabilityOf<"assistant">[];
}

/** `GET /v1/webhooks`. */
export interface WebhooksAnswer {
  /** The version of the organization. */
  version: number;
  /** Every webhook, with its state. */
  webhooks: (Webhook & WebhookState)[];
  /** The public keys that verify what is sent: those of `/.well-known/jwks.json`. */
  keys: WebhookKey[];
}

/** How a webhook gets on. */
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

/** A key that verifies what webhooks send. */
export interface WebhookKey {
  /** Its name in the key set. */
  kid: string;
  /** In the form of the Standard Webhooks specification: `whpk_…`. */
  key: string;
  /** Whether it will sign, signs, or has signed. */
  state: "next" | "current" | "retired";
}

/** `GET /v1/webhooks/<id>/deliveries`: newest first. */
export interface DeliveriesAnswer {
  /** At most a hundred. */
  deliveries: Delivery[];
}

/** A test, or an event that was sent again. */
export interface DeliveryAnswer {
  /** What came of it. */
  delivery: Delivery;
}

/** One event that was sent, or is tried again and again. */
export interface Delivery {
  /** Its id, for sending it again. */
  id: number;
  /** The event's version; absent for a test. */
  version?: number;
  /** The `type` of the event's command, or `test`. */
  type: string;
  /** When it was tried last, Unix seconds. */
  at: number;
  /** How often it was tried. */
  attempts: number;
  /** `delivered`; or why not: an answer that is no success, a redirect, no answer in time, no connection. */
  outcome: "delivered" | "status" | "redirect" | "timeout" | "connection";
  /** The HTTP status of the answer. */
  status?: number;
  /** Somebody asked for it: a test, or an event sent again. */
  by_hand?: true;
}
