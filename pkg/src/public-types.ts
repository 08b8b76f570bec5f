/**
 * The error class and all types, without the WebAssembly module: for code that catches errors and declares types only.
 * @module wicketgate/error
 */
export { WicketgateError, type ErrorCode } from "./lib/error.js";
export type { Principal } from "./snapshot/principal.js";
export type { OpenOptions } from "./snapshot/opening.js";
export type { Snapshot } from "./snapshot/snapshot.js";
export type { DetachedSnapshot } from "./lib/types.js";
export type { ConnectOptions, Freshness, Live, LiveEvents, LiveSocket, LiveStorage } from "./client.js";
export type {
  AssistantId,
  Asked,
  AskedProps,
  Capability,
  CapabilityOf,
  IdOf,
  Presented,
  ProjectId,
  Question,
  TeamId,
  UserId,
} from "./lib/types.js";
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
