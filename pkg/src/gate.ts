/**
 * The gate: decides at the edge which visitors reach a public assistant, and signs passes for them.
 *
 * The core decides, by snapshots that the authority signed. If nothing can be decided, the gate throws `unavailable`, and nobody is admitted.
 * @module wicketgate/gate
 */
import { audiences } from "./contract.js";
import { inSeconds } from "./lib/clock.js";
import { WicketgateError } from "./lib/error.js";
import { ownProperty, readOptions } from "./lib/options.js";
import { ABSENT, ASSISTANT_ID, admissionOf, memberAdmission, within, type Credential } from "./gate/admission.js";
import { frameAncestors } from "./gate/frame-ancestors.js";
import { Copies } from "./gate/copies.js";
import type { Copy } from "./gate/copy.js";
import { authorize, passResponse, type PassQuestion, type PassRequestOptions } from "./gate/http.js";
import { opening } from "./gate/opening.js";
import { readPass } from "./gate/read-pass.js";
import { PassSigner } from "./gate/sign-pass.js";
import type { Admission, Admitted, GateOptions, Token, Visitor } from "./gate/types.js";
import { undecided } from "./gate/unavailable.js";
import type { Pass } from "./pass.js";
import type { HttpRequest, HttpResponse } from "./lib/platform.js";
import type { OpenSnapshot } from "./snapshot/snapshot.js";
import type { AssistantId, CapabilityOf } from "./lib/types.js";
import type { JwkSet } from "./wasm/wicketgate.js";

export { init, initSync } from "./index.js";
export { WicketgateError, type ErrorCode } from "./lib/error.js";
export { REFUSAL_FLOOR, type PassQuestion, type PassRequestOptions } from "./gate/http.js";
export { authoritySource, keyValueSource, MemorySource, remoteKeys } from "./gate/sources.js";
export type {
  Admission,
  Admitted,
  Authority,
  GateOptions,
  Keys,
  PassOptions,
  Refused,
  SnapshotSource,
  Token,
  Visitor,
} from "./gate/types.js";
export type { Obtained, Pass } from "./pass.js";

/** Capabilities of everybody who reaches an assistant. For the others, the gate asks the authority each time. */
const BASIC: readonly string[] = ["assistant.view", "assistant.chat"];

const DEFAULTS = {
  audience: audiences.gate,
  revalidateAfter: 10,
  grace: 300,
  timeout: 2000,
  maxCopies: 1000,
  now: () => Date.now() / 1000,
};
const NAMES = [...Object.keys(DEFAULTS), "source", "keys", "issuer", "organization", "passes", "members"] as (keyof GateOptions)[];

/**
 * Decides for visitors. Create one for each process or isolate: it keeps snapshots in memory.
 * @example
 * ```ts
 * const gate = new Gate({
 *   source: authoritySource({ url: "https://authority.acme.example", token }),
 *   keys: remoteKeys("https://authority.acme.example/.well-known/jwks.json"),
 *   issuer: "https://authority.acme.example",
 *   organization: "acme",
 *   passes: { keys: privateKeys, issuer: "https://gate.acme.example", audience: "https://api.acme.example" },
 * });
 * const admission = await gate.admit("helper", { origin: "https://shop.example" });
 * if (admission.admitted) return gate.issuePass(admission);
 * ```
 */
export class Gate {
  readonly #options: Required<Omit<GateOptions, "members">>;
  readonly #members: { issuer: string; audience: string } | undefined;
  readonly #copies: Copies;
  readonly #signer: PassSigner;

  /** @throws {WicketgateError} `invalid_options`, `invalid_key` */
  constructor(options: GateOptions) {
    const { members, ...own } = checked(options);
    this.#options = { ...DEFAULTS, ...own };
    this.#members = members && { issuer: own.issuer, ...members };
    this.#copies = new Copies(this.#options);
    this.#signer = new PassSigner(own.passes, own.organization);
  }

  /**
   * Decides what a visitor may do with an assistant.
   * @throws {WicketgateError} `unavailable` if that cannot be decided; `invalid_options` if the visitor presents two things at once.
   * @example
   * ```ts
   * const admission = await gate.admit("helper", { link: key });
   * if (!admission.admitted) log(admission.reason);
   * ```
   */
  async admit(assistant: AssistantId, visitor: Visitor): Promise<Admission> {
    const credential = credentialOf(visitor);
    if (!isId(assistant)) return ABSENT;
    if (credential.by === "member") return this.#member(assistant, credential.value);
    const decide = this.#decide(assistant, credential);
    const admission = await this.#copies.read(assistant, decide);
    if (!admission.admitted || admission.obtained.by !== "edit_link") return admission;
    return this.#copies.consult(assistant, decide);
  }

  /**
   * Decides whether the access behind a verified pass still grants this capability now. A member's pass needs the member's snapshot again. The
   * authority is asked each time for capabilities beyond view and chat, for edit links, and with `consult`; not for members, whose snapshot is the
   * authority's own word.
   * @throws {WicketgateError} `unavailable` if that cannot be decided
   * @example
   * ```ts
   * const admission = await gate.recheck(pass, "assistant.edit");
   * if (!admission.admitted) return new Response(null, { status: 401 });
   * ```
   */
  async recheck(
    pass: Pass,
    capability: CapabilityOf<"assistant">,
    options: { member?: Token; consult?: "head" } = {},
  ): Promise<Admission> {
    const { member, consult } = readOptions(options, ["member", "consult"]);
    const admission = await this.#accessNow(pass, capability, member, consult);
    return !admission.admitted || admission.capabilities.includes(capability)
      ? admission
      : { admitted: false, reason: "not_granted" };
  }

  /**
   * Signs a pass for an admission. Within the first thirtieth of its lifetime, the same admission gets the same pass. `expiresIn`: its remaining
   * lifetime in seconds.
   * @throws {WicketgateError} `expired` if the admission has ended, `invalid_key`, `unsupported_engine` without Ed25519
   */
  issuePass(admission: Admitted): Promise<{ pass: string; expiresIn: number }> {
    return this.#signer.sign(admission, this.#options.now());
  }

  /** What the snapshots in memory take: for a process with a gate for each of many organizations, which drops the gates that are used least. */
  get memory(): { copies: number; bytes: number } {
    return this.#copies.memory;
  }

  /** Frees all snapshots in memory. The gate stays usable, and reads them again. */
  clear(): void {
    this.#copies.clear();
  }

  /** The public keys of the passes, as a JWK Set to publish. */
  passKeys(): JwkSet {
    return structuredClone(this.#signer.publicKeys);
  }

  /**
   * Returns the `frame-ancestors` directive (CSP) for a page that shows the assistant: the sites that may embed it, or `'none'`.
   * @throws {WicketgateError} `unavailable` if that cannot be decided
   */
  async frameAncestors(assistant: AssistantId): Promise<string> {
    const decide = (copy: Copy | undefined) => frameAncestors(copy, assistant, this.#options.now());
    return isId(assistant) ? this.#copies.read(assistant, decide) : decide(undefined);
  }

  /**
   * Answers a request for a pass: `POST` of `{ assistant, key }`, `{ assistant, embedder }` or `{ assistant, member: true }`.
   * @example
   * ```ts
   * if (url.pathname === "/v1/pass") return gate.passResponse(request, { limit });
   * ```
   */
  passResponse(request: HttpRequest, options: PassRequestOptions = {}): Promise<HttpResponse> {
    return passResponse(this, request, options);
  }

  /**
   * Checks the pass of a request (`Authorization: Bearer`) and rechecks its access. Returns both, or the answer to send: 401, 403 or 503.
   * @example
   * ```ts
   * const checked = await gate.authorize(request, { assistant: "helper", capability: "assistant.chat" });
   * if (checked instanceof Response) return checked;
   * ```
   */
  authorize(request: HttpRequest, question: PassQuestion): Promise<{ pass: Pass; admission: Admitted } | HttpResponse> {
    const {
      passes: { issuer, audience },
      organization,
    } = this.#options;
    return authorize(
      {
        read: async (token, assistant) => {
          // The id may come from a URL. No pass is for a text that is no id.
          if (!isId(assistant)) throw new WicketgateError("wrong_assistant", "there is no such assistant");
          return readPass(token, {
            keys: this.#signer.publicKeys,
            issuer,
            audience,
            organization,
            assistant,
            now: this.#options.now(),
          });
        },
        accessNow: (pass, capability, member, consult) => this.#accessNow(pass, capability, member, consult),
      },
      request,
      question,
    );
  }

  /** The access behind a pass, as of now. */
  async #accessNow(
    pass: Pass,
    capability: CapabilityOf<"assistant">,
    member: Token | undefined,
    consult: "head" | undefined,
  ): Promise<Admission> {
    const { assistant, obtained, organization } = pass;
    if (organization !== this.#options.organization || !isId(assistant)) return ABSENT;
    if (obtained.by === "member") {
      const admission = member === undefined ? ABSENT : await this.#member(assistant, member);
      return admission.admitted && admission.obtained.by === "member" && admission.obtained.user !== obtained.user
        ? ABSENT
        : within(pass, admission);
    }
    const credential: Credential =
      obtained.by === "embed" ? { by: "origin", value: obtained.origin } : { by: "digest", value: obtained.digest };
    // A capability that the pass does not hold is refused without the authority: nobody can cause requests with it.
    const asksAuthority =
      consult === "head" || obtained.by === "edit_link" || (!BASIC.includes(capability) && pass.capabilities.includes(capability));
    const decide = this.#decide(assistant, credential);
    return within(pass, await (asksAuthority ? this.#copies.consult(assistant, decide) : this.#copies.read(assistant, decide)));
  }

  #decide(assistant: AssistantId, credential: Credential): (copy: Copy | undefined) => Admission {
    return (copy) => admissionOf(copy, assistant, credential, this.#options.now());
  }

  /** Decides by the member's own snapshot. If it is not valid, nothing is known about the person: `unavailable`, and no refusal. */
  async #member(assistant: AssistantId, token: Token): Promise<Admission> {
    const { organization, now } = this.#options;
    if (this.#members === undefined) return ABSENT;
    let snapshot: OpenSnapshot | undefined;
    try {
      snapshot = (await this.#copies.verified((keys) =>
        opening.open(token, { ...this.#members, organization, now, keys }),
      )) as OpenSnapshot;
      if (snapshot.scope !== "member") throw new WicketgateError("wrong_scope", "expected a member snapshot");
      return memberAdmission(snapshot, assistant, now());
    } catch (error) {
      throw undecided(error);
    } finally {
      snapshot?.free();
    }
  }
}

/** Whether a value has the form of an assistant's id. */
function isId(assistant: unknown): assistant is AssistantId {
  return typeof assistant === "string" && ASSISTANT_ID.test(assistant);
}

/** The one credential of a visitor, or none. Two at once are a mistake of the caller. */
function credentialOf(visitor: Visitor): Credential | { by: "member"; value: Token } {
  let cause;
  try {
    const presented: Partial<Record<string, unknown>> = readOptions(visitor, ["link", "origin", "member"] as never[]);
    const [[by, value] = [undefined, undefined], ...others] = Object.entries(presented);
    if (by === undefined) return NOBODY;
    if (others.length === 0 && (by === "member" ? value : typeof value === "string"))
      return { by, value } as Credential | { by: "member"; value: Token };
  } catch (thrown) {
    cause = thrown;
  }
  throw new WicketgateError("invalid_options", "visitor: expected one of link, origin and member, or nothing", {
    path: "visitor",
    cause,
  });
}

const NOBODY: Credential = { by: "nobody", value: "" };

/** Reads and checks the options, each once. `undefined` is refused: an unset variable must not switch a check off. */
function checked(options: GateOptions): GateOptions {
  const fault = (path: string, message: string) => new WicketgateError("invalid_options", `${path}: ${message}`, { path });
  const read = readOptions(options, NAMES);
  for (const [name, value] of Object.entries(read)) {
    if (value === undefined) throw fault(name, "is undefined; leave it out to use the default");
  }
  if (read.passes !== undefined)
    read.passes = readOptions(read.passes, ["keys", "issuer", "audience", "expiresIn"], "passes", "passes.");
  if (read.members !== undefined) read.members = readOptions(read.members, ["issuer", "audience"], "members", "members.");
  const { issuer, audience = "", organization, passes, members, source, keys, now = DEFAULTS.now } = read;
  const texts = {
    issuer,
    organization,
    "passes.issuer": passes?.issuer,
    "passes.audience": passes?.audience,
    ...(members && { "members.audience": members.audience }),
  };
  for (const [path, value] of Object.entries(texts))
    if (typeof value !== "string" || value === "") throw fault(path, "expected a string");
  for (const [path, value] of Object.entries({ audience, "members.issuer": members?.issuer ?? "" }))
    if (typeof value !== "string") throw fault(path, "expected a string");
  for (const [path, value] of Object.entries({ "source.read": ownProperty(source, "read"), keys, now }))
    if (typeof value !== "function") throw fault(path, "expected a function");
  for (const [name, least] of [
    ["revalidateAfter", 0],
    ["grace", 0],
    ["timeout", 1],
    ["maxCopies", 1],
  ] as const) {
    const value: unknown = read[name] ?? DEFAULTS[name];
    // A text from an environment variable would be appended to the time instead of added.
    if (!(Number.isFinite(value) && (value as number) >= least)) throw fault(name, `expected a number from ${least}`);
  }
  read.now = () => inSeconds(now());
  return read;
}
