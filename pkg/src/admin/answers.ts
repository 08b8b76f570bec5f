/** The JSON of the authority's answers. Fields that are added later are passed over. */
import type { AuthorityProblemCode, ProblemDocument } from "../contract.js";
import type { CommandResult, DirectoryView } from "../wasm/authority.js";

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

/** `GET /v1/directory`: the part of the directory that the caller may see. */
export type DirectoryAnswer = DirectoryView & {
  /** The time of each user's last activity, Unix seconds; for callers who look after people. */
  activity?: Record<string, number>;
};

/** One event of the history. */
export interface AuditEvent {
  version: number;
  /** The event's JSON, exactly as it is stored and hashed: parse it to read it, and hash it to verify it. */
  text: string;
}

/** `GET /v1/events`. */
export interface EventPage {
  /** After a restore it is another one, and versions are used a second time. */
  epoch: number;
  events: AuditEvent[];
  /** `after` of the next page; absent on the last page. */
  next?: number;
}
