/// <reference lib="esnext.disposable" preserve="true" />
/** The directory of an organization. The core decides; nothing is decided here. */
import { runtime } from "../core/authority.js";
import { bytesOf } from "../lib/bytes.js";
import { claimsJson, DIRECTORY_CLAIMS, unixNow, type IssueOptions } from "./issue-options.js";
import { inSeconds } from "../lib/clock.js";
import { WicketgateError, call, optionalText, requiredText } from "../lib/error.js";
import { readOptions } from "../lib/options.js";
import { factsJson, jsonOf } from "../lib/json.js";
import type { UserId, AssistantId } from "../lib/types.js";
import { RawDirectory, found, verify_chain } from "../wasm/authority.js";
import type {
  Actor,
  Capability,
  ChainedEvent,
  Command,
  CommandResult,
  Denied,
  DirectoryUser,
  DirectoryView,
  Event,
  Organization,
  PendingInvitation,
  Preview,
  Previewed,
  Refusal,
  RefusalCode,
} from "../wasm/authority.js";

/** A refused command: it has changed nothing. */
export class CommandRefused extends WicketgateError {
  override readonly name = "CommandRefused";
  declare readonly code: RefusalCode;
  /** The capability that the actor lacks. */
  readonly capability: Capability | undefined;
  /** Why they lack it. `unknown_target` both where the target does not exist and where they hold nothing on it. */
  readonly denied: Denied | undefined;
  /** What is in the way. */
  readonly ids: readonly string[];
  /** The latest `expires` for which it could be given, where the actor has it for a time: Unix seconds. */
  readonly until: number | undefined;

  constructor(refusal: Refusal) {
    const { code, message, path, capability, denied, ids = [], until }: Refusal = Object.assign(Object.create(null), refusal);
    super(code, message, { path });
    this.capability = capability;
    this.denied = denied;
    this.ids = ids;
    this.until = until;
  }
}

/** When, and with what randomness, a command is decided. */
export interface DecideOptions {
  /** Unix seconds; the system's time by default. */
  now?: number;
  /** 32 bytes from a source fit for keys, used once; by default the platform's. */
  entropy?: Uint8Array;
}

/** An accepted command. */
export interface Decided {
  /** The event: write it down, then {@link Directory.apply} it. */
  event: Event;
  /** What the actor is told: ids of what was made, and secrets, this once. */
  result: CommandResult;
  /** The assistants whose gate snapshots may say something else from now on. */
  gates: AssistantId[];
  /** The users who are gone from then on: whatever you remember of them must go with them, because a later user may have the same id. */
  gone: UserId[];
}

/** What a snapshot of a directory says besides the facts; epoch, version and state are the directory's. */
export type DirectoryIssueOptions = Omit<IssueOptions, "epoch" | "version" | "state">;

/** What a head says, and about what. */
export type HeadOptions = Omit<DirectoryIssueOptions, "scope"> & { assistant?: { id: AssistantId; version: number } };

/**
 * The directory of one organization: takes commands, decides them with the rules, and makes events, of which its state is the fold.
 * It lives in WebAssembly memory; a service keeps one per organization, writes each event down and applies it.
 */
export class Directory {
  #raw: RawDirectory | undefined;

  private constructor(raw: RawDirectory) {
    this.#raw = raw;
  }

  /**
   * Founds a directory with an organization as it stands, and the event that says so: version 1.
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
   * Begins with the first event of a history, for the others to be applied.
   * @throws {WicketgateError} `tampered`.
   */
  static async begin(event: Event): Promise<Directory> {
    await runtime.init();
    const json = jsonOf(event, "invalid_options", "event");
    return new Directory(call(() => RawDirectory.begin(json)));
  }

  /**
   * The directory of a {@link Directory.dump}.
   * @throws {WicketgateError} `malformed`, `invalid_facts` with the path.
   */
  static async restore(dump: string): Promise<Directory> {
    await runtime.init();
    return new Directory(call(() => RawDirectory.restore(requiredText(dump, "dump"))));
  }

  /** The version of the organization: how many events there were. */
  get version(): number {
    return this.#live().version();
  }

  /**
   * The epoch: later versions than this one may have been used in an earlier epoch, and are older. Once what was kept of the directory
   * was put back to an earlier state, the system's command `begin_epoch` begins another.
   */
  get epoch(): number {
    return this.#live().epoch();
  }

  /** The hash of the last event, base64url: names the whole history. */
  get head(): string {
    return this.#live().head();
  }

  /** The organization's id. */
  get organization(): string {
    return this.#live().organization();
  }

  /** The whole state as JSON. Keep it as you keep the events: it has addresses and digests in it. */
  dump(): string {
    return call(() => this.#live().dump());
  }

  /** The facts alone, as JSON: what `issue` takes, to sign a snapshot of this version later. It has addresses and digests in it. */
  facts(): string {
    return call(() => this.#live().facts());
  }

  /**
   * Decides a command. Changes nothing: that is what {@link Directory.apply} does, once the event is written down.
   * @throws {CommandRefused} with the code, and what it is about.
   */
  decide(actor: Actor, command: Command, options: DecideOptions = {}): Decided {
    const raw = this.#live();
    const { now = unixNow(), entropy = crypto.getRandomValues(new Uint8Array(32)) } = readOptions(options, ["now", "entropy"]);
    const [who, what, when] = [actorJson(actor), commandJson(command), timeOf(now)];
    // Whatever else has 32 items would become bytes too, and few of them random.
    const bytes = bytesOf(entropy);
    if (bytes === undefined)
      throw new WicketgateError("invalid_options", "entropy: expected 32 bytes, a Uint8Array", { path: "entropy" });
    const outcome = call(() => raw.decide(who, what, when, bytes));
    if (Object.hasOwn(outcome, "refused")) throw new CommandRefused((outcome as Refused).refused);
    return outcome as Decided;
  }

  /**
   * What a command would change if it were given now: who would gain or lose what, as far as the actor may know. Afterwards everything
   * is as it was. What the command would make and gives no id has one here that it will not have.
   * @throws {CommandRefused} as {@link Directory.decide} would.
   */
  preview(actor: Actor, command: Command, options: { now?: number } = {}): Preview {
    const raw = this.#live();
    const [who, what, now] = [actorJson(actor), commandJson(command), timeOf(readOptions(options, ["now"]).now)];
    const previewed = JSON.parse(call(() => raw.preview(who, what, now))) as Previewed;
    if (Object.hasOwn(previewed, "refused")) throw new CommandRefused((previewed as Refused).refused);
    return previewed as Preview;
  }

  /**
   * Applies the next event: all of it or nothing.
   * @throws {WicketgateError} `tampered` if it does not continue the history, or says what no command does.
   */
  apply(event: Event): void {
    const raw = this.#live();
    const json = jsonOf(event, "invalid_options", "event");
    call(() => raw.apply(json));
  }

  /**
   * Decides a command and applies its event.
   * @throws {CommandRefused}
   */
  execute(actor: Actor, command: Command, options?: DecideOptions): Decided {
    const decided = this.decide(actor, command, options);
    this.apply(decided.event);
    return decided;
  }

  /**
   * Signs a snapshot of the facts as they are now, as JWS Compact.
   * @throws {WicketgateError} `unknown_user`, `invalid_options`, `invalid_key`.
   */
  snapshot(options: DirectoryIssueOptions): string {
    const raw = this.#live();
    const claims = claimsJson(options, raw.version());
    return call(() => raw.snapshot(claims));
  }

  /**
   * Signs what turns the snapshot of version `from` and the same scope into that of now: `snapshot.apply` takes it. At the cost of
   * what changed. From the present version, it renews the times.
   * @throws {WicketgateError} `delta_unavailable` if the steps from there are not kept: then send the full snapshot.
   */
  delta(from: number, options: DirectoryIssueOptions): string {
    const raw = this.#live();
    if (!Number.isSafeInteger(from))
      throw new WicketgateError("invalid_options", "from: expected a version, an integer", { path: "from" });
    const claims = claimsJson(options, raw.version());
    return call(() => raw.delta(from, claims));
  }

  /**
   * Signs a head: which version is current. With `assistant`, about the gate snapshot of that public assistant: `version` is that of
   * the last event whose {@link Decided.gates} named it.
   * @throws {WicketgateError} `invalid_options`, `invalid_key`.
   */
  headToken(options: HeadOptions): string {
    const raw = this.#live();
    const asked = readOptions(options, [...DIRECTORY_CLAIMS, "assistant"] as (keyof HeadOptions)[]);
    const { assistant } = asked;
    delete asked.assistant;
    const claims = claimsJson(asked, raw.version());
    if (assistant === undefined) return call(() => raw.head_token(claims));
    const { id, version } = readOptions(assistant, ["id", "version"], "head", "assistant.");
    if (!Number.isSafeInteger(version) || version < 1) {
      throw new WicketgateError("invalid_options", "assistant.version: expected an integer from 1 to 2^53 - 1", {
        path: "assistant.version",
      });
    }
    return call(() => raw.assistant_head_token(requiredText(id, "assistant.id"), version, claims));
  }

  /** Names the exact facts at a time: the history, and which expiries have passed. The `state` of a workspace or member snapshot issued then. */
  state(now: number = unixNow()): string {
    return call(() => this.#live().state(inSeconds(now)));
  }

  /** The user who signs in with this account (OpenID Connect). */
  account(issuer: string, subject: string): UserId | undefined {
    return call(() => this.#live().account(requiredText(issuer, "issuer"), requiredText(subject, "subject")));
  }

  /** A user's role, status and address. */
  user(id: UserId): DirectoryUser | undefined {
    return call(() => this.#live().user(requiredText(id, "id")));
  }

  /** Why an actor may not do this now; nothing if they may. Decided by the same rules as a snapshot's `check`. */
  denied(actor: Actor, capability: Capability, target?: string, now: number = unixNow()): Denied | undefined {
    const raw = this.#live();
    const who = actorJson(actor);
    return call(() => raw.denied(who, requiredText(capability, "capability"), optionalText(target, "target"), inSeconds(now)));
  }

  /** Whether an actor holds everything there is, whatever the plan withholds, and so may see all of it: an active global admin does. */
  holdsEverything(actor: Actor): boolean {
    const raw = this.#live();
    const who = actorJson(actor);
    return call(() => raw.holds_everything(who));
  }

  /** The user who has, or was invited at, an address. */
  userAt(email: string): UserId | undefined {
    return call(() => this.#live().user_at(requiredText(email, "email")));
  }

  /** The invitations that were not accepted yet, expired ones too. */
  invitations(): PendingInvitation[] {
    return call(() => this.#live().invitations());
  }

  /** The public assistants: those that have a gate snapshot. */
  publicAssistants(): AssistantId[] {
    return call(() => this.#live().public_assistants());
  }

  /** Whether an assistant is public, and so has a gate snapshot; at no cost that grows with the organization. */
  isPublic(assistant: AssistantId): boolean {
    return this.#live().is_public(requiredText(assistant, "assistant"));
  }

  /**
   * What an actor may see: the document of their member snapshot; with addresses and pending invitations if they invite people or
   * see user settings. No digests.
   * @throws {WicketgateError} `unknown_user`.
   */
  view(actor: Actor, now: number = unixNow()): DirectoryView {
    const raw = this.#live();
    const who = actorJson(actor);
    return JSON.parse(call(() => raw.view(who, inSeconds(now)))) as DirectoryView;
  }

  /** Gives the memory back. Also `using directory = …`; otherwise it goes with the object. */
  free(): void {
    this.#raw?.free();
    this.#raw = undefined;
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #live(): RawDirectory {
    if (this.#raw === undefined) throw new WicketgateError("freed", "the directory was freed");
    return this.#raw;
  }
}

/**
 * Verifies a run of events: that each follows the one before, the first one that of the hash `previous` (without it, it begins the
 * history), and is of its sealed text, where that is given. The hash of the last one.
 * @throws {WicketgateError} `tampered`, naming the version of the first event that does not fit.
 */
export async function verifyChain(events: readonly ChainedEvent[], previous?: string): Promise<string> {
  await runtime.init();
  const json = jsonOf(events, "invalid_options", "events");
  return call(() => verify_chain(json, optionalText(previous, "previous")));
}

/** A refusal, as the core answers it in place of what was asked for. */
interface Refused {
  refused: Refusal;
}

function actorJson(actor: Actor): string {
  return jsonOf(actor, "invalid_options", "actor");
}

/** A command as JSON; what is none is the core's to refuse. */
function commandJson(command: Command): string {
  try {
    return jsonOf(command, "invalid_command");
  } catch {
    return "null";
  }
}

/** A time for the core to judge, which refuses what is none; the system's by default. */
function timeOf(now: number = unixNow()): number {
  return typeof now === "number" ? now : NaN;
}
