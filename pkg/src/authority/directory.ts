/// <reference lib="esnext.disposable" preserve="true" />
/** The directory of an organization, as a class on the core's. All decisions are the core's. */
import { runtime } from "../core/authority.js";
import { CommandRefused, type Refused } from "./command-refused.js";
import type { AssistantAccess, Decided, DecideOptions, ExecuteAllOptions } from "./decided.js";
import { actorJson, commandJson, decisionOf, timeOf } from "./decision.js";
import { claimsJson, type DirectoryIssueOptions, DIRECTORY_CLAIMS, type HeadOptions, unixNow } from "./issue-options.js";
import { executed, executedAll } from "./executing.js";
import { type Founding, foundingOf, Pieces, restoredFrom } from "./pieces.js";
import { inSeconds } from "../lib/clock.js";
import { WicketgateError, call, optionalText, requiredText } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import { factsJson, jsonOf } from "../lib/json.js";
import type { AssistantId, UserId } from "../lib/types.js";
import type { ListedCapability } from "./list-snapshot.js";
import { ApiKeys } from "./api-keys.js";
import { Webhooks } from "./webhooks.js";
import { RawDirectory, found } from "../wasm/authority.js";
import type {
  Actor,
  Capability,
  Command,
  Condition,
  Denied,
  DirectoryUser,
  DirectoryView,
  Event,
  Organization,
  Outcome,
  PendingInvitation,
  Preview,
  Previewed,
} from "../wasm/authority.js";

/** How the core's directory behind each {@link Directory} is found. */
const raws = new WeakMap<Directory, () => RawDirectory>();

/** The core's directory behind a {@link Directory}, for the other files of the package. @throws {WicketgateError} `invalid_options` */
export function rawOf(directory: Directory): RawDirectory {
  const raw = raws.get(directory);
  if (raw === undefined) throw new WicketgateError("invalid_options", "directory: expected a `Directory`", { path: "directory" });
  return raw();
}

/**
 * The directory of one organization: it takes commands, decides them by the rules and returns events; its state is the result of all events. It
 * lives in WebAssembly memory. A service keeps one for each organization, stores each event and applies it.
 * @example
 * ```ts
 * const { directory, event } = await Directory.found({ id: "acme", users: [{ id: "gina", role: "global_admin" }] });
 * await store(event);
 * const decided = directory.decide({ user: "gina" }, { type: "create_team", id: "support", name: "Support" });
 * await store(decided.event);
 * directory.apply(decided.event);
 * ```
 */
export class Directory {
  #raw: RawDirectory | undefined;

  private constructor(raw: RawDirectory) {
    this.#raw = raw;
    raws.set(this, () => this.#live());
  }

  /**
   * Creates a directory from the facts of an organization, and the event for it: version 1.
   * @throws {WicketgateError} `invalid_facts` with the path, `invalid_command` for names and addresses, `already_exists` for addresses.
   */
  static async found(
    organization: Organization | string,
    options: { now?: number } = {},
  ): Promise<{ directory: Directory; event: Event }> {
    await runtime.init();
    const json = factsJson(organization);
    const now = timeOf(readOptions(options, ["now"]).now);
    const outcome = call(() => found(json, now));
    if (Object.hasOwn(outcome, "refused")) throw new CommandRefused((outcome as Refused).refused);
    const { event } = outcome as { event: Event };
    return { directory: new Directory(call(() => RawDirectory.begin(jsonOf(event, "invalid_options")))), event };
  }

  /**
   * Creates a directory from the first event of a history. Apply the other events to it.
   * @throws {WicketgateError} `tampered`
   * @example
   * ```ts
   * const directory = await Directory.begin(events[0]);
   * for (const event of events.slice(1)) directory.apply(event);
   * ```
   */
  static async begin(event: Event): Promise<Directory> {
    await runtime.init();
    const json = jsonOf(event, "invalid_options", "event");
    return new Directory(call(() => RawDirectory.begin(json)));
  }

  /**
   * Creates a directory from the text of {@link Directory.dump}.
   * @throws {WicketgateError} `malformed`, `invalid_facts` with the path.
   */
  static async restore(dump: string): Promise<Directory> {
    await runtime.init();
    return new Directory(call(() => RawDirectory.restore(requiredText(dump, "dump"))));
  }

  /** As {@link Directory.found}, of any size, given as JSON (a text, or its bytes): in as many events as it needs, of some hundred kilobytes each. */
  static async foundInParts(organization: string | Uint8Array, options: { now?: number } = {}): Promise<Founding<Directory>> {
    await runtime.init();
    return foundingOf(organization, timeOf(readOptions(options, ["now"]).now), (raw) => new Directory(raw));
  }

  /** As {@link Directory.restore}, from all parts of {@link Pieces.state}. Throws `malformed` also if parts are missing or in another order. */
  static async restoreParts(parts: Iterable<string>): Promise<Directory> {
    await runtime.init();
    return new Directory(restoredFrom(parts));
  }

  /** Version of the organization: the number of events so far. */
  get version(): number {
    return this.#live().version();
  }

  /**
   * Epoch of the organization, from 0. After a directory was restored to an earlier state, its versions repeat; the system's command `begin_epoch`
   * begins a new epoch, whose versions are all later.
   */
  get epoch(): number {
    return this.#live().epoch();
  }

  /** Hash of the last event, base64url. It names the whole history. */
  get head(): string {
    return this.#live().head();
  }

  /** What a large organization gives in pieces, because it must not be one text. */
  get pieces(): Pieces {
    return new Pieces(this.#live());
  }

  /** The API keys. */
  get apiKeys(): ApiKeys {
    return new ApiKeys(this.#live());
  }

  /** The webhooks. */
  get webhooks(): Webhooks {
    return new Webhooks(this.#live());
  }

  /** Id of the organization. */
  get organization(): string {
    return this.#live().organization();
  }

  /** The whole state as JSON, for {@link Directory.restore}. Protect it like the events: it contains addresses and digests. */
  dump(): string {
    return call(() => this.#live().dump());
  }

  /** The facts as JSON, for `issue`, to sign a snapshot of this version later. Protect it: it contains addresses and digests. */
  facts(): string {
    return call(() => this.#live().facts());
  }

  /**
   * Decides a command and returns its event. Nothing changes until you {@link Directory.apply} the event, after storing it.
   * @throws {CommandRefused} with the code and the details.
   * @example
   * ```ts
   * const { event, result } = directory.decide({ user: "gina" }, { type: "grant", assistant: "helper", user: "vic", role: "editor" });
   * ```
   */
  decide(actor: Actor, command: Command, options: DecideOptions = {}): Decided {
    const raw = this.#live();
    const given = decisionOf(actor, command, options);
    const outcome = JSON.parse(call(() => raw.decide(...given))) as Outcome;
    if (Object.hasOwn(outcome, "refused")) throw new CommandRefused((outcome as Refused).refused);
    return outcome as Decided;
  }

  /**
   * Returns the effect of a command without applying it: which users would gain or lose which capabilities, as far as the actor may know. If the
   * command creates something without an `id`, the preview invents one; the real id will differ.
   * @throws {CommandRefused} like {@link Directory.decide}.
   * @example
   * ```ts
   * directory.preview({ user: "gina" }, { type: "set_accessibility", assistant: "helper", accessibility: "only_me" });
   * ```
   */
  preview(actor: Actor, command: Command, options: { now?: number } = {}): Preview {
    const raw = this.#live();
    const time = timeOf(readOptions(options, ["now"]).now);
    const [actorText, commandText] = [actorJson(actor), commandJson(command)];
    const previewed = JSON.parse(call(() => raw.preview(actorText, commandText, time))) as Previewed;
    if (Object.hasOwn(previewed, "refused")) throw new CommandRefused((previewed as Refused).refused);
    return previewed as Preview;
  }

  /**
   * Applies the next event, completely or not at all.
   * @throws {WicketgateError} `tampered` if it does not continue the history, or contains a change that no command makes.
   */
  apply(event: Event): void {
    const raw = this.#live();
    const json = jsonOf(event, "invalid_options", "event");
    call(() => raw.apply(json));
  }

  /**
   * Decides a command and applies its event at once, which is faster than the two steps. For directories that are not stored, and inside of
   * {@link Directory.atomically}.
   * @throws {CommandRefused} like {@link Directory.decide}.
   */
  execute(actor: Actor, command: Command, options: DecideOptions = {}): Decided {
    return executed(this.#live(), actor, command, options);
  }

  /**
   * As {@link Directory.execute}, for several commands one after another, which is faster. Returns what became of each, in their order: none after the
   * first refusal, with `untilRefused`.
   */
  executeAll(actor: Actor, commands: readonly Command[], options: ExecuteAllOptions = {}): (Decided | CommandRefused)[] {
    return executedAll(this.#live(), actor, commands, options);
  }

  /**
   * Runs `work` all or nothing: if it throws, every event that it applied is undone, and the error is thrown again. Facts, history and deltas are
   * then those of a directory that was never changed. `work` must be synchronous, because everybody who asks meanwhile sees the changes.
   * @throws {WicketgateError} `invalid_options` inside of another `atomically`.
   * @example
   * ```ts
   * directory.atomically(() => storage.transactionSync(() => commands.map((command) => store(directory.execute(actor, command)))));
   * ```
   */
  atomically<T>(work: () => T): T {
    const raw = this.#live();
    call(() => raw.set_checkpoint());
    try {
      const done = work();
      raw.release();
      return done;
    } catch (error) {
      call(() => raw.roll_back());
      throw error;
    }
  }

  /**
   * Signs a snapshot of the present facts, as JWS Compact.
   * @throws {WicketgateError} `unknown_user`, `invalid_options`, `invalid_key`.
   * @example
   * ```ts
   * const token = directory.snapshot({ key, issuer, audience, expiresIn: 600, scope: { member: "vic" } });
   * ```
   */
  snapshot(options: DirectoryIssueOptions): string {
    const raw = this.#live();
    const claims = claimsJson(options, raw.version());
    return call(() => raw.snapshot(claims));
  }

  /**
   * Signs a delta: it turns the snapshot of version `from` and the same scope into the present one. Readers pass it to `snapshot.apply`. The cost is
   * proportional to the change. From the present version, it renews the times only.
   * @throws {WicketgateError} `delta_unavailable` if the changes since `from` are not kept any more: send the full snapshot.
   * @example
   * ```ts
   * const token = directory.delta(41, { key, issuer, audience, expiresIn: 600, scope: { member: "vic" } });
   * ```
   */
  delta(from: number, options: DirectoryIssueOptions): string {
    const raw = this.#live();
    if (!Number.isSafeInteger(from))
      throw new WicketgateError("invalid_options", "from: expected a version, an integer", { path: "from" });
    const claims = claimsJson(options, raw.version());
    return call(() => raw.delta(from, claims));
  }

  /**
   * Signs a head: a short token that names the current version. With `assistant`, it is about the gate snapshot of that public assistant, and
   * `version` is the version of the last event whose {@link Decided.gates} named it.
   * @throws {WicketgateError} `invalid_options`, `invalid_key`.
   */
  headToken(options: HeadOptions): string {
    const raw = this.#live();
    const claimed = readOptions(options, [...DIRECTORY_CLAIMS, "assistant"] as (keyof HeadOptions)[]);
    const { assistant } = claimed;
    delete claimed.assistant;
    const claims = claimsJson(claimed, raw.version());
    if (assistant === undefined) return call(() => raw.head_token(claims));
    const { id, version } = readOptions(assistant, ["id", "version"], "head", "assistant.");
    if (!Number.isSafeInteger(version) || version < 1) {
      throw new WicketgateError("invalid_options", "assistant.version: expected an integer from 1 to 2^53 - 1", {
        path: "assistant.version",
      });
    }
    return call(() => raw.assistant_head_token(requiredText(id, "assistant.id"), version, claims));
  }

  /** Hash of the exact facts at a time (Unix seconds): the `state` of workspace and member snapshots issued then. */
  state(now: number = unixNow()): string {
    return call(() => this.#live().state(inSeconds(now)));
  }

  /** Id of the user who signs in with this OpenID Connect account (`iss` and `sub`); undefined if there is none. */
  account(issuer: string, subject: string): UserId | undefined {
    return call(() => this.#live().account(requiredText(issuer, "issuer"), requiredText(subject, "subject")));
  }

  /** Role, status and address of a user; undefined if there is none. */
  user(id: UserId): DirectoryUser | undefined {
    const user = call(() => this.#live().user(requiredText(id, "id")));
    return user === undefined ? undefined : (JSON.parse(user) as DirectoryUser);
  }

  /** The reason why an actor may not do this now; undefined if they may. By the same rules as `check` of a snapshot. */
  denied(actor: Actor, capability: Capability, target?: string, now: number = unixNow()): Denied | undefined {
    return this.#asked(actor, (raw, text) =>
      raw.denied(text, requiredText(capability, "capability"), optionalText(target, "target"), inSeconds(now)),
    );
  }

  /** The condition under which an actor may do this: it selects exactly the rows that {@link Directory.denied} does not deny. See `wicketgate/where`. */
  where(actor: Actor, capability: ListedCapability, now: number = unixNow()): Condition {
    const ask = (raw: RawDirectory, text: string) => raw.condition(text, requiredText(capability, "capability"), inSeconds(now));
    return JSON.parse(this.#asked(actor, ask)) as Condition;
  }

  /**
   * What an actor may do with an assistant now, or the reason why nothing: for a pass. The cost does not grow with the organization.
   */
  access(actor: Actor, assistant: AssistantId, now: number = unixNow()): AssistantAccess | { denied: Denied } {
    const ask = (raw: RawDirectory, text: string) => raw.access(text, requiredText(assistant, "assistant"), inSeconds(now));
    return JSON.parse(this.#asked(actor, ask)) as AssistantAccess | { denied: Denied };
  }

  /**
   * Whether an actor holds every capability, apart from those that the plan excludes, and so may see all facts: an active global admin does, and an API
   * key with that role.
   */
  holdsEverything(actor: Actor, now: number = unixNow()): boolean {
    return this.#asked(actor, (raw, text) => raw.holds_everything(text, inSeconds(now)));
  }

  /** Id of the user who has this e-mail address, or was invited at it; undefined if there is none. */
  userAt(email: string): UserId | undefined {
    return call(() => this.#live().user_at(requiredText(email, "email")));
  }

  /** Invitations that were not accepted yet, including expired ones. */
  invitations(): PendingInvitation[] {
    return call(() => this.#live().invitations());
  }

  /** Ids of the public assistants: the assistants that have a gate snapshot. */
  publicAssistants(): AssistantId[] {
    return call(() => this.#live().public_assistants());
  }

  /** Whether an assistant is public and so has a gate snapshot. The cost does not grow with the organization. */
  isPublic(assistant: AssistantId): boolean {
    return this.#live().is_public(requiredText(assistant, "assistant"));
  }

  /**
   * The facts that an actor may see: those of their member snapshot, with addresses and pending invitations if they may invite people or see user
   * settings. Digests of share-link keys are left out.
   * @throws {WicketgateError} `unknown_user`
   */
  view(actor: Actor, now: number = unixNow()): DirectoryView {
    return JSON.parse(this.#asked(actor, (raw, text) => raw.view(text, inSeconds(now)))) as DirectoryView;
  }

  /**
   * Frees the WebAssembly memory. Afterwards every method throws `freed`. `using directory = …` calls it at the end of the block; without either,
   * the garbage collector frees the memory at some later time.
   */
  free(): void {
    this.#raw?.free();
    this.#raw = undefined;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  /** Asks the core about an actor. */
  #asked<T>(actor: Actor, ask: (raw: RawDirectory, actor: string) => T): T {
    const raw = this.#live();
    const actorText = actorJson(actor);
    return call(() => ask(raw, actorText));
  }

  #live(): RawDirectory {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the directory was freed");
    return this.#raw;
  }
}
