/** The words of the gate. */
import type { Obtained } from "./pass-types.js";
import type { Signal } from "../lib/platform.js";
import type { DetachedSnapshot } from "../snapshot/snapshot.js";
import type { AssistantId, CapabilityOf } from "../lib/types.js";
import type { Denied, Jwk, JwkSet } from "../wasm/wicketgate.js";

/** A snapshot or head as it travels: compact or detached. */
export type Token = string | DetachedSnapshot;

/** What a visitor shows. Never two at once: a link is a person's, an origin a site's, a member's snapshot whoever's is signed in. */
export type Visitor =
  /** The key of a share link. */
  | { link: string }
  /** The origin of the embedding page, as the browser named it. */
  | { origin: string }
  /** The member snapshot that the authority gave for the session of this request. Who brings it must have authenticated the person. */
  | { member: Token }
  | Record<string, never>;

export type Admission = Admitted | Refused;

/** What a visitor may do with an assistant, and why. */
export interface Admitted {
  admitted: true;
  assistant: AssistantId;
  /** The assistant's name, if it has one. */
  name: string | undefined;
  capabilities: readonly CapabilityOf<"assistant">[];
  obtained: Readonly<Obtained>;
  /** The version of the facts that it was decided by. */
  version: number;
  /** When it ends by itself, if nothing changes, in Unix seconds: a link or the snapshot expires. */
  until: number;
}

/** For logs and tests; a visitor never sees the reason. */
export interface Refused {
  admitted: false;
  reason: Denied;
}

/** Where the snapshots of single assistants come from. */
export interface SnapshotSource {
  /** As distributed. Undefined where there is none. */
  read(assistant: AssistantId, signal: Signal): Promise<Token | undefined>;
  /** The authority itself, for what must not wait for the distribution. Without it, edit links open nothing. */
  authority?: Authority | undefined;
}

/** The authority, asked about one assistant. Undefined where it is not public. */
export interface Authority {
  head(assistant: AssistantId, signal: Signal): Promise<Token | undefined>;
  snapshot(assistant: AssistantId, signal: Signal): Promise<Token | undefined>;
}

/** Tells the authority's keys; with `newer`, because a signature is by a key that is not among those told. */
export type Keys = (wanted: { newer: boolean }) => JwkSet | Promise<JwkSet>;

export interface GateOptions {
  /** Where snapshots come from. */
  source: SnapshotSource;
  /** The authority's keys, with which snapshots are verified: see {@link remoteKeys}. */
  keys: Keys;
  /** The authority, as `iss` of its snapshots names it. */
  issuer: string;
  /** The `aud` of gate snapshots; `wicketgate-gate` by default. */
  audience?: string;
  organization: string;
  passes: PassOptions;
  /** What a member's snapshot must say. Without it, members get no passes. `issuer` is the authority's by default. */
  members?: { issuer?: string; audience: string };
  /** Seconds for which a snapshot is used without asking whether there is a newer one; 10 by default. */
  revalidateAfter?: number;
  /** Seconds for which it is used when that cannot be asked; 300 by default. Never longer than it is valid. */
  grace?: number;
  /** Milliseconds that the source has for an answer; 2000 by default. */
  timeout?: number;
  /** Assistants that are kept in memory; 1000 by default. */
  maxCopies?: number;
  /** Tells the time in Unix seconds; the system's by default. */
  now?: () => number;
}

/** How passes are signed. */
export interface PassOptions {
  /** A private JWK Set of the gate's own: the first key signs, all are published. Never the authority's. */
  keys: { keys: Jwk[] };
  /** The `iss` of passes. */
  issuer: string;
  /** The `aud` of passes: the back end that takes them. */
  audience: string;
  /** Seconds that a pass lasts; 300 by default, 900 at most. */
  expiresIn?: number;
}
