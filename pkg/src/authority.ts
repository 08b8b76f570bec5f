/**
 * For the side that signs: generates keys, issues snapshots, keeps the directory. It has a WebAssembly module of its own, which pages that only check
 * do not load.
 * @module wicketgate/authority
 */
import { runtime } from "./core/authority.js";
import { claimsJson, type IssueOptions } from "./authority/issue-options.js";
import { call, optionalText, requiredText } from "./lib/error.js";
import { readOptions } from "./lib/options.js";
import { factsJson } from "./lib/json.js";
import type { Buffer, WasmModule } from "./lib/platform.js";
import type { WasmSource } from "./core/runtime.js";
import {
  api_key_digest,
  detach as detachCore,
  generate,
  issue as issueCore,
  normal_address,
  read_address,
} from "./wasm/authority.js";
import type { Jwk, Organization, ReadAddress } from "./wasm/authority.js";

/**
 * Loads the WebAssembly module before its first use: from `source`, or from the place where the package finds it by itself.
 * @throws {WicketgateError} `load_failed`; `not_initialized` in `wicketgate/authority/manual` without a source.
 * @example
 * ```ts
 * await init(); // normalAddress and readAddress work from here on
 * ```
 */
export function init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
  return runtime.init(source);
}

/**
 * Loads the WebAssembly module synchronously, from a compiled module or its bytes.
 * @throws {WicketgateError} `load_failed`
 * @example
 * ```ts
 * initSync(readFileSync(fileURLToPath(import.meta.resolve("wicketgate/authority.wasm"))));
 * ```
 */
export function initSync(module: WasmModule | Buffer): void {
  runtime.initSync(module);
}

/** An Ed25519 key pair as JWKs (RFC 7517, RFC 8037). Publish `publicKey` in a JWK Set; keep `privateKey` secret. */
export interface KeyPair {
  /** The public key, for verifiers. */
  publicKey: Jwk;
  /** The private key, with `d`, for the option `key`. */
  privateKey: Jwk;
}

/**
 * Generates an Ed25519 key pair. Its `kid` is the thumbprint of the key (RFC 7638) unless one is given.
 * @example
 * ```ts
 * const { publicKey, privateKey } = await generateKeyPair();
 * const keys = { keys: [publicKey] }; // publish as /.well-known/jwks.json
 * ```
 */
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
 * Signs a snapshot as JWS Compact (RFC 7515). `facts` are those of the whole organization; the option `scope` selects the part that the snapshot
 * carries.
 * @throws {WicketgateError} `invalid_facts` with the path, `unknown_user`, `invalid_options`, `invalid_key`.
 * @example
 * ```ts
 * const token = await issue(facts, { key: privateKey, version: 1, expiresIn: 600, scope: { member: "vic" } });
 * ```
 */
export async function issue(facts: Organization | string, options: IssueOptions): Promise<string> {
  await runtime.init();
  const claims = claimsJson(options);
  const json = factsJson(facts);
  return call(() => issueCore(json, claims));
}

/**
 * Converts a compact snapshot to the detached form (RFC 7515, appendix F), which compresses better on the wire.
 * @throws {WicketgateError} `malformed`
 * @example
 * ```ts
 * const { payload, signature } = await detach(token);
 * return new Response(payload, { headers: { "Wicketgate-Signature": signature } });
 * ```
 */
export async function detach(token: string): Promise<{ payload: string; signature: string }> {
  await runtime.init();
  const [payload, signature] = call(() => detachCore(requiredText(token, "token"))) as [string, string];
  return { payload, signature };
}

/**
 * The normal form of an e-mail address: addresses with the same normal form are one mailbox. Undefined for text that is no address, or that can be
 * mistaken for another address. The module must be loaded: `await init()`.
 * @throws {WicketgateError} `not_initialized`
 */
export function normalAddress(address: string): string | undefined {
  runtime.require();
  return call(() => normal_address(requiredText(address, "address")));
}

/**
 * Reads an e-mail address that somebody typed or pasted: removes invisible characters and names them, and returns the normal form of the rest, or
 * the reason why it has none. For forms that show the address before it is used. The module must be loaded: `await init()`.
 * @throws {WicketgateError} `not_initialized`
 */
export function readAddress(written: string): ReadAddress {
  runtime.require();
  return call(() => read_address(requiredText(written, "written")));
}

/**
 * The digest (SHA-256, base64url) of the secret of an API key, for {@link ApiKeys.admit}. Undefined for a text that cannot be one: the checksum
 * in a secret is compared before anything is looked up. The module must be loaded: `await init()`.
 * @throws {WicketgateError} `not_initialized`
 */
export function apiKeyDigest(secret: string): string | undefined {
  runtime.require();
  return call(() => api_key_digest(requiredText(secret, "secret")));
}

export type { DirectoryIssueOptions, HeadOptions, IssueOptions } from "./authority/issue-options.js";
export { CommandRefused } from "./authority/command-refused.js";
export { Directory } from "./authority/directory.js";
export type { AssistantAccess, Decided, DecideOptions, ExecuteAllOptions } from "./authority/decided.js";
export { Reconciliation, type ReconciledLines, type ReconcileOptions } from "./authority/reconciliation.js";
export { verifyChain } from "./authority/verify-chain.js";
export type { ApiKeys, KeyRequest } from "./authority/api-keys.js";
export type { DetachedPieces, Founding, Pieces } from "./authority/pieces.js";
export { openForLists, type ListedCapability, type ListPrincipal, type ListSnapshot } from "./authority/list-snapshot.js";
export type { Webhooks } from "./authority/webhooks.js";
export { readEventText, type EventText } from "./authority/event-text.js";
export { WicketgateError, type ErrorCode } from "./lib/error.js";
export type { WasmSource } from "./core/runtime.js";
export type * from "./authority/commands.js";
export type {
  Accessibility,
  Actor,
  ApiKeyView,
  Assistant,
  Audience,
  Capability,
  ChainedEvent,
  Change,
  Command,
  CommandResult,
  Condition,
  ConditionEntry,
  Denied,
  DirectoryUser,
  DirectoryView,
  DoneCommand,
  Embed,
  Event as DirectoryEvent,
  FactKind,
  Held,
  Holding,
  HoldingChange,
  Jwk,
  JwkSet,
  KeyRefusal,
  KeyScope,
  Kind,
  Level,
  Link,
  LinkLevel,
  Organization,
  Paused,
  PendingInvitation,
  Plan,
  Preview,
  Project,
  Projection,
  ReadAddress,
  ReadLines,
  Refusal,
  RefusalCode,
  RefusedLine,
  RoleDefinition,
  RoleSet,
  Status,
  Team,
  User,
  VisitorChange,
  Webhook,
} from "./wasm/authority.js";
