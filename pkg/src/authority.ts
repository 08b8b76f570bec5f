/**
 * For the side that signs: makes keys, issues snapshots, keeps the directory. A WebAssembly module of its own, so that pages that only check do not load it.
 * @module wicketgate/authority
 */
import { runtime } from "./core/authority.js";
import { claimsJson, type IssueOptions } from "./authority/issue-options.js";
import { call, optionalText, requiredText } from "./lib/error.js";
import { readOptions } from "./lib/options.js";
import { factsJson } from "./lib/json.js";
import type { Buffer, WasmModule } from "./lib/platform.js";
import type { WasmSource } from "./core/runtime.js";
import { detach as detachCore, generate, issue as issueCore, normal_address, read_address } from "./wasm/authority.js";
import type { Jwk, Organization, ReadAddress } from "./wasm/authority.js";

/** Loads the WebAssembly module ahead of the first use: from where the package finds it, or from `source`. */
export function init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
  return runtime.init(source);
}

/** Loads it at once from a compiled module or from bytes. */
export function initSync(module: WasmModule | Buffer): void {
  runtime.initSync(module);
}

/** A key pair as JWKs. The public one goes into the JWK Set of those who verify; the private one is a secret. */
export interface KeyPair {
  publicKey: Jwk;
  privateKey: Jwk;
}

/** Makes an Ed25519 key pair. Its `kid` is the thumbprint of the key (RFC 7638) unless one is given. */
export async function generateKeyPair(options: { kid?: string } = {}): Promise<KeyPair> {
  await runtime.init();
  const kid = optionalText(readOptions(options, ["kid"]).kid, "kid");
  const entropy = crypto.getRandomValues(new Uint8Array(32));
  const privateKey = call(() => generate(entropy, kid));
  entropy.fill(0);
  const { d: _secret, ...publicKey } = privateKey;
  return { publicKey, privateKey };
}

/**
 * Signs a snapshot of the facts, as JWS Compact. The facts are those of the whole organization; `scope` says what of them goes in.
 * @throws {WicketgateError} `invalid_facts` with the path, `unknown_user`, `invalid_options`, `invalid_key`.
 */
export async function issue(facts: Organization | string, options: IssueOptions): Promise<string> {
  await runtime.init();
  const claims = claimsJson(options);
  const json = factsJson(facts);
  return call(() => issueCore(json, claims));
}

/** The detached form of a compact snapshot: `{ payload, signature }`, for the wire. */
export async function detach(token: string): Promise<{ payload: string; signature: string }> {
  await runtime.init();
  const [payload, signature] = call(() => detachCore(requiredText(token, "token"))) as [string, string];
  return { payload, signature };
}

/**
 * The normal form of an e-mail address: two that have the same are one mailbox. Nothing for what is no address, or could be mistaken for
 * another one. The module must be up: `await init()`.
 * @throws {WicketgateError} `not_initialized`.
 */
export function normalAddress(address: string): string | undefined {
  runtime.require();
  return call(() => normal_address(requiredText(address, "address")));
}

/**
 * Reads an address that somebody wrote or pasted: takes out what cannot be seen, says what that was, and gives the normal form of the
 * rest or why it has none. For windows, which show it before it is used. The module must be up: `await init()`.
 * @throws {WicketgateError} `not_initialized`.
 */
export function readAddress(written: string): ReadAddress {
  runtime.require();
  return call(() => read_address(requiredText(written, "written")));
}

export type { IssueOptions } from "./authority/issue-options.js";
export {
  CommandRefused,
  Directory,
  verifyChain,
  type Decided,
  type DecideOptions,
  type DirectoryIssueOptions,
  type HeadOptions,
} from "./authority/directory.js";
export { WicketgateError, type ErrorCode } from "./lib/error.js";
export type { WasmSource } from "./core/runtime.js";
export type {
  AcceptInvitation,
  Accessibility,
  Actor,
  AddMember,
  ApplyRoleSet,
  AssignRole,
  Assistant,
  Audience,
  BeginEpoch,
  Capability,
  ChainedEvent,
  Change,
  Command,
  CommandResult,
  CompleteReview,
  CreateAssistant,
  CreateLink,
  CreateProject,
  CreateTeam,
  DefineRole,
  DeleteAssistant,
  DeleteProject,
  DeleteRole,
  DeleteTeam,
  Denied,
  DirectoryUser,
  DirectoryView,
  EditAssistant,
  EditProject,
  EditTeam,
  Embed,
  Event as DirectoryEvent,
  Grant,
  Held,
  Holding,
  HoldingChange,
  InviteUser,
  Join,
  Jwk,
  JwkSet,
  Kind,
  Level,
  Link,
  LinkAccount,
  LinkLevel,
  Organization,
  PendingInvitation,
  Plan,
  Preview,
  Project,
  Projection,
  ReactivateUser,
  ReadAddress,
  Refusal,
  RefusalCode,
  RemoveMember,
  RemoveUser,
  ResendInvitation,
  RevokeGrant,
  RevokeInvitation,
  RevokeLink,
  RoleDefinition,
  RoleSet,
  SetAccessibility,
  SetEmbed,
  SetMemberRole,
  SetPlan,
  Status,
  SignOutUser,
  SuspendUser,
  Team,
  TransferAssistant,
  User,
  VisitorChange,
} from "./wasm/authority.js";
