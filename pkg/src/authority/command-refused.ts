/** The error of a refused command. */
import { WicketgateError } from "../lib/error.js";
import type { Capability, Denied, Refusal, RefusalCode } from "../wasm/authority.js";

/**
 * Error of a refused command. The directory has not changed.
 * @example
 * ```ts
 * try {
 *   directory.decide(actor, command);
 * } catch (error) {
 *   if (error instanceof CommandRefused && error.code === "not_allowed") show(error.capability, error.denied);
 * }
 * ```
 */
export class CommandRefused extends WicketgateError {
  /** Always `CommandRefused`. */
  override readonly name = "CommandRefused";
  declare readonly code: RefusalCode;
  /** The capability that the actor does not hold. */
  readonly capability: Capability | undefined;
  /** The reason why not. `unknown_target` if the target does not exist, and also if the actor holds nothing on it. */
  readonly denied: Denied | undefined;
  /** Ids of the things that prevent it, for instance assistants that still belong to a user. */
  readonly ids: readonly string[];
  /** If the actor holds the capability for a time only: the latest `expires` that they may give it for, in Unix seconds. */
  readonly until: number | undefined;

  constructor(refusal: Refusal) {
    const { code, message, path, capability, denied, ids = [], until }: Refusal = Object.assign(Object.create(null), refusal);
    super(code, message, { path });
    this.capability = capability;
    this.denied = denied;
    this.ids = ids;
    this.until = until;
  }
}

/** The core's answer to a refused command. @internal */
export interface Refused {
  refused: Refusal;
}
