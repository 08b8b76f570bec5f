// The authority of one organization: a Durable Object. This file is its surface, the methods that the Worker calls; the files beside it
// do the work. Every method answers a value or a problem, because an error that crosses the border to the Worker loses its fields.
import { DurableObject } from "cloudflare:workers";
import type { JwkSet } from "wicketgate";
import type { Command, Preview, ReadAddress, SetPlan } from "wicketgate/authority";
import type { AuthorityProblemCode } from "wicketgate/contract";
import {
  type CommandRequest,
  type Detached,
  EVENTS_ADDRESS,
  type Identity,
  type InvitationMail,
  type ReconcileStep,
  type ReconcileStepped,
  SESSION_HEADER,
  type Tagged,
} from "../messages";
import { type Outcome, Problem, problemOf, problemResponse, report } from "../problem";
import type { Settings } from "../settings";
import type {
  AuditPage,
  CommandAnswer,
  Delivery,
  DirectoryAnswer,
  EventPage,
  KeyState,
  Review,
  SessionAnswer,
  SignalPage,
  WebhooksAnswer,
} from "../wire";
import { Accounts } from "./accounts";
import { Alarm } from "./alarm";
import { Batches, type ExecutedBatch } from "./batches";
import { clock } from "./clock";
import { Commands } from "./commands";
import { Deliverer } from "./deliverer";
import { Entrance } from "./entrance";
import { Events } from "./events";
import { GateSnapshots } from "./gate-snapshots";
import { type Commit, History } from "./history";
import { Keys } from "./keys";
import { OperatorActs } from "./operator-acts";
import { asyncOutcome, outcome } from "./outcome";
import { Reader } from "./reader";
import { OwnSettings } from "./own-settings";
import { Reconciliations } from "./reconciliations";
import { Reviews } from "./reviews";
import { Sessions } from "./sessions";
import { Signals } from "./signals";
import { Signer } from "./signer";
import { Tables } from "./tables/tables";
import { Updates } from "./updates";
import { Upkeep } from "./upkeep";
import { webhookTeller } from "./webhook-teller";
import { Webhooks } from "./webhooks";

export class Organization extends DurableObject<Settings> {
  readonly #tables: Tables;
  readonly #settings: OwnSettings;
  readonly #keys: Keys;
  readonly #alarm: Alarm;
  readonly #updates: Updates;
  readonly #reviews: Reviews;
  readonly #history: History;
  readonly #sessions: Sessions;
  readonly #accounts: Accounts;
  readonly #commands: Commands;
  readonly #batches: Batches;
  readonly #reconciliations: Reconciliations;
  readonly #signer: Signer;
  readonly #reader: Reader;
  readonly #gate: GateSnapshots;
  readonly #upkeep: Upkeep;
  readonly #signals: Signals;
  readonly #operator: OperatorActs;
  readonly #entrance: Entrance;
  readonly #events: Events;
  readonly #webhooks: Webhooks;
  readonly #deliverer: Deliverer;
  /** Set if the object could not start. Then every method answers it, except `goBack`. */
  #startProblem: Problem | undefined;

  constructor(ctx: DurableObjectState, env: Settings) {
    super(ctx, env);
    this.#tables = new Tables(ctx.storage.sql);
    this.#settings = new OwnSettings(env, this.#tables.settings);
    this.#keys = new Keys(this.#tables.keys);
    this.#alarm = new Alarm(ctx);
    this.#updates = new Updates(ctx, this.#alarm);
    this.#reviews = new Reviews(this.#tables.reviews);
    this.#signals = new Signals(this.#tables.signals);
    this.#history = new History(ctx, this.#settings, this.#tables, this.#reviews, this.#signals, (commit) =>
      this.#announce(commit),
    );
    this.#sessions = new Sessions(ctx, this.#tables, this.#updates, this.#history);
    this.#accounts = new Accounts(this.#settings, this.#tables, this.#history);
    this.#commands = new Commands(this.#tables, this.#history, this.#sessions);
    this.#batches = new Batches(this.#tables, this.#history, this.#commands);
    this.#reconciliations = new Reconciliations(this.#tables, this.#history, this.#commands);
    this.#signer = new Signer(this.#settings, this.#keys, this.#history);
    this.#reader = new Reader(this.#tables, this.#history, this.#sessions, this.#signer, this.#reviews);
    const gateSource = {
      organization: () => this.#settings.current.id,
      version: () => this.#history.directory.version,
      isPublic: (assistant: string) => this.#history.directory.isPublic(assistant),
      sign: (assistant: string) => this.#signer.gate(assistant),
    };
    this.#gate = new GateSnapshots(env.GATE, this.#tables.gate, gateSource, this.#alarm);
    this.#upkeep = new Upkeep(this.#tables, this.#keys, this.#history, this.#gate, this.#alarm);
    this.#operator = new OperatorActs(this.#tables, this.#history, this.#keys, this.#gate, this.#upkeep, this.#signals);
    this.#entrance = new Entrance(this.#history, this.#accounts, this.#sessions, this.#signals);
    this.#events = new Events(this.#tables, this.#history, this.#sessions, this.#signals);
    const tell = webhookTeller(env, this.#settings);
    this.#webhooks = new Webhooks(this.#tables, this.#history, this.#sessions, this.#keys, this.#alarm, tell);
    this.#deliverer = new Deliverer(ctx, this.#tables, this.#history, this.#keys, this.#alarm);
    void ctx.blockConcurrencyWhile(() => this.#start());
  }

  async #start(): Promise<void> {
    try {
      await this.#keys.load(this.env.SIGNING_KEY, clock());
      await this.#alarm.load();
      await this.#history.restore();
      if (!this.#history.founded) return;
      // Storage from before there was upkeep: the names of all entries in the gate's store have changed since.
      if (this.#tables.upkeep.ended() === undefined) this.#tables.gate.markAll();
      this.#upkeep.plan();
      this.#deliverer.plan();
      void this.#gate.publishWhenDue();
    } catch (error) {
      const problem = problemOf(error);
      console.error(`authority: every request is refused: ${problem.code}`);
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
    return this.#answerLater(async () => {
      if (!this.#history.founded) {
        await this.#accounts.foundFor(identity);
        this.#upkeep.plan();
      }
      return this.#entrance.signIn(identity, session, earlier, invitation);
    });
  }

  /** Notes a sign-in that was refused before it came here. */
  refuseSignIn(code: AuthorityProblemCode): Outcome<null> {
    return this.#answer(() => this.#entrance.refuse(code));
  }

  session(session: string): Outcome<SessionAnswer> {
    return this.#answer(() => this.#entrance.session(session));
  }

  endSession(session: string): Outcome<null> {
    return this.#answer(() => {
      this.#sessions.end(session);
      this.#events.streams.wake();
      return null;
    });
  }

  /** Ends all sessions of the session's user. */
  endSessions(session: string): Outcome<null> {
    return this.#answer(() => {
      this.#sessions.endAll(session);
      this.#events.streams.wake();
      return null;
    });
  }

  // Commands

  execute(session: string, request: CommandRequest): Outcome<{ answer: CommandAnswer; invitation?: InvitationMail }> {
    return this.#answer(() => this.#commands.execute(session, request));
  }

  executeAll(session: string, text: string, ifVersion?: number): Outcome<ExecutedBatch> {
    return this.#answer(() => this.#batches.execute(session, text, ifVersion));
  }

  reconcile(step: ReconcileStep): Promise<Outcome<ReconcileStepped>> {
    return this.#answerLater(() => this.#reconciliations.step(step));
  }

  preview(session: string, command: Command): Outcome<Preview> {
    return this.#answer(() => this.#commands.preview(session, command));
  }

  /** Reads texts as e-mail addresses, by the directory's rules. Says nothing about which users have them. */
  addresses(session: string, texts: string[]): Outcome<{ addresses: ReadAddress[] }> {
    return this.#answer(() => this.#commands.addresses(session, texts));
  }

  // Reading: one person's part of the organization

  snapshot(session: string, matches: string[]): Promise<Outcome<Tagged>> {
    return this.#answerLater(() => this.#reader.snapshot(session, matches));
  }

  delta(session: string, from: number): Promise<Outcome<Detached>> {
    return this.#answerLater(() => this.#reader.delta(session, from));
  }

  head(session: string): Promise<Outcome<Detached>> {
    return this.#answerLater(() => this.#reader.head(session));
  }

  view(session: string): Outcome<DirectoryAnswer> {
    return this.#answer(() => this.#reader.view(session));
  }

  // Reading: the whole organization, for those who may

  workspace(session: string, matches: string[]): Promise<Outcome<Tagged>> {
    return this.#answerLater(() => this.#reader.workspace(session, matches));
  }

  reviews(session: string): Outcome<Review[]> {
    return this.#answer(() => this.#reader.reviews(session));
  }

  review(session: string, version: number): Promise<Outcome<Detached>> {
    return this.#answerLater(() => this.#reader.review(session, version));
  }

  audit(session: string, after: number, limit: number): Promise<Outcome<AuditPage>> {
    return this.#answerLater(() => this.#reader.audit(session, after, limit));
  }

  // The history for other services, and webhooks

  events(session: string, after: number, limit: number): Promise<Outcome<EventPage>> {
    return this.#answerLater(() => this.#events.page(session, after, limit));
  }

  signals(session: string, after: number, limit: number): Outcome<SignalPage> {
    return this.#answer(() => this.#events.signalPage(session, after, limit));
  }

  webhooks(session: string): Outcome<WebhooksAnswer> {
    return this.#answer(() => this.#webhooks.list(session));
  }

  deliveries(session: string, webhook: string): Outcome<Delivery[]> {
    return this.#answer(() => this.#webhooks.deliveries(session, webhook));
  }

  testWebhook(session: string, webhook: string): Promise<Outcome<Delivery>> {
    return this.#answerLater(() => this.#webhooks.test(session, webhook));
  }

  resendDelivery(session: string, webhook: string, delivery: number): Promise<Outcome<Delivery>> {
    return this.#answerLater(() => this.#webhooks.resend(session, webhook, delivery));
  }

  // For the gate and for everybody

  publishedKeys(): Outcome<JwkSet> {
    return this.#answer(() => this.#keys.published());
  }

  gateSnapshot(assistant: string): Promise<Outcome<Detached>> {
    return this.#answerLater(() => this.#reader.gateSnapshot(assistant));
  }

  /** From which version on a snapshot of a public assistant is current. */
  gateHead(assistant: string): Promise<Outcome<Detached>> {
    return this.#answerLater(() => this.#reader.gateHead(assistant));
  }

  // For the operator

  found(facts: string | Uint8Array): Promise<Outcome<{ version: number }>> {
    return this.#answerLater(() => this.#operator.found(facts));
  }

  export(): Outcome<ReadableStream<Uint8Array>> {
    return this.#answer(() => this.#operator.export());
  }

  import(body: ReadableStream<Uint8Array>): Promise<Outcome<{ version: number }>> {
    return this.#answerLater(() => this.#operator.import(body));
  }

  /** Sets what the organization has bought, whatever the plan before withheld. */
  setPlan(plan: SetPlan): Outcome<{ version: number }> {
    return this.#answer(() => this.#operator.setPlan(plan));
  }

  rotateKeys(atOnce: boolean): Promise<Outcome<{ keys: KeyState[] }>> {
    return this.#answerLater(() => this.#operator.rotateKeys(atOnce));
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
        report(error);
        throw new Problem("unavailable", "the platform cannot put the storage back to that time");
      }
      return this.ctx.abort("the storage goes back to an earlier state") as never;
    });
  }

  /** To be called after going back. Versions are used a second time from now on, so a new epoch begins, later than any before. */
  restored(): Outcome<{ epoch: number; version: number }> {
    return this.#answer(() => {
      const restored = this.#operator.beginEpoch();
      // An assistant that was made public after that time is unknown here and must not stay open: `maintain` sweeps it.
      void this.maintain();
      return restored;
    });
  }

  /** A round of upkeep now, whenever the next is planned. */
  maintain(): Promise<Outcome<{ more: boolean }>> {
    return this.#answerLater(() => this.#upkeep.run());
  }

  // For the platform

  /** Only for `GET /v1/updates` and `GET /v1/events/stream`: a method cannot answer with a WebSocket or a stream. */
  override async fetch(request: Request): Promise<Response> {
    const session = request.headers.get(SESSION_HEADER) ?? "";
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === new URL(EVENTS_ADDRESS).pathname) {
      const opened = this.#answer(() => this.#events.stream(session, searchParams.get("after")));
      return "value" in opened ? opened.value : problemResponse(opened.problem);
    }
    const accepted = this.#answer(() => {
      const user = this.#sessions.signedIn(session, clock());
      return this.#updates.accept({ session, user, expires: this.#sessions.expires(session) }, this.#history.directory);
    });
    return "value" in accepted ? new Response(null, { status: 101, webSocket: accepted.value }) : problemResponse(accepted.problem);
  }

  override webSocketMessage(socket: WebSocket): void {
    this.#updates.received(socket);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#updates.closed(socket, code);
  }

  /** Closes sockets of expired sessions, sends events, writes for the gate what a crash or a failed write left, and looks after the rest. */
  override async alarm(): Promise<void> {
    this.#alarm.rang();
    this.#updates.closeExpired(clock());
    this.#updates.planExpiry();
    if (this.#startProblem || !this.#history.founded) return;
    this.#deliverer.run();
    void this.#webhooks.tellManagers();
    await this.#gate.publishWhenDue();
    await this.#upkeep.runWhenDue();
  }

  // Shared by the methods above

  /** Tells open pages and the gate about a commit. */
  #announce({ gates, gone, signedOut }: Commit): void {
    // To all, those who lose access too: a page then asks at once and does not wait until its socket is closed.
    this.#updates.broadcast(this.#history.directory);
    for (const user of new Set([...gone, ...signedOut])) this.#updates.closeUser(user);
    this.#events.streams.wake();
    this.#deliverer.plan();
    if (gates.length === 0) return;
    this.#upkeep.plan();
    void this.#gate.publishWhenDue();
  }

  #answer<T>(work: () => T): Outcome<T> {
    return outcome(() => {
      if (this.#startProblem) throw this.#startProblem;
      return work();
    });
  }

  #answerLater<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    return asyncOutcome(async () => {
      if (this.#startProblem) throw this.#startProblem;
      return work();
    });
  }
}
