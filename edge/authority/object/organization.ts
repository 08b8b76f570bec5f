// The authority of one organization: a Durable Object. This file is its surface, the methods that the Worker calls; the files beside it
// do the work. Every method answers a value or a problem, because an error that crosses the border to the Worker loses its fields.
import { DurableObject } from "cloudflare:workers";
import type { JwkSet } from "wicketgate";
import { type Command, type KeyScope, type Preview, type ReadAddress, readAddress, type SetPlan } from "wicketgate/authority";
import type { AuthorityProblemCode } from "wicketgate/contract";
import {
  type Access,
  type Body,
  type Caller,
  CALLER_HEADER,
  type CommandRequest,
  type Detached,
  EVENTS_ADDRESS,
  type Identity,
  type InvitationMail,
  type ReconcileOptions,
  type ReconcileStep,
  type ReconcileStepped,
  type Tagged,
} from "../messages";
import { type Outcome, Problem, problemOf, report } from "../problem";
import type { OrganizationSettings } from "../organization-settings";
import type {
  ApiKeysAnswer,
  AuditPage,
  CommandAnswer,
  Delivery,
  EventPage,
  KeyState,
  Review,
  SessionAnswer,
  SignalPage,
  WebhooksAnswer,
} from "../wire";
import { Answers, responseTo } from "./answers";
import type { ExecutedBatch } from "./batches";
import { clock } from "./clock";
import type { Commit } from "./history";
import { asyncOutcome } from "./outcome";
import { makeParts, type ObjectSettings, type Parts } from "./parts";
import type { Whole } from "./signer";

export class Organization extends DurableObject<ObjectSettings> {
  readonly #parts: Parts;
  readonly #answers: Answers;
  /** Set if the object could not start. Then every method answers it, except `goBack`. */
  #startProblem: Problem | undefined;

  constructor(ctx: DurableObjectState, env: ObjectSettings) {
    super(ctx, env);
    this.#parts = makeParts(ctx, env, (commit) => this.#announce(commit));
    this.#answers = new Answers(this.#parts.callers, this.#parts.settings, () => this.#requireServed());
    void ctx.blockConcurrencyWhile(() => this.#start());
  }

  async #start(): Promise<void> {
    try {
      await this.#parts.alarm.load();
      if (!this.#parts.settings.known) return;
      // A configured key is the key of one organization.
      await this.#parts.keys.load(this.#parts.settings.single ? this.env.SIGNING_KEY : undefined, clock());
      await this.#parts.history.restore();
      if (!this.#parts.history.founded) return;
      // Storage from before there was upkeep: the names of all entries in the gate's store have changed since.
      if (this.#parts.tables.upkeep.ended() === undefined) this.#parts.tables.gate.markAll();
      this.#parts.upkeep.plan();
      this.#parts.deliverer.plan();
      void this.#parts.gate.publishWhenDue();
    } catch (error) {
      const { name = "" } = this.#parts.settings;
      const problem = problemOf(error, name);
      console.error(`authority: [${name}] every request is refused: ${problem.code}`);
      this.#startProblem = error instanceof Problem ? error : new Problem(problem.code, problem.title);
    }
  }

  // Signing in and out

  /** Begins a session for an identity: finds its user, or makes, links or founds at the first sign-in. */
  signIn(
    identity: Identity,
    session: string,
    earlier: string | undefined,
    invitation: string | undefined,
  ): Promise<Outcome<{ user: string }>> {
    return this.#answers.later(async () => {
      if (!this.#parts.history.founded) {
        await this.#parts.accounts.foundFor(identity);
        this.#parts.upkeep.plan();
      }
      const entered = this.#parts.entrance.signIn(identity, session, earlier, invitation);
      void this.#parts.reports.send();
      return entered;
    });
  }

  /** Notes a sign-in that was refused before it came here. */
  refuseSignIn(code: AuthorityProblemCode): Outcome<null> {
    return this.#answers.now(() => this.#parts.entrance.refuse(code));
  }

  session(session: string): Outcome<SessionAnswer> {
    return this.#answers.now(() => this.#parts.entrance.session(session));
  }

  endSession(session: string): Outcome<null> {
    return this.#answers.now(() => {
      this.#parts.sessions.end(session);
      this.#parts.events.streams.wake();
      return null;
    });
  }

  /** The digest of the account that the session was begun with; nothing for a session from before accounts were kept. */
  account(session: string): Outcome<{ account?: string }> {
    return this.#answers.now(() => this.#parts.sessions.account(session, clock()));
  }

  /** Ends all sessions of the session's user. */
  endSessions(session: string): Outcome<null> {
    return this.#answers.now(() => {
      this.#parts.sessions.endAll(session);
      this.#parts.events.streams.wake();
      return null;
    });
  }

  // Commands. Each method says what an API key needs.

  execute(caller: Caller, request: CommandRequest): Outcome<{ answer: CommandAnswer; invitation?: InvitationMail }> {
    return this.#answers.to(caller, ["commands"], (sender) => this.#parts.commands.execute(sender, request));
  }

  executeAll(caller: Caller, text: string, ifVersion?: number): Outcome<ExecutedBatch> {
    return this.#answers.to(caller, ["commands"], (sender) => this.#parts.batches.execute(sender, text, ifVersion));
  }

  beginReconciliation(caller: Caller, options: ReconcileOptions): Promise<Outcome<ReconcileStepped>> {
    return this.#answers.laterTo(caller, ["commands"], (sender) => this.#parts.reconciliations.begin(sender, options));
  }

  reconcile(step: ReconcileStep): Promise<Outcome<ReconcileStepped>> {
    return this.#answers.later(() => this.#parts.reconciliations.step(step));
  }

  preview(caller: Caller, command: Command): Outcome<Preview> {
    return this.#answers.to(caller, ["commands"], (sender) => this.#parts.commands.preview(sender, command));
  }

  /** Reads texts as e-mail addresses, by the directory's rules. Says nothing about which users have them. */
  addresses(caller: Caller, texts: string[]): Outcome<{ addresses: ReadAddress[] }> {
    return this.#answers.to(caller, ["commands"], () => ({ addresses: texts.map(readAddress) }));
  }

  /** What a pass for a user says, if they may use an assistant. The user need not be signed in here: the caller has signed them in. */
  access(caller: Caller, user: string, assistant: string): Outcome<Access> {
    return this.#answers.to(caller, ["passes"], () => this.#parts.reader.access(user, assistant));
  }

  // Reading: one person's part of the organization

  snapshot(session: string, matches: string[]): Promise<Outcome<Tagged>> {
    return this.#answers.later(() => this.#parts.reader.snapshot(session, matches));
  }

  snapshotAbout(session: string, assistant: string): Promise<Outcome<Tagged>> {
    return this.#answers.later(() => this.#parts.reader.snapshotAbout(session, assistant));
  }

  delta(session: string, from: number): Promise<Outcome<Detached>> {
    return this.#answers.later(() => this.#parts.reader.delta(session, from));
  }

  head(caller: Caller): Promise<Outcome<Detached>> {
    return this.#answers.laterTo(caller, ["read"], () => this.#parts.reader.head());
  }

  view(caller: Caller): Outcome<Body> {
    return this.#answers.to(caller, ["read"], (reader) => this.#parts.reader.view(reader));
  }

  apiKeys(caller: Caller): Outcome<ApiKeysAnswer> {
    return this.#answers.to(caller, ["read"], (reader) => this.#parts.reader.apiKeys(reader));
  }

  // Reading: the whole organization, for those who may

  workspace(caller: Caller, content: Whole, matches: string[]): Promise<Outcome<Tagged>> {
    return this.#answers.laterTo(caller, scopesFor(content), (reader) => this.#parts.reader.workspace(reader, content, matches));
  }

  workspaceDelta(caller: Caller, content: Whole, from: number): Promise<Outcome<Detached>> {
    return this.#answers.laterTo(caller, scopesFor(content), (reader) => this.#parts.reader.workspaceDelta(reader, content, from));
  }

  reviews(caller: Caller): Outcome<Review[]> {
    return this.#answers.to(caller, ["read"], (reader) => this.#parts.reader.reviews(reader));
  }

  review(caller: Caller, version: number): Promise<Outcome<Detached>> {
    return this.#answers.laterTo(caller, ["read"], (reader) => this.#parts.reader.review(reader, version));
  }

  audit(caller: Caller, after: number, limit: number): Promise<Outcome<AuditPage>> {
    return this.#answers.laterTo(caller, ["events"], (reader) => this.#parts.reader.audit(reader, after, limit));
  }

  // The history for other services, and webhooks

  events(caller: Caller, after: number, limit: number): Promise<Outcome<EventPage>> {
    return this.#answers.laterTo(caller, ["events"], (reader) => this.#parts.events.page(reader, after, limit));
  }

  signals(caller: Caller, after: number, limit: number): Outcome<SignalPage> {
    return this.#answers.to(caller, ["events"], (reader) => this.#parts.events.signalPage(reader, after, limit));
  }

  webhooks(caller: Caller): Outcome<WebhooksAnswer> {
    return this.#answers.to(caller, ["read"], (manager) => this.#parts.webhooks.list(manager));
  }

  deliveries(caller: Caller, webhook: string): Outcome<Delivery[]> {
    return this.#answers.to(caller, ["read"], (manager) => this.#parts.webhooks.deliveries(manager, webhook));
  }

  testWebhook(caller: Caller, webhook: string): Promise<Outcome<Delivery>> {
    return this.#answers.laterTo(caller, ["commands"], (manager) => this.#parts.webhooks.test(manager, webhook));
  }

  resendDelivery(caller: Caller, webhook: string, delivery: number): Promise<Outcome<Delivery>> {
    return this.#answers.laterTo(caller, ["commands"], (manager) => this.#parts.webhooks.resend(manager, webhook, delivery));
  }

  // For the gate and for everybody

  publishedKeys(): Outcome<JwkSet> {
    return this.#answers.now(() => this.#parts.keys.published());
  }

  gateSnapshot(assistant: string): Promise<Outcome<Detached>> {
    return this.#answers.later(() => this.#parts.reader.gateSnapshot(assistant));
  }

  /** From which version on a snapshot of a public assistant is current. */
  gateHead(assistant: string): Promise<Outcome<Detached>> {
    return this.#answers.later(() => this.#parts.reader.gateHead(assistant));
  }

  // For the operator

  /** Takes the settings of the registry, with their revision. The first ones bring the organization into being. */
  configure(revision: number, settings: OrganizationSettings): Promise<Outcome<null>> {
    return asyncOutcome(async () => {
      const before = this.#parts.settings.configure(revision, settings);
      if (!before) await this.ctx.blockConcurrencyWhile(() => this.#start());
      if (this.#startProblem) throw this.#startProblem;
      if (!this.#parts.history.founded) return null;
      this.#parts.tenancy.settle(before);
      this.#parts.deliverer.plan();
      return null;
    });
  }

  /** Erases a suspended organization, a part in each call. */
  erase(): Promise<Outcome<{ more: boolean }>> {
    return asyncOutcome(async () => {
      const more = await this.#parts.tenancy.erase();
      if (!more) this.#startProblem = new Problem("unknown_organization", "there is no such organization");
      return { more };
    });
  }

  found(facts: string | Uint8Array): Promise<Outcome<{ version: number }>> {
    return this.#answers.later(async () => {
      await this.#parts.operator.found(facts);
      this.#parts.tenancy.applyPlan();
      return { version: this.#parts.history.directory.version };
    });
  }

  export(): Outcome<ReadableStream<Uint8Array>> {
    return this.#answers.now(() => this.#parts.operator.export());
  }

  import(body: ReadableStream<Uint8Array>): Promise<Outcome<{ version: number }>> {
    return this.#answers.later(async () => {
      await this.#parts.operator.import(body);
      this.#parts.tenancy.applyPlan();
      return { version: this.#parts.history.directory.version };
    });
  }

  /** Sets what the organization has bought, whatever the plan before withheld. */
  setPlan(plan: SetPlan): Outcome<{ version: number }> {
    return this.#answers.now(() => this.#parts.operator.setPlan(plan));
  }

  rotateKeys(atOnce: boolean): Promise<Outcome<{ keys: KeyState[] }>> {
    return this.#answers.later(() => this.#parts.operator.rotateKeys(atOnce));
  }

  /**
   * Makes the platform put the storage back to an earlier time (Unix seconds), and stops: the caller gets no answer. Works also when the
   * object could not start, because this is how damaged storage is repaired.
   */
  goBack(at: number): Promise<Outcome<never>> {
    return asyncOutcome(async () => {
      try {
        await this.ctx.storage.onNextSessionRestoreBookmark(await this.ctx.storage.getBookmarkForTime(at * 1000));
      } catch (error) {
        report(error, this.#parts.settings.name);
        throw new Problem("unavailable", "the platform cannot put the storage back to that time");
      }
      return this.ctx.abort("the storage goes back to an earlier state") as never;
    });
  }

  /** To be called after going back. Versions are used a second time from now on, so a new epoch begins, later than any before. */
  restored(): Outcome<{ epoch: number; version: number }> {
    return this.#answers.now(() => {
      const restored = this.#parts.operator.beginEpoch();
      // An assistant that was made public after that time is unknown here and must not stay open: `maintain` sweeps it.
      void this.maintain();
      return restored;
    });
  }

  /** A round of upkeep now, whenever the next is planned. */
  maintain(): Promise<Outcome<{ more: boolean }>> {
    return this.#answers.later(() => this.#parts.upkeep.run());
  }

  // For the platform

  /** Only for `GET /v1/updates` and `GET /v1/events/stream`: a method cannot answer with a WebSocket or a stream. */
  override async fetch(request: Request): Promise<Response> {
    const caller = JSON.parse(request.headers.get(CALLER_HEADER) ?? "") as Caller;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === new URL(EVENTS_ADDRESS).pathname) {
      const opened = this.#answers.to(caller, ["events"], (reader) => this.#parts.events.stream(reader, searchParams.get("after")));
      return responseTo(opened, (stream) => stream);
    }
    const accepted = this.#answers.to(caller, ["read"], (reader) =>
      this.#parts.updates.accept(this.#parts.callers.listener(caller, reader), this.#parts.history.directory),
    );
    return responseTo(accepted, (webSocket) => new Response(null, { status: 101, webSocket }));
  }

  override webSocketMessage(socket: WebSocket): void {
    this.#parts.updates.received(socket);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#parts.updates.closed(socket, code);
  }

  /** Closes sockets of expired sessions, sends events, writes for the gate what a crash or a failed write left, and looks after the rest. */
  override async alarm(): Promise<void> {
    this.#parts.alarm.rang();
    this.#parts.updates.closeExpired(clock());
    this.#parts.updates.planExpiry();
    if (this.#startProblem || !this.#parts.history.founded) return;
    if (!this.#parts.settings.suspended) {
      this.#parts.deliverer.run();
      void this.#parts.webhooks.tellManagers();
    }
    await this.#parts.gate.publishWhenDue();
    await this.#parts.reports.send();
    await this.#parts.upkeep.runWhenDue();
  }

  // Shared by the methods above

  /** Tells open pages and the gate about a commit. */
  #announce({ gates, gone, signedOut, revoked, changed }: Commit): void {
    // To all, those who lose access too: a page then asks at once and does not wait until its socket is closed.
    this.#parts.updates.broadcast(this.#parts.history.directory);
    for (const user of new Set([...gone, ...signedOut])) this.#parts.updates.closeOf({ user });
    for (const key of new Set(revoked)) this.#parts.updates.closeOf({ key });
    for (const key of new Set(changed)) this.#parts.updates.closeChanged(key);
    this.#parts.events.streams.wake();
    this.#parts.deliverer.plan();
    if (gone.length > 0) void this.#parts.reports.send();
    if (gates.length === 0) return;
    this.#parts.upkeep.plan();
    void this.#parts.gate.publishWhenDue();
  }

  #requireServed(): void {
    if (this.#startProblem) throw this.#startProblem;
    this.#parts.settings.requireActive();
  }
}

function scopesFor(content: Whole): KeyScope[] {
  return content === "workspace" ? ["read", "digests"] : ["read"];
}
