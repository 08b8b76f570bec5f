import type { ErrorCode } from "../contract.js";
import type { Code, Decision } from "../wasm/wicketgate.js";

export type { ErrorCode };

interface ErrorOptions {
  path?: string | undefined;
  cause?: unknown;
  decision?: WicketgateError["decision"];
}

/** What everything here throws. `code` is stable, `message` is for people. */
export class WicketgateError extends Error {
  override readonly name: string = "WicketgateError";
  /** What went wrong. */
  readonly code: ErrorCode;
  /** Where, in the document or the options: `assistants[3].grants[0].role`. */
  readonly path: string | undefined;
  /** Of `denied`: why. */
  readonly decision: (Decision & { allowed: false }) | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    // What stands on `Object.prototype` was not given.
    const given: ErrorOptions = Object.assign(Object.create(null), options);
    super(message, given);
    this.code = code;
    this.path = given.path;
    this.decision = given.decision;
  }
}

/** What somebody else wrote, for a message: on one line, in backticks, of a readable length. */
export function quote(text: unknown): string {
  return `\`${inWords(text)
    .slice(0, 64)
    .replace(/[\p{C}\u2028\u2029`]/gu, "\ufffd")}\``;
}

/** As a text, even where it refuses to become one. */
function inWords(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

/** What an error says, of whichever realm and class it is. */
export function reasonOf(thrown: unknown): string {
  try {
    const { message } = thrown as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Then as a text.
  }
  return inWords(thrown);
}

/** A text or nothing: whatever else there is in JavaScript never reaches the core. */
export function optionalText(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new WicketgateError("invalid_options", `${name}: expected a string`, { path: name });
}

/** A text. */
export function requiredText(value: unknown, name: string): string {
  return optionalText(value ?? null, name)!;
}

/** Calls the core, and throws what it throws as a `WicketgateError`. */
export function call<T>(core: () => T): T {
  try {
    return core();
  } catch (thrown) {
    // The core's own are plain objects.
    if (typeof thrown !== "object" || thrown === null || !Object.hasOwn(thrown, "code") || Object.hasOwn(thrown, "stack"))
      throw thrown;
    const { code, message } = thrown as { code: Code; message: string };
    throw new WicketgateError(code, message, Object.hasOwn(thrown, "path") ? (thrown as { path: string }) : {});
  }
}
