/**
 * Permission checks for AI assistants, answered where the question is asked: {@link open} a signed snapshot, ask it as somebody.
 *
 * On a client the answers decide what to show. Whatever serves data must check again; it can with the same package.
 * @module wicketgate
 */
import { runtime } from "./core.js";
import type { Buffer, WasmModule } from "./platform.js";
import type { WasmSource } from "./runtime.js";

/** Loads the WebAssembly module ahead of the first {@link open}: from where the package finds it, or from `source`. */
export function init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
  return runtime.init(source);
}

/** Loads it at once from a compiled module or from bytes, so that {@link openSync} can be used. */
export function initSync(module: WasmModule | Buffer): void {
  runtime.initSync(module);
}

export { open, openHead, openSync, Snapshot, type DetachedSnapshot, type OpenOptions } from "./snapshot.js";
export { Principal } from "./principal.js";
export { WicketgateError, type ErrorCode } from "./error.js";
export type { WasmSource } from "./runtime.js";
export type { AssistantId, Capability, CapabilityOf, IdOf, Presented, ProjectId, Question, TeamId, UserId } from "./types.js";
export type {
  Accessibility,
  Assistant,
  AssistantChange,
  Because,
  Change,
  Changes,
  Decision,
  Denied,
  Embed,
  Expect,
  Gone,
  Head,
  Holding,
  Jwk,
  JwkSet,
  Kind,
  Level,
  Link,
  LinkLevel,
  Organization,
  Plan,
  Project,
  Relation,
  RoleDefinition,
  Scope,
  Status,
  Team,
  TeamChange,
  User,
} from "./wasm/wicketgate.js";
