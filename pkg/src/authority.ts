/**
 * For the side that signs: makes keys, issues snapshots. A WebAssembly module of its own, so that pages that only check do not load it.
 * @module wicketgate/authority
 */
import { runtime, wasm } from "./authority-core.js";
import { checkClaims } from "./claims.js";
import { call, WicketgateError } from "./error.js";
import type { WasmSource } from "./runtime.js";
import type { IssueClaims, Jwk, Organization } from "./wasm/authority.js";

/** Loads the WebAssembly module ahead of the first use: from where the package finds it, or from `source`. */
export function init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
  return runtime.init(source);
}

/** Loads it at once from a compiled module or from bytes. */
export function initSync(module: WebAssembly.Module | BufferSource): void {
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
  const entropy = crypto.getRandomValues(new Uint8Array(32));
  const privateKey = call(() => wasm.generate(entropy, options.kid));
  entropy.fill(0);
  const { d: _secret, ...publicKey } = privateKey;
  return { publicKey, privateKey };
}

/** What a snapshot says besides the facts. Times are Unix seconds. */
export interface IssueOptions extends Omit<IssueClaims, "issuedAt" | "expiresAt"> {
  /** When it is issued, and as of when it is projected; now by default. */
  issuedAt?: number;
  /** From when on it denies everything. Give this or `expiresIn`. */
  expiresAt?: number;
  /** Seconds after which it denies everything. */
  expiresIn?: number;
}

/**
 * Signs a snapshot of the facts, as JWS Compact. The facts are those of the whole organization; `scope` says what of them goes in.
 * @throws {WicketgateError} `invalid_facts` with the path, `unknown_user`, `invalid_options`, `invalid_key`.
 */
export async function issue(facts: Organization | string, options: IssueOptions): Promise<string> {
  await runtime.init();
  checkClaims(options);
  if (options.expiresAt !== undefined && options.expiresIn !== undefined) {
    throw new WicketgateError("invalid_options", "expiresIn: give this or `expiresAt`, not both", { path: "expiresIn" });
  }
  const { expiresIn, issuedAt = Math.floor(Date.now() / 1000), expiresAt = issuedAt + (expiresIn ?? NaN), ...claims } = options;
  if (!Number.isSafeInteger(expiresAt) || !Number.isSafeInteger(issuedAt)) {
    throw new WicketgateError("invalid_options", "expiresAt: give `expiresAt` in Unix seconds, or `expiresIn` in seconds", { path: "expiresAt" });
  }
  const json = typeof facts === "string" ? facts : toJson(facts);
  return call(() => wasm.issue(json, { ...claims, issuedAt, expiresAt }));
}

/** The facts as JSON. */
function toJson(facts: Organization): string {
  try {
    return JSON.stringify(facts) ?? "null";
  } catch (cause) {
    throw new WicketgateError("invalid_facts", "the facts are no JSON document", { cause });
  }
}

/** The detached form of a compact snapshot: `{ payload, signature }`, for the wire. */
export async function detach(token: string): Promise<{ payload: string; signature: string }> {
  await runtime.init();
  const [payload, signature] = call(() => wasm.detach(token)) as [string, string];
  return { payload, signature };
}

export { WicketgateError, type ErrorCode } from "./error.js";
export type { WasmSource } from "./runtime.js";
export type {
  Accessibility,
  Assistant,
  Audience,
  Embed,
  Holding,
  Jwk,
  JwkSet,
  Level,
  Link,
  LinkLevel,
  Organization,
  Plan,
  Project,
  Projection,
  RoleDefinition,
  Status,
  Team,
  User,
} from "./wasm/authority.js";
