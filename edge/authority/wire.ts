// The JSON of the authority's HTTP answers, as types alone; those that the package's client for servers reads are in the package. The console imports
// them as `@wicketgate/edge/wire`; nothing else of this folder is for others, and nothing here imports the console.
import type { AuditEvent, ReconcileAnswer } from "wicketgate/admin";
import type { Command, Organization, ReadAddress } from "wicketgate/authority";
import type { AuthorityProblemCode, ProblemDocument } from "wicketgate/contract";

export type { JwkSet } from "wicketgate";
export type {
  ApiKeysAnswer,
  ApiKeyState,
  AuditEvent,
  BatchAnswer,
  BatchItemAnswer,
  CommandAnswer,
  DeliveriesAnswer,
  Delivery,
  DeliveryAnswer,
  DirectoryAnswer,
  EventPage,
  KeyState,
  NewOrganization,
  OrganizationChange,
  OrganizationEntry,
  OrganizationLimits,
  OrganizationOpenId,
  OrganizationPage,
  OrganizationPlan,
  PassAnswer,
  ReconcileAnswer,
  RestoredAnswer,
  RotationAnswer,
  Signal,
  SignalPage,
  VersionAnswer,
  WebhookKey,
  WebhooksAnswer,
  WebhookState,
} from "wicketgate/admin";
export type { Command, Organization, Preview } from "wicketgate/authority";

/** The body of every refusal. */
export type Problem = ProblemDocument<AuthorityProblemCode>;

/** A line of the answer to `POST /v1/reconcile`. The last line is a result or a problem. */
export type ReconcileLine =
  | { progress: { lines: number } }
  | { progress: { lines: number; executing: true } }
  | { result: ReconcileAnswer }
  | { problem: Problem };

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

/** `GET /v1/organization`: what a page must know of the organization at its host before anybody signs in. */
export interface OrganizationAnswer {
  id: string;
  name: string;
  /** The `iss` of everything signed for it. */
  issuer: string;
}

/** An organization that a person is in. */
export interface OrganizationLink {
  id: string;
  name: string;
  origin: string;
}

/** `GET /v1/session/organizations`. */
export interface OrganizationsAnswer {
  organizations: OrganizationLink[];
}

/** `GET /v1/apex`. */
export interface ApexAnswer {
  /** Whether people may make organizations. */
  sign_up: boolean;
}

/** `GET /v1/session`, at the apex. */
export interface VisitAnswer {
  email: string;
}

/** The body of `POST /v1/sign-up`. */
export interface SignUpRequest {
  /** What people read: 1 to 200 characters on one line. */
  name: string;
  /** The part of the host before the apex: 3 to 40 lower-case letters, digits and hyphens. */
  label: string;
}

/** `POST /v1/sign-up`. */
export interface SignUpAnswer {
  /** The new organization's origin: sign in there, which founds it. */
  origin: string;
}
