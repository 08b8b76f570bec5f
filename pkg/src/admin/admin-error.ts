/** The error of the client. */
import { ownProperty } from "../lib/options.js";
import type { ProblemCode, ProblemDocument } from "../contract.js";

/**
 * A request that was refused, or that got no answer.
 * @example
 * ```ts
 * try {
 *   await admin.command(command);
 * } catch (error) {
 *   if (error instanceof AdminError && error.code === "already_exists") return;
 *   throw error;
 * }
 * ```
 */
export class AdminError extends Error {
  /** Always `AdminError`. */
  override readonly name = "AdminError";
  /**
   * Stable. Of the problem document; or `unreachable` if there was no answer, `malformed` if the answer was not the authority's. Later versions of the
   * authority answer more codes: treat those that you do not know by `status`.
   */
  readonly code: ProblemCode | "unreachable" | "malformed" | (string & {});
  /** The HTTP status, if there was an answer. */
  readonly status: number | undefined;
  /** The problem document: with `path`, `capability`, `denied`, `ids`, `until`, `retry_after` where they apply. */
  readonly problem: ProblemDocument | undefined;

  constructor(
    code: string,
    message: string,
    more: { status?: number | undefined; problem?: ProblemDocument | undefined; cause?: unknown } = {},
  ) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.code = code;
    this.status = more.status;
    this.problem = more.problem;
  }
}

/** The error for an answer that is not successful. */
export function refused(status: number, body: unknown): AdminError {
  const [code, title] = [ownProperty(body, "code"), ownProperty(body, "title")];
  if (typeof code === "string" && typeof title === "string")
    return new AdminError(code, title, { status, problem: body as ProblemDocument });
  // A proxy's own page, for instance.
  const answered = status >= 500 ? "unreachable" : "malformed";
  return new AdminError(answered, `the answer is ${status}, without a problem document`, { status });
}
