/** The public types of the gate. */
import type { Obtained } from "./pass-types.js";
import type { Signal } from "../lib/platform.js";
import type { DetachedSnapshot } from "../lib/types.js";
import type { AssistantId, CapabilityOf } from "../lib/types.js";
import type { Denied, Jwk, JwkSet } from "../wasm/wicketgate.js";

/** A signed snapshot or head, compact or detached. */
export type Token = string | DetachedSnapshot;

/** The credential that a visitor presents: at most one. */
export type Visitor =
  /** Key of a share link. */
  | { link: string }
  /** Origin of the embedding page, as the browser sent it. */
  | { origin: string }
  /** Member snapshot that the authority returned for the session of this request. The caller must have authenticated the person. */
  | { member: Token }
  | Record<string, never>;

/** The decision of the gate about a visitor. */
export type Admission = Admitted | Refused;

/** A visitor may do this with an assistant, for this reason. */
export interface Admitted extends SignedAccess {
  /** Whether the visitor is admitted. */
  admitted: true;
  /** Name of the assistant, if it has one. */
  name: string | undefined;
}

/** The access that a pass is signed for. */
export interface SignedAccess {
  /** Id of the assistant. */
  assistant: AssistantId;
  /** All capabilities that the visitor holds on the assistant. */
  capabilities: readonly CapabilityOf<"assistant">[];
  /** The access that grants them. */
  obtained: Readonly<Obtained>;
  /** Version of the facts that decided it. */
  version: number;
  /** Time at which it ends if nothing changes, in Unix seconds: a link or the snapshot expires. */
  until: number;
}

/** A refusal. The reason is for logs and tests; visitors never see it. */
export interface Refused {
  /** Whether the visitor is admitted. */
  admitted: false;
  /** The reason why not. */
  reason: Denied;
}

/** A source of gate snapshots. */
export interface SnapshotSource {
  /** Returns the distributed snapshot; undefined if the assistant is not public. */
  read(assistant: AssistantId, signal: Signal): Promise<Token | undefined>;
  /** The authority itself, for decisions that cannot wait for the distribution. Without it, edit links admit nobody. */
  authority?: Authority | undefined;
}

/** The authority's answers about one assistant; undefined if it is not public. */
export interface Authority {
  /** Returns the head: the version of the present gate snapshot. */
  head(assistant: AssistantId, signal: Signal): Promise<Token | undefined>;
  /** Returns the present gate snapshot. */
  snapshot(assistant: AssistantId, signal: Signal): Promise<Token | undefined>;
}

/** Returns the authority's keys. `newer`: the keys that it returned before lack the `kid` of a token. */
export type Keys = (wanted: { newer: boolean }) => JwkSet | Promise<JwkSet>;

/** Options of {@link Gate}. */
export interface GateOptions {
  /** The source of gate snapshots. */
  source: SnapshotSource;
  /** The authority's public keys, which verify snapshots: see {@link remoteKeys}. */
  keys: Keys;
  /** The `iss` of the authority's snapshots. */
  issuer: string;
  /** The `aud` of gate snapshots. Default: `wicketgate-gate`. */
  audience?: string;
  /** Id of the organization. */
  organization: string;
  /** Signing of passes. */
  passes: PassOptions;
  /** The claims of members' snapshots. Without it, members get no passes. Default of `issuer`: the authority's. */
  members?: { issuer?: string; audience: string };
  /** Seconds for which a snapshot is used without a request for a newer one. Default: 10. */
  revalidateAfter?: number;
  /** Seconds for which it is used if such requests fail. Default: 300. Never longer than it is valid. */
  grace?: number;
  /** Milliseconds that the source has for an answer. Default: 2000. */
  timeout?: number;
  /** Assistants that are kept in memory. Default: 1000. */
  maxCopies?: number;
  /** Clock in Unix seconds. Default: the system's clock. */
  now?: () => number;
}

/** Options for signing passes. */
export interface PassOptions {
  /** Private JWK Set of the gate: the first key signs, the public halves of all are published. Never use the authority's keys. */
  keys: { keys: Jwk[] };
  /** The `iss` of passes. */
  issuer: string;
  /** The `aud` of passes: the back end that accepts them. */
  audience: string;
  /** Lifetime of a pass, in seconds. Default: 300, at most 900. */
  expiresIn?: number;
}
