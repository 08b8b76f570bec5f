/// <reference lib="esnext.disposable" preserve="true" />
/**
 * For tests alone: {@link fakePrincipal} and {@link fakeLive} answer what a test tells them to, without the WebAssembly module; {@link signedSnapshot} signs facts with a
 * key of its own, without the authority's module. Nothing of this decides by the rules, except what a signed snapshot opens.
 * @module wicketgate/testing
 */
import { capabilities, tokenTypes } from "./contract.js";
import type { Freshness, Live, LiveEvents } from "./client.js";
import { WicketgateError, quote } from "./lib/error.js";
import type { Principal } from "./snapshot/principal.js";
import type { OpenOptions, Snapshot } from "./snapshot/snapshot.js";
import type { Capability, Question, UserId } from "./lib/types.js";
import type { Because, Decision, Denied, JwkSet, Organization } from "./wasm/wicketgate.js";

/** What a fake answers. */
export interface FakePrincipalOptions {
  /** Who it is, for messages. */
  user?: UserId | undefined;
  /** The questions that are allowed, and no others: `[["assistant.edit", "helper"], ["team.create"]]`. Or what says so of each. */
  allow?: readonly Question[] | ((capability: Capability, target: string | undefined) => boolean);
  /** With a function: the ids that `list` asks about. */
  ids?: readonly string[];
  /** Why it is allowed; a role of the organization by default. */
  because?: Because[];
  /** Why the rest is denied; `not_granted` by default. */
  denied?: Denied;
  /** Whether roles may be assigned; not by default. */
  assign?: boolean | ((user: UserId, role: string) => boolean);
}

/**
 * Answers by a list, whatever the rules would say. A capability that is none, a target too many or none is denied as `unknown_target`, as by a real one.
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
      const place =
        target === undefined
          ? (["organization"] as const)
          : typeof target === "string"
            ? (["assistant", target] as const)
            : (Object.entries(target)[0] ?? ["none"]);
      return (Object.keys(capabilities) as Capability[]).filter(
        (capability) => kindOf(capability) === place[0] && can(capability, place[1]),
      );
    },
    list(capability: string): string[] {
      const asked = typeof allow === "function" ? ids : allow.map(([, on]) => on);
      return [...new Set(asked)].filter((on) => on !== undefined && can(capability, on)).sort() as string[];
    },
    canAssignRole: (whose: UserId, role: string) => (typeof assign === "function" ? assign(whose, role) : assign),
    free() {},
    [Symbol.dispose]() {},
    [Symbol.toStringTag]: `Principal ${user}, a fake`,
  };
  return fake as Principal;
}

/** As by a real one. */
function denial(question: Question, decision: Decision & { allowed: false }): WicketgateError {
  return new WicketgateError("denied", `${question.map(quote).join(" on ")} is denied: ${decision.denied}`, { decision });
}

/** What a fake live one starts with. */
export interface FakeLiveOptions {
  /** Who answers; somebody who may nothing by default. */
  me?: Principal;
  freshness?: Freshness;
  /** The facts of its snapshot. */
  facts?: Organization;
  version?: number;
  clockOffset?: number;
  /** What `refresh` does. */
  refresh?: () => Promise<void>;
}

/** A live one that a test leads. */
export interface FakeLive extends Live {
  /** Answers from now on, and tells `change`. */
  become(me: Principal): void;
  /** Tells an event. `freshness` is from then on what was told, and after `signedOut` everything is denied. */
  emit<Event extends keyof LiveEvents>(event: Event, ...told: LiveEvents[Event]): void;
}

/** Follows nobody but the test: `const live = fakeLive({ me: fakePrincipal({ … }) })`, then `live.become(…)` and `live.emit("freshness", "stale")`. */
export function fakeLive(options: FakeLiveOptions = {}): FakeLive {
  let { me = fakePrincipal(), freshness = "fresh", version = 1 } = options;
  const { facts = { id: "acme" } as Organization, clockOffset = 0, refresh = async () => {} } = options;
  const listeners = new Map<keyof LiveEvents, Set<(...told: any[]) => void>>();
  const ended = () => {
    freshness = "expired";
    me = fakePrincipal({ denied: "expired" });
  };
  const emit: FakeLive["emit"] = (event, ...told) => {
    if (event === "freshness") freshness = told[0] as Freshness;
    if (event === "signedOut") ended();
    for (const listener of [...(listeners.get(event) ?? [])]) listener(...told);
  };
  const unsupported = () => {
    throw new Error("a fake snapshot has no facts signed: use signedSnapshot");
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
      const added = (...told: any[]) => listener(...(told as never));
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

/** Of whom, and what else the snapshot says. */
export interface SignedSnapshotOptions {
  /** Whose it is: a member snapshot of this user. Without, it is of the workspace, and `as({ user })` is anybody. */
  as?: UserId | undefined;
  issuer?: string;
  audience?: string;
  epoch?: number;
  version?: number;
  state?: string;
  /** In Unix seconds; now by default. */
  issuedAt?: number;
  /** In seconds; an hour by default. */
  expiresIn?: number;
}

/** A snapshot that opens: what an authority would have signed, had it this key. */
export interface SignedSnapshot {
  token: string;
  keys: JwkSet;
  /** Opens it with `wicketgate`. */
  open(options?: Omit<OpenOptions, "keys">): Promise<Snapshot>;
}

/**
 * Signs facts: `const me = (await (await signedSnapshot(facts, { as: "vic" })).open()).as()`. The rules are the real ones. A member snapshot keeps whatever it may name, so it
 * may know of more teams and assistants than the authority would show.
 */
export async function signedSnapshot(facts: Organization, options: SignedSnapshotOptions = {}): Promise<SignedSnapshot> {
  const { as, issuer, audience, epoch, version = 1, state, issuedAt = Math.floor(Date.now() / 1000), expiresIn = 3600 } = options;
  // First, because it gives the jsdom of Jest the `TextEncoder` that is missing there.
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

/** What a member snapshot may name: nobody but its subject as an owner, a creator or a holder, no other address and no digest. */
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

/** Of Node's own cryptography where it is (its Web Cryptography warns of Ed25519, and test environments hide it), else of the platform's. */
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
