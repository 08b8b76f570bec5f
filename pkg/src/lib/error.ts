import type { ErrorCode } from "../contract.js";
import type { Code, Decision } from "../wasm/wicketgate.js";

export type { ErrorCode };

interface ErrorOptions {
  path?: string | undefined;
  cause?: unknown;
  decision?: WicketgateError["decision"];
}

/**
 * The error of this package. `code` is stable, for programs; `message` is for people and may change.
 * @example
 * ```ts
 * try {
 *   await open(token, { keys });
 * } catch (error) {
 *   if (error instanceof WicketgateError && error.code === "expired") await fetchAgain();
 * }
 * ```
 */
export class WicketgateError extends Error {
  /** Always the name of the class: `WicketgateError` or `CommandRefused`. */
  override readonly name: string = "WicketgateError";
  /** Stable code of the error. */
  readonly code: ErrorCode;
  /** Path in the document or the options, for instance `assistants[3].grants[0].role`. */
  readonly path: string | undefined;
  /** With the code `denied`: the decision and its reason. */
  readonly decision: (Decision & { allowed: false }) | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    // Without a prototype: inherited properties do not count.
    const own: ErrorOptions = Object.assign(Object.create(null), options);
    super(message, own);
    this.code = code;
    this.path = own.path;
    this.decision = own.decision;
  }
}

/** Foreign text for a message: on one line, in backticks, 64 characters at most. */
export function quote(text: unknown): string {
  return `\`${textOf(text)
    .slice(0, 64)
    .replace(/[\p{C}\u2028\u2029`]/gu, "\ufffd")}\``;
}

/** A value as text; its type, if it cannot be converted. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

/** The message of an error of any realm and class. */
export function reasonOf(thrown: unknown): string {
  try {
    const { message } = thrown as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Its text will do.
  }
  return textOf(thrown);
}

/**
 * A string or undefined: no other value may reach the core.
 * @throws {WicketgateError} `invalid_options`
 */
export function optionalText(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new WicketgateError("invalid_options", `${name}: expected a string`, { path: name });
}

/**
 * A string.
 * @throws {WicketgateError} `invalid_options`
 */
export function requiredText(value: unknown, name: string): string {
  return optionalText(value ?? null, name)!;
}

/** Calls the core. Its errors, which are plain objects, are thrown as `WicketgateError`. */
export function call<T>(core: () => T): T {
  try {
    return core();
  } catch (thrown) {
    // Anything else is not the core's: it is thrown as it is.
    if (typeof thrown !== "object" || thrown === null || !Object.hasOwn(thrown, "code") || Object.hasOwn(thrown, "stack"))
      throw thrown;
    const { code, message } = thrown as { code: Code; message: string };
    throw new WicketgateError(code, message, Object.hasOwn(thrown, "path") ? (thrown as { path: string }) : {});
  }
}
