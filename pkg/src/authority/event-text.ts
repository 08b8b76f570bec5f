/** The texts of events, for readers of the history: both formats. */
import { WicketgateError, requiredText } from "../lib/error.js";
import type { UserId } from "../lib/types.js";

/** The latest format of an event's text that is read. Texts without `format` have format 0. */
const FORMAT = 1;

/** The text of an event, read. */
export interface EventText {
  /** Number of the event, from 1: the version of the organization after it. */
  version: number;
  /** Unix seconds. */
  at: number;
  /** Who gave the command: a user, or an API key for itself. Absent: the authority itself. */
  actor?: { user: UserId } | { key: string };
  /** The API key that acted on behalf of the user. */
  via?: string;
  /** Hash of the text of the event before; absent in the first. */
  previous?: string;
  /** The command as it was executed, with its `type`. */
  command: Readonly<Record<string, unknown>> & { type: string };
  /** Hash of the sealed text. */
  sealed: string;
}

/**
 * Reads the text of an event, of this format or an earlier one. It verifies nothing: ask `verifyChain`.
 * @throws {WicketgateError} `unsupported_format` if a later version wrote it; `tampered` if it is not the text of an event.
 * @example
 * ```ts
 * const { at, actor, via, command } = readEventText(event.text);
 * ```
 */
export function readEventText(text: string): EventText {
  const fields = objectOf(parsed(requiredText(text, "text")));
  const format = fields["format"] ?? 0;
  if (!Number.isSafeInteger(format) || (format as number) < 0) throw unreadable();
  if ((format as number) > FORMAT)
    throw new WicketgateError(
      "unsupported_format",
      `the text of an event has the format ${format as number}; this version reads up to ${FORMAT}`,
    );
  const { version, at, via, previous, sealed } = fields;
  const command = objectOf(fields["command"]);
  const optional = (value: unknown) => value === undefined || typeof value === "string";
  const whole = Number.isSafeInteger(version) && Number.isSafeInteger(at) && typeof sealed === "string";
  if (!whole || typeof command["type"] !== "string" || !optional(via) || !optional(previous)) throw unreadable();
  const actor = actorOf(fields["actor"], format as number);
  return {
    version: version as number,
    at: at as number,
    ...(actor && { actor }),
    ...(via !== undefined && { via: via as string }),
    ...(previous !== undefined && { previous: previous as string }),
    command: command as EventText["command"],
    sealed,
  };
}

function actorOf(actor: unknown, format: number): EventText["actor"] {
  if (actor === undefined) return undefined;
  if (format === 0) {
    if (typeof actor !== "string") throw unreadable();
    return { user: actor };
  }
  const { user, key } = objectOf(actor);
  if (typeof user === "string") return { user };
  if (typeof key === "string") return { key };
  throw unreadable();
}

/** The own fields of an object, without a prototype. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unreadable();
  return Object.assign(Object.create(null) as Record<string, unknown>, value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw unreadable();
  }
}

function unreadable(): WicketgateError {
  return new WicketgateError("tampered", "the text of an event cannot be read");
}
