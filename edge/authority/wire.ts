// The JSON of the authority's HTTP answers, as types alone. The console imports them as `@wicketgate/edge/wire`;
// nothing else of this folder is for others, and nothing here imports the console.
import type { CommandResult, DirectoryView } from "wicketgate/authority";

/** `POST /v1/commands`. A token and an address that the command made are in the mail alone. */
export interface CommandAnswer {
  version: number;
  result: Omit<CommandResult, "token" | "email">;
  /** For commands that send a mail: whether the mail server accepted it. */
  mail?: "sent" | "failed";
}

/**
 * `GET /v1/directory`: the part of the directory that the caller may see. `activity` holds the time of each user's last
 * activity (Unix seconds); only callers who look after people get it.
 */
export type DirectoryAnswer = DirectoryView & { activity?: Record<string, number> };

/** One completed access review, as in `GET /v1/reviews`. */
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

/** `GET /v1/session`. */
export interface SessionAnswer {
  user: string;
  role: string;
  status: string;
}
