/** What a {@link Directory} takes to decide, and what it answers. */
import type { AssistantId, CapabilityOf, UserId } from "../lib/types.js";
import type { Access, CommandResult, Event } from "../wasm/authority.js";

/** Time and randomness for deciding a command. */
export interface DecideOptions {
  /** Time in Unix seconds. Default: the system's clock. */
  now?: number;
  /** 32 bytes from a cryptographic source, for one command only. Default: `crypto.getRandomValues`. */
  entropy?: Uint8Array;
}

/** Options of {@link Directory.executeAll}. */
export interface ExecuteAllOptions {
  /** Time in Unix seconds. Default: the system's clock. */
  now?: number;
  /** Whether the first refusal ends it: the commands after it are not executed. Default: false. */
  untilRefused?: boolean;
}

/** An accepted command. */
export interface Decided {
  /** The event: store it, then {@link Directory.apply} it. */
  event: Event;
  /** The answer for the actor: ids of created things, and secrets, which are shown only once. */
  result: CommandResult;
  /** Assistants whose gate snapshots may have changed: sign and distribute them again. */
  gates: AssistantId[];
  /** Users who are removed by it. Delete everything that you keep about them: a later user may get the same id. */
  gone: UserId[];
  /** API keys that are revoked by it. The same holds for them. */
  revoked: string[];
}

/** What somebody may do with an assistant: at least something. */
export type AssistantAccess = Omit<Access, "capabilities"> & { capabilities: CapabilityOf<"assistant">[] };
