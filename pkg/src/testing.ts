/// <reference lib="esnext.disposable" preserve="true" />
/**
 * For tests only. {@link fakePrincipal} and {@link fakeLive} give the answers that a test chooses, without the WebAssembly module. {@link signedSnapshot}
 * signs facts with a key of its own, without the authority's module; only the snapshot that it opens decides by the rules.
 * @module wicketgate/testing
 */
import { capabilities, tokenTypes } from "./contract.js";
import type { Freshness, Live, LiveEvents } from "./client.js";
import { WicketgateError, quote } from "./lib/error.js";
import type { Principal } from "./snapshot/principal.js";
import type { OpenOptions } from "./snapshot/opening.js";
import type { Snapshot } from "./snapshot/snapshot.js";
import type { Capability, Question, UserId } from "./lib/types.js";
import type { Because, Decision, Denied, JwkSet, Organization } from "./wasm/wicketgate.js";

/** Answers of a fake principal. */
export interface FakePrincipalOptions {
  /** Id of the user, for messages. */
  user?: UserId | undefined;
  /** The allowed questions: `[["assistant.edit", "helper"], ["team.create"]]`; or a function that decides each one. All others are denied. */
  allow?: readonly Question[] | ((capability: Capability, target: string | undefined) => boolean);
  /** With a function as `allow`: the ids that `list` tries. */
  ids?: readonly string[];
  /** Reasons why it is allowed. Default: a role of the organization. */
  because?: Because[];
  /** Reason why the others are denied. Default: `not_granted`. */
  denied?: Denied;
  /** Whether roles may be assigned. Default: false. */
  assign?: boolean | ((user: UserId, role: string) => boolean);
}

/**
 * Creates a principal that answers by a list instead of the rules. An unknown capability, a missing target and a target too many are denied as
 * `unknown_target`, like by a real principal.
 * @example
 * ```ts
 * const me = fakePrincipal({ allow: [["assistant.edit", "helper"], ["team.create"]] });
 * me.can("assistant.edit", "helper"); // true
 * ```
 */
export function fakePrincipal(options: FakePrincipalOptions = {}): Principal {
  const {
    user = "somebody",
    allow = [],
    ids = [],
    because = [{ relation: "organization_role", role: "fake" }],
    denied = "not_granted",
    assign = false,
  } = options;
  const kindOf = (capability: string) =>
    Object.hasOwn(capabilities, capability) ? capabilities[capability as Capability].kind : undefined;
  const allows =
    typeof allow === "function"
      ? allow
      : (capability: string, target?: string) => allow.some(([one, on]) => one === capability && on === target);
  const names = (capability: unknown, target: unknown) => {
    const kind = kindOf(String(capability));
    return kind !== undefined && (kind === "organization" ? target === undefined : typeof target === "string");
  };
  const can = (capability: string, target?: string) => names(capability, target) && allows(capability as Capability, target);
  const check = (capability: string, target?: string): Decision => {
    if (can(capability, target)) return { allowed: true, because };
    return { allowed: false, denied: names(capability, target) ? denied : "unknown_target" };
  };
  const fake = {
    can,
    check,
    assert(...question: Question): void {
      const decision = check(...(question as [string, string?]));
      if (!decision.allowed) throw denial(question, decision);
    },
    capabilities(target?: string | { team?: string; project?: string; assistant?: string }): Capability[] {
      const [kind, id] =
        target === undefined
          ? (["organization"] as const)
          : typeof target === "string"
            ? (["assistant", target] as const)
            : (Object.entries(target)[0] ?? ["none"]);
      return (Object.keys(capabilities) as Capability[]).filter((capability) => kindOf(capability) === kind && can(capability, id));
    },
    list(capability: string): string[] {
      const candidates = typeof allow === "function" ? ids : allow.map(([, on]) => on);
      return [...new Set(candidates)].filter((on) => on !== undefined && can(capability, on)).sort() as string[];
    },
    canAssignRole: (target: UserId, role: string) => (typeof assign === "function" ? assign(target, role) : assign),
    free() {},
    [Symbol.dispose]() {},
    [Symbol.toStringTag]: `Principal ${user}, a fake`,
  };
  return fake as Principal;
}

/** The error of `assert`, like that of a real principal. */
function denial(question: Question, decision: Decision & { allowed: false }): WicketgateError {
  return new WicketgateError("denied", `${question.map(quote).join(" on ")} is denied: ${decision.denied}`, { decision });
}

/** Options of {@link fakeLive}. */
export interface FakeLiveOptions {
  /** The principal. Default: one to whom everything is denied. */
  me?: Principal;
  /** Default: `fresh`. */
  freshness?: Freshness;
  /** Facts of its snapshot. */
  facts?: Organization;
  /** Default: 1. */
  version?: number;
  /** Seconds that the clock is ahead. Default: 0. */
  clockOffset?: number;
  /** Called by `refresh`. */
  refresh?: () => Promise<void>;
}

/** A live client that a test controls. */
export interface FakeLive extends Live {
  /** Replaces the principal, and emits `change`. */
  become(me: Principal): void;
  /** Emits an event. `freshness` sets the freshness; after `signedOut` everything is denied. */
  emit<Event extends keyof LiveEvents>(event: Event, ...args: LiveEvents[Event]): void;
}

/**
 * Creates a live client without an authority: the test changes its principal and emits its events.
 * @example
 * ```ts
 * const live = fakeLive({ me: fakePrincipal({ allow: [["assistant.edit", "helper"]] }) });
 * live.emit("freshness", "stale");
 * live.become(fakePrincipal());
 * ```
 */
export function fakeLive(options: FakeLiveOptions = {}): FakeLive {
  let { me = fakePrincipal(), freshness = "fresh", version = 1 } = options;
  const { facts = { id: "acme" } as Organization, clockOffset = 0, refresh = async () => {} } = options;
  const listeners = new Map<keyof LiveEvents, Set<(...args: unknown[]) => void>>();
  const ended = () => {
    freshness = "expired";
    me = fakePrincipal({ denied: "expired" });
  };
  const emit: FakeLive["emit"] = (event, ...args) => {
    if (event === "freshness") freshness = args[0] as Freshness;
    if (event === "signedOut") ended();
    for (const listener of [...(listeners.get(event) ?? [])]) listener(...args);
  };
  const unsupported = () => {
    throw new Error("a fake snapshot has no signed facts: use signedSnapshot");
  };
  const snapshot: Snapshot = {
    scope: "member",
    epoch: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
    issuedAt: undefined,
    organization: facts.id,
    subject: undefined,
    state: undefined,
    get version() {
      return version;
    },
    as: () => me,
    facts: () => structuredClone(facts),
    apply: unsupported,
    whoCan: unsupported,
    diff: unsupported,
    free() {},
    [Symbol.dispose]() {},
  };
  return {
    snapshot,
    clockOffset,
    refresh,
    emit,
    get me() {
      return me;
    },
    get version() {
      return version;
    },
    get freshness() {
      return freshness;
    },
    on(event, listener) {
      const added = (...args: unknown[]) => listener(...(args as never));
      listeners.set(event, (listeners.get(event) ?? new Set()).add(added));
      return () => void listeners.get(event)?.delete(added);
    },
    become(other) {
      me = other;
      version++;
      emit("change");
    },
    close() {
      ended();
      listeners.clear();
    },
    [Symbol.dispose]() {
      this.close();
    },
  };
}

/** Options of {@link signedSnapshot}. */
export interface SignedSnapshotOptions {
  /** Signs a member snapshot of this user. Without it, a workspace snapshot, of which `as({ user })` is anybody. */
  as?: UserId | undefined;
  /** The claim `iss`. Default: none. */
  issuer?: string;
  /** The claim `aud`. Default: none. */
  audience?: string;
  /** Epoch of the facts. Default: 0. */
  epoch?: number;
  /** Version of the facts. Default: 1. */
  version?: number;
  /** Hash that names the facts. Default: none. */
  state?: string;
  /** Unix seconds. Default: now. */
  issuedAt?: number;
  /** Lifetime in seconds. Default: 3600. */
  expiresIn?: number;
}

/** A signed snapshot and the key that verifies it. */
export interface SignedSnapshot {
  /** The compact token. */
  token: string;
  /** The public key that verifies it, as a JWK Set. */
  keys: JwkSet;
  /** Opens it with `wicketgate`. */
  open(options?: Omit<OpenOptions, "keys">): Promise<Snapshot>;
}

/**
 * Signs facts with a new key. The rules of the opened snapshot are the real ones. A member snapshot keeps all teams and assistants, also those that an
 * authority would leave out for this user.
 * @example
 * ```ts
 * const { open } = await signedSnapshot(facts, { as: "vic" });
 * const me = (await open()).as();
 * ```
 */
export async function signedSnapshot(facts: Organization, options: SignedSnapshotOptions = {}): Promise<SignedSnapshot> {
  const { as, issuer, audience, epoch, version = 1, state, issuedAt = Math.floor(Date.now() / 1000), expiresIn = 3600 } = options;
  // First, because it adds the `TextEncoder` that Jest's jsdom lacks.
  const { open } = await import("wicketgate");
  const { x, sign } = await keyPair();
  const kid = "wicketgate-testing";
  const claims = {
    iss: issuer,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + expiresIn,
    scope: as === undefined ? "workspace" : "member",
    sub: as,
    epoch: epoch || undefined,
    version,
    state,
    organization: as === undefined ? facts : factsFor(as, facts),
  };
  const signed = [{ alg: "EdDSA", typ: tokenTypes.snapshot, kid }, claims]
    .map((part) => base64url(new TextEncoder().encode(JSON.stringify(part))))
    .join(".");
  const token = `${signed}.${base64url(await sign(new TextEncoder().encode(signed)))}`;
  const keys: JwkSet = { keys: [{ kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" }] };
  return { token, keys, open: (more = {}) => open(token, { ...more, keys }) };
}

/** The facts for a member snapshot: without other people as owner, creator or holder, without their addresses, without digests. */
function factsFor(user: UserId, facts: Organization): Organization {
  const mine = <Name extends string>(entry: { [name in Name]?: string }, name: Name) =>
    Reflect.get(entry, name) === user ? entry : { ...entry, [name]: undefined };
  return {
    ...facts,
    users: (facts.users ?? []).map(({ email, ...one }) => (one.id === user ? { ...one, email } : one)),
    teams: (facts.teams ?? []).map((team) => mine(team, "creator")),
    projects: (facts.projects ?? []).map((project) => mine(project, "creator")),
    assistants: (facts.assistants ?? []).map(({ grants = [], links, ...assistant }) => ({
      ...mine(assistant, "owner"),
      grants: grants.filter((grant) => grant.user === user),
      links: links?.map(({ digest, ...link }) => link),
    })),
  } as Organization;
}

/** A key pair of Node's own cryptography if it is there (its Web Cryptography warns about Ed25519, and test environments hide it), else of the platform's. */
async function keyPair(): Promise<{ x: string; sign: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array | Promise<Uint8Array> }> {
  const builtin = (globalThis as { process?: Partial<NodeJS.Process> }).process?.getBuiltinModule?.("node:crypto");
  if (builtin !== undefined) {
    const { publicKey, privateKey } = builtin.generateKeyPairSync("ed25519");
    return { x: publicKey.export({ format: "jwk" }).x!, sign: (bytes) => builtin.sign(null, bytes, privateKey) };
  }
  const { subtle } = crypto;
  const { publicKey, privateKey } = (await subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const { x } = await subtle.exportKey("jwk", publicKey);
  return { x: x!, sign: async (bytes) => new Uint8Array(await subtle.sign("Ed25519", privateKey, bytes)) };
}

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
