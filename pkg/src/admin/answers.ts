/** The JSON of the authority's answers, and of the operator's requests. Fields of answers that are added later are passed over. */
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

/** The version of the organization after an operator's request. */
export interface VersionAnswer {
  /** It grows with every change. */
  version: number;
}

/** `POST /v1/restored`: the new epoch, and the version in it. */
export interface RestoredAnswer {
  /** Versions are used a second time in it. */
  epoch: number;
  /** The version of the organization. */
  version: number;
}

/** `POST /v1/keys/rotate`: every signing key, and when it signs and is published. */
export interface RotationAnswer {
  /** The new one too. */
  keys: KeyState[];
}

/** One signing key. Times are Unix seconds. */
export interface KeyState {
  /** Its name in the key set. */
  kid: string;
  /** Whether it will sign, signs, or has signed. */
  state: "next" | "current" | "retired";
  /** From when it signs. */
  signsFrom: number;
  /** Until when it signs. */
  signsUntil?: number;
  /** Until when the key set has it. */
  publishedUntil?: number;
}

/** What an organization has bought: the capabilities that nobody in it has, global admins included. */
export interface OrganizationPlan {
  /** The name of the plan, for people. */
  name?: string;
  /** Capabilities. */
  withholds: string[];
}

/** Bounds of one organization, at most those of the service. */
export interface OrganizationLimits {
  /** Mails that it sends in a day. */
  mails_a_day?: number;
  /** Open WebSockets of updates. */
  open_updates?: number;
}

/** An organization's own identity provider, in place of the deployment's. */
export interface OrganizationOpenId {
  /** The provider's `iss`. */
  issuer: string;
  /** The client's id there. */
  client_id: string;
  /** Absent for a public client. It is never told. */
  client_secret?: string;
}

/** The body of `POST /v1/organizations`: an organization to create. */
export interface NewOrganization {
  /** 3 to 40 lower-case letters, digits and hyphens. No other organization gets it, not even after erasing. */
  id: string;
  /** 1 to 20. The first is in mails. */
  hosts: string[];
  /** What people read; the id by default. */
  name?: string;
  /** The `iss` of everything signed for it; `https://<first host>` by default. */
  issuer?: string;
  /** The address whose first sign-in founds it. */
  founder?: string;
  /** What it has bought. */
  plan?: OrganizationPlan;
  /** Bounds below those of the service. */
  limits?: OrganizationLimits;
  /** Its own identity provider. */
  openid?: OrganizationOpenId;
}

/** The body of `PATCH /v1/organizations/<id>`: the fields that change. `null` takes an optional one away. */
export interface OrganizationChange {
  /** What people read. */
  name?: string;
  /** All of them. The first is in mails. */
  hosts?: string[];
  /** The `iss` of everything signed for it. */
  issuer?: string;
  /** The address whose first sign-in founds it. */
  founder?: string | null;
  /** What it has bought. */
  plan?: OrganizationPlan | null;
  /** Bounds below those of the service. */
  limits?: OrganizationLimits | null;
  /** Its own identity provider. */
  openid?: OrganizationOpenId | null;
}

/** An organization of the deployment, for the operator. */
export interface OrganizationEntry {
  /** Its id. */
  id: string;
  /** `suspended`: nobody is let in. `deleted`: the same, and it is erased later. */
  state: "active" | "suspended" | "deleted";
  /** What people read. */
  name: string;
  /** The first is in mails. */
  hosts: string[];
  /** The `iss` of everything signed for it. */
  issuer: string;
  /** The address whose first sign-in founds it. */
  founder?: string;
  /** What it has bought. */
  plan?: OrganizationPlan;
  /** Bounds below those of the service. */
  limits?: OrganizationLimits;
  /** Its own identity provider; the secret is not told. */
  openid?: { issuer: string; client_id: string };
  /** Unix seconds. */
  created: number;
  /** Of a deleted organization: when it is erased, Unix seconds. */
  until?: number;
  /** The organization's object has not got the last change yet. It is repeated until then. */
  pending?: true;
}

/** `GET /v1/organizations`. */
export interface OrganizationPage {
  /** In the order of their ids. */
  organizations: OrganizationEntry[];
  /** `after` of the next page; absent on the last page. */
  next?: string;
}
