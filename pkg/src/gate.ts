/**
 * The gate: decides, next to the visitor, who reaches a public assistant, and gives passes to those who do.
 *
 * The rules are the core's, asked of snapshots that the authority signed. What cannot be decided is `unavailable`: then nobody gets in.
 * @module wicketgate/gate
 */
import { audiences } from "./contract.js";
import { inSeconds } from "./lib/clock.js";
import { WicketgateError } from "./lib/error.js";
import { ownProperty, readOptions } from "./lib/options.js";
import { ABSENT, ASSISTANT_ID, admissionOf, memberAdmission, within, type Shown } from "./gate/admission.js";
import { frameAncestors } from "./gate/frame-ancestors.js";
import { Copies } from "./gate/copies.js";
import type { Copy } from "./gate/copy.js";
import { authorize, passResponse, type PassQuestion, type PassRequestOptions } from "./gate/http.js";
import { readPass } from "./gate/read-pass.js";
import { Signer } from "./gate/sign-pass.js";
import type { Admission, Admitted, GateOptions, Token, Visitor } from "./gate/types.js";
import { undecided } from "./gate/unavailable.js";
import type { Pass } from "./pass.js";
import type { HttpRequest, HttpResponse } from "./lib/platform.js";
import { open, type OpenSnapshot } from "./snapshot/snapshot.js";
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

/** What anybody who reaches an assistant may do. What goes beyond it is asked of the authority each time. */
const PLAIN: readonly string[] = ["assistant.view", "assistant.chat"];

const DEFAULTS = {
  audience: audiences.gate,
  revalidateAfter: 10,
  grace: 300,
  timeout: 2000,
  maxCopies: 1000,
  now: () => Date.now() / 1000,
};
const NAMES = [...Object.keys(DEFAULTS), "source", "keys", "issuer", "organization", "passes", "members"] as (keyof GateOptions)[];

/** Decides for visitors. One for each process or isolate: it remembers snapshots. */
export class Gate {
  readonly #options: Required<Omit<GateOptions, "members">>;
  readonly #members: { issuer: string; audience: string } | undefined;
  readonly #copies: Copies;
  readonly #signer: Signer;

  /** @throws {WicketgateError} `invalid_options`, `invalid_key` */
  constructor(options: GateOptions) {
    const { members, ...own } = checked(options);
    this.#options = { ...DEFAULTS, ...own };
    this.#members = members && { issuer: own.issuer, ...members };
    this.#copies = new Copies(this.#options);
    this.#signer = new Signer(own.passes, own.organization);
  }

  /**
   * What a visitor may do with an assistant.
   * @throws {WicketgateError} `unavailable` where that cannot be decided
   */
  async admit(assistant: AssistantId, visitor: Visitor): Promise<Admission> {
    const shown = shownBy(visitor);
    if (!isId(assistant)) return ABSENT;
    if (shown.by === "member") return this.#member(assistant, shown.what);
    const admission = await this.#copies.read(assistant, this.#decide(assistant, shown));
    if (!admission.admitted || admission.obtained.by !== "edit_link") return admission;
    return this.#copies.consult(assistant, this.#decide(assistant, shown));
  }

  /**
   * Whether what a verified pass was given for still gives this, now. A member's pass needs the member's snapshot again. Beyond view and
   * chat, for what an edit link gave, and with `consult`, the authority is asked each time; not for members, whose snapshot is its word.
   * @throws {WicketgateError} `unavailable` where that cannot be decided
   */
  async recheck(
    pass: Pass,
    capability: CapabilityOf<"assistant">,
    options: { member?: Token; consult?: "head" } = {},
  ): Promise<Admission> {
    const { member, consult } = readOptions(options, ["member", "consult"]);
    const admission = await this.#standing(pass, capability, member, consult);
    return !admission.admitted || admission.capabilities.includes(capability)
      ? admission
      : { admitted: false, reason: "not_granted" };
  }

  /**
   * A pass for what was admitted: signed now, or before for the same admission, in the first thirtieth of its life. `expiresIn` are the
   * seconds that are left of it.
   * @throws {WicketgateError} `expired` if the admission has ended, `invalid_key`, `unsupported_engine` where there is no Ed25519
   */
  issuePass(admission: Admitted): Promise<{ pass: string; expiresIn: number }> {
    return this.#signer.sign(admission, this.#options.now());
  }

  /** The keys that passes are verified with, as a JWK Set to publish. */
  passKeys(): JwkSet {
    return structuredClone(this.#signer.publicKeys);
  }

  /**
   * The `frame-ancestors` directive for a page that shows the assistant: the sites that it may be embedded in, or `'none'`.
   * @throws {WicketgateError} `unavailable` where that cannot be decided
   */
  async frameAncestors(assistant: AssistantId): Promise<string> {
    const decide = (copy: Copy | undefined) => frameAncestors(copy, assistant, this.#options.now());
    return isId(assistant) ? this.#copies.read(assistant, decide) : decide(undefined);
  }

  /** Answers a request for a pass: `POST` of `{ assistant, key }`, `{ assistant, embedder }` or `{ assistant, member: true }`. */
  passResponse(request: HttpRequest, options: PassRequestOptions = {}): Promise<HttpResponse> {
    return passResponse(this, request, options);
  }

  /** What the pass of a request (`Authorization: Bearer`) still gives, or the answer to send: 401, 403 or 503. */
  authorize(request: HttpRequest, question: PassQuestion): Promise<{ pass: Pass; admission: Admitted } | HttpResponse> {
    const {
      passes: { issuer, audience },
      organization,
    } = this.#options;
    return authorize(
      {
        read: async (token, assistant) => {
          // What stands in an address may be no id: no pass is for that.
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
        standing: (pass, capability, member, consult) => this.#standing(pass, capability, member, consult),
      },
      request,
      question,
    );
  }

  /** What a pass still gives. */
  async #standing(
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
    const shown: Shown =
      obtained.by === "embed" ? { by: "origin", what: obtained.origin } : { by: "digest", what: obtained.digest };
    // What the pass does not hold is refused by any copy: nobody makes us ask the authority with it.
    const authority =
      consult === "head" || obtained.by === "edit_link" || (!PLAIN.includes(capability) && pass.capabilities.includes(capability));
    const decide = this.#decide(assistant, shown);
    return within(pass, await (authority ? this.#copies.consult(assistant, decide) : this.#copies.read(assistant, decide)));
  }

  #decide(assistant: AssistantId, shown: Shown): (copy: Copy | undefined) => Admission {
    return (copy) => admissionOf(copy, assistant, shown, this.#options.now());
  }

  /** By the member's own snapshot. It came from the authority: if it does not hold, that is no word about the person. */
  async #member(assistant: AssistantId, token: Token): Promise<Admission> {
    const { organization, now } = this.#options;
    if (this.#members === undefined) return ABSENT;
    let snapshot: OpenSnapshot | undefined;
    try {
      snapshot = (await this.#copies.verified((keys) =>
        open(token, { ...this.#members, organization, now, keys }),
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

/** Whether it is the id of an assistant. What is no text is none. */
function isId(assistant: unknown): assistant is AssistantId {
  return typeof assistant === "string" && ASSISTANT_ID.test(assistant);
}

/** One thing, or nothing: two kinds of visitor at once is a mistake of the caller's. */
function shownBy(visitor: Visitor): Shown | { by: "member"; what: Token } {
  let cause;
  try {
    const shown: Partial<Record<string, unknown>> = readOptions(visitor, ["link", "origin", "member"] as never[]);
    const [[by, what] = [undefined, undefined], ...others] = Object.entries(shown);
    if (by === undefined) return NOBODY;
    if (others.length === 0 && (by === "member" ? what : typeof what === "string"))
      return { by, what } as Shown | { by: "member"; what: Token };
  } catch (thrown) {
    cause = thrown;
  }
  throw new WicketgateError("invalid_options", "visitor: expected one of link, origin and member, or nothing", {
    path: "visitor",
    cause,
  });
}

const NOBODY: Shown = { by: "nobody", what: "" };

/** The options, read once. An unset variable must not switch a check off, and a misspelt bound would go unnoticed. */
function checked(options: GateOptions): GateOptions {
  const fault = (path: string, message: string) => new WicketgateError("invalid_options", `${path}: ${message}`, { path });
  const asked = readOptions(options, NAMES);
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined) throw fault(name, "is undefined; leave it out for what is meant by default");
  }
  if (asked.passes !== undefined)
    asked.passes = readOptions(asked.passes, ["keys", "issuer", "audience", "expiresIn"], "passes", "passes.");
  if (asked.members !== undefined) asked.members = readOptions(asked.members, ["issuer", "audience"], "members", "members.");
  const { issuer, audience = "", organization, passes, members, source, keys, now = DEFAULTS.now } = asked;
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
    const value: unknown = asked[name] ?? DEFAULTS[name];
    // Text from a variable would be written behind the time, not added to it.
    if (!(Number.isFinite(value) && (value as number) >= least)) throw fault(name, `expected a number from ${least}`);
  }
  asked.now = () => inSeconds(now());
  return asked;
}
