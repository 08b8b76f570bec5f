// The authority of one organization: a Durable Object that holds its Directory in memory and its events on SQLite storage.
// Everything that changes goes through `#commit`, which does not await: nothing comes between deciding, writing and applying.
import { DurableObject } from "cloudflare:workers";
import type { JwkSet } from "wicketgate";
import {
  type Actor,
  type Command,
  type CommandResult,
  detach,
  Directory,
  init,
  issue,
  normalAddress,
  type Preview,
  type ReadAddress,
  readAddress,
  type SetPlan,
  verifyChain,
} from "wicketgate/authority";
import { GATE_AUDIENCE, MEMBER_AUDIENCE } from "../audiences";
import { SESSIONS_OF_ONE } from "../bounds";
import type { Detached, Tagged } from "../http/detached";
import { sha256 } from "../digest";
import type { Env } from "../env";
import { GateSnapshots } from "./gate-snapshots";
import { Keys, type KeyState } from "./keys";
import { requireMail } from "./mail-bounds";
import { ACTIVITY, GATE, GATE_HEAD, MEMBER, MEMBER_WINDOW, SESSION } from "../lifetimes";
import { type Outcome, Problem, problemOf, problemResponse, report } from "../problem";
import { Reviews } from "./reviews";
import { type State, Storage } from "./storage";
import { Updates } from "./updates";
import type { AuditPage, CommandAnswer, DirectoryAnswer, Review, SessionAnswer } from "../wire";

/**
 * The state is saved when what was written since outweighs it, so that saving costs at most as much as the events did and
 * starting reads at most twice the state; and not for fewer events than these, so that a small organization does not save at every one.
 */
const MIN_EVENTS_BETWEEN_STATES = 256;

/** UTF-16 units of one page of the audit log, besides the number of events that the reader asks for. */
const AUDIT_PAGE = 4 * 1024 * 1024;

/** Milliseconds until what could not be written for the gate is tried again. */
const GATE_RETRY = 5000;

export interface CommandRequest {
  command: Command;
  ifVersion?: number;
  /** Digests: of the key that the client chose, and of what it sent. */
  idempotency?: { key: string; body: string };
}

/** What must be mailed after a command; the token is nowhere else. */
export interface InvitationMail {
  email: string;
  token: string;
  invitedBy: string;
  expires: number;
}

/** Somebody whom the identity provider vouches for. */
export interface Identity {
  issuer: string;
  subject: string;
  /** Verified. */
  email: string;
}

export class Organization extends DurableObject<Env> {
  readonly #storage: Storage;
  readonly #updates: Updates;
  readonly #gate: GateSnapshots;
  readonly #reviews: Reviews;
  #keys!: Keys;
  /** Absent until the organization is founded. */
  #directory: Directory | undefined;
  /** Why nothing is served. */
  #fault: Problem | undefined;
  #unsaved = { events: 0, bytes: 0 };
  #savedBytes = 0;
  #saving = false;
  /** The last overview that was signed. It is large, and the same for all who see it: whenever something changes, all of them ask. */
  #overview: Tagged | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = new Storage(ctx.storage.sql);
    this.#updates = new Updates(ctx);
    this.#gate = new GateSnapshots(env.GATE, this.#storage, {
      isPublic: (assistant) => this.#founded().isPublic(assistant),
      sign: (assistant) => this.#signGate(assistant, clock()),
    });
    this.#reviews = new Reviews(this.#storage);
    void ctx.blockConcurrencyWhile(() => this.#load());
  }

  // What the Worker asks

  publishedKeys(): Outcome<JwkSet> {
    return this.#answer(() => {
      if (this.#fault) throw this.#fault;
      return this.#keys.published();
    });
  }

  session(session: string): Outcome<SessionAnswer> {
    return this.#answer(() => {
      const user = this.#signedIn(session, clock());
      const { role, status } = this.#founded().user(user) ?? absent();
      return { user, role, status };
    });
  }

  endSession(session: string): Outcome<null> {
    return this.#answer(() => {
      if (this.#fault) throw this.#fault;
      this.#storage.deleteSession(session);
      this.#updates.closeSession(session);
      return null;
    });
  }

  /** All sessions of whoever's this is. */
  endSessions(session: string): Outcome<null> {
    return this.#answer(() => {
      if (this.#fault) throw this.#fault;
      const row = this.#storage.session(session);
      if (!row || row.ended || row.expires <= clock()) return null;
      this.#storage.endSessionsOf(row.user);
      this.#updates.closeUser(row.user);
      return null;
    });
  }

  /** The caller's snapshot, or only its entity tag where they have it. */
  snapshot(session: string, matches: string[]): Promise<Outcome<Tagged>> {
    return this.#answerLater(async () => {
      const now = clock();
      const user = this.#present(session, now);
      const { etag, sign } = this.#tagged({ member: user }, user, now);
      return matches.includes(etag) ? { etag } : { etag, token: await sign() };
    });
  }

  /** The whole organization for a global admin, as {@link Organization.snapshot}. */
  workspace(session: string, matches: string[]): Promise<Outcome<Tagged>> {
    return this.#answerLater(async () => {
      const now = clock();
      this.#requireEverything(this.#present(session, now));
      const { etag, sign } = this.#tagged("overview", "", now);
      if (matches.includes(etag)) return { etag };
      if (this.#overview?.etag !== etag) this.#overview = { etag, token: await sign() };
      return this.#overview;
    });
  }

  reviews(session: string): Outcome<Review[]> {
    return this.#answer(() => {
      this.#requireEverything(this.#signedIn(session, clock()));
      return this.#reviews.list();
    });
  }

  /** The organization as it was at a review, signed now. */
  review(session: string, version: number): Promise<Outcome<Detached>> {
    return this.#answerLater(async () => {
      const now = clock();
      this.#requireEverything(this.#signedIn(session, now));
      return detach(await issue(this.#reviews.facts(version), { ...this.#claims(now), version, scope: "overview" }));
    });
  }

  delta(session: string, from: number): Promise<Outcome<Detached>> {
    return this.#answerLater(async () => {
      const now = clock();
      const user = this.#present(session, now);
      return detach(this.#founded().delta(from, { ...this.#claims(now), scope: { member: user } }));
    });
  }

  head(session: string): Promise<Outcome<Detached>> {
    return this.#answerLater(async () => {
      const now = clock();
      this.#signedIn(session, now);
      return detach(this.#founded().headToken(this.#claims(now)));
    });
  }

  view(session: string): Outcome<DirectoryAnswer> {
    return this.#answer(() => {
      const now = clock();
      const directory = this.#founded();
      const actor = { user: this.#signedIn(session, now) };
      const view = directory.view(actor, now);
      // Those who are told addresses.
      const administers = (["user.invite", "panel.user_settings"] as const).some(
        (capability) => !directory.denied(actor, capability, undefined, now),
      );
      if (!administers) return view;
      const shown = new Set(view.organization.users?.map(({ id }) => id));
      const seen = this.#storage.activity().filter(({ user }) => shown.has(user));
      return { ...view, activity: Object.fromEntries(seen.map(({ user, at }) => [user, at])) };
    });
  }

  /** A page of the audit log. What is shown has been verified, from the event before it on. */
  audit(session: string, after: number, limit: number): Promise<Outcome<AuditPage>> {
    return this.#answerLater(async () => {
      const now = clock();
      this.#requireAuditView(this.#signedIn(session, now), now);
      const last = this.#founded().version;
      const events = [...this.#storage.events(after, limit, AUDIT_PAGE)];
      const [before] = after > 0 ? this.#storage.events(after - 1, 1) : [];
      if (events.some(({ version }, index) => version !== after + 1 + index) || (events.length === 0 && after < last))
        throw tampered();
      if (events.length === 0) return { events };
      const head = await verifyChain(events, before && sha256(before.text));
      const reached = after + events.length;
      if (reached === last && head !== this.#storage.head()?.hash) throw tampered();
      return { events: events.map(({ version, text }) => ({ version, text })), ...(reached < last && { next: reached }) };
    });
  }

  execute(session: string, request: CommandRequest): Outcome<{ answer: CommandAnswer; invitation?: InvitationMail }> {
    return this.#answer(() => {
      const now = clock();
      const user = this.#present(session, now);
      const { command, ifVersion, idempotency } = request;
      if (idempotency) {
        const earlier = this.#storage.answer(user, idempotency.key, now);
        if (earlier?.body === idempotency.body) return { answer: JSON.parse(earlier.answer) as CommandAnswer };
        if (earlier) throw new Problem("idempotency_conflict", "another command was sent with this `Idempotency-Key`");
      }
      const { version } = this.#founded();
      if (ifVersion !== undefined && ifVersion !== version) {
        throw new Problem("version_conflict", `the organization is at version ${version}, not at ${ifVersion}`);
      }
      const { token, email, ...result } = this.#commit({ user }, command, now, (next, { token, email, key, ...kept }) => {
        if (email !== undefined) requireMail(this.#storage, addressDigest(email), user, now);
        if (idempotency)
          this.#storage.insertAnswer(user, idempotency.key, idempotency.body, JSON.stringify({ version: next, result: kept }), now);
      });
      const answer = { version: this.#founded().version, result };
      if (token === undefined || email === undefined) return { answer };
      const expires =
        this.#founded()
          .invitations()
          .find((invitation) => invitation.user === result.user)?.expires ?? now;
      return { answer, invitation: { token, email, invitedBy: user, expires } };
    });
  }

  /** What a command would change for whom, as far as the caller may know; nothing is done. */
  preview(session: string, command: Command): Outcome<Preview> {
    return this.#answer(() => {
      const now = clock();
      return this.#founded().preview({ user: this.#present(session, now) }, command, { now });
    });
  }

  /** What somebody wrote into a window, read by the rules for addresses; says nothing of who has them. */
  addresses(session: string, written: string[]): Outcome<{ addresses: ReadAddress[] }> {
    return this.#answer(() => {
      this.#signedIn(session, clock());
      return { addresses: written.map(readAddress) };
    });
  }

  /** Who this is, and a session for them; makes, links or founds where this is the first time. */
  signIn(
    identity: Identity,
    session: string,
    earlier: string | undefined,
    invitation: string | undefined,
  ): Promise<Outcome<{ user: string }>> {
    return this.#answerLater(async () => {
      if (!this.#directory) await this.#foundFor(identity);
      const now = clock();
      const user = this.#identify(identity, invitation, now);
      const over = this.ctx.storage.transactionSync(() => {
        if (earlier) this.#storage.deleteSession(earlier);
        this.#storage.insertSession(session, user, now, now + SESSION);
        this.#storage.see(user, now);
        return this.#storage.endOldestSessions(user, session, SESSIONS_OF_ONE);
      });
      if (earlier) over.push(earlier);
      for (const one of over) this.#updates.closeSession(one);
      return { user };
    });
  }

  // What the operator and the schedule ask

  /** Sets up an empty organization. */
  found(facts: string): Promise<Outcome<{ version: number }>> {
    return this.#answerLater(async () => {
      await this.#found(facts);
      return { version: this.#founded().version };
    });
  }

  /** Sets what the organization has bought; whatever was withheld until now does not matter. */
  setPlan(plan: SetPlan): Outcome<{ version: number }> {
    return this.#answer(() => {
      this.#commit("system", { ...plan, type: "set_plan" }, clock());
      return { version: this.#founded().version };
    });
  }

  rotateKeys(atOnce: boolean): Promise<Outcome<{ keys: KeyState[] }>> {
    return this.#answerLater(async () => {
      if (this.#fault) throw this.#fault;
      const keys = await this.#keys.rotate(clock(), atOnce);
      if (atOnce) {
        this.#storage.markWholeGate();
        void this.#publishWhenDue();
      }
      return { keys };
    });
  }

  /** Has the platform put the storage back to what it was then (Unix seconds), and stops: the caller is not answered. */
  goBack(at: number): Promise<Outcome<never>> {
    return this.#answerLater(async () => {
      try {
        await this.ctx.storage.onNextSessionRestoreBookmark(await this.ctx.storage.getBookmarkForTime(at * 1000));
      } catch (error) {
        report(error);
        throw new Problem("unavailable", "the platform cannot put the storage back to that time");
      }
      return this.ctx.abort("the storage goes back to an earlier state") as never;
    });
  }

  /** Versions are used a second time from now on: begins an epoch, which no earlier going back can have begun. */
  restored(): Outcome<{ epoch: number; version: number }> {
    return this.#answer(() => {
      const directory = this.#founded();
      const now = clock();
      this.#commit("system", { type: "begin_epoch", epoch: Math.max(directory.epoch + 1, now) }, now, () =>
        this.#storage.markWholeGate(),
      );
      // What was made public after that time is not known here, and must not stay open.
      void this.maintain();
      const { epoch, version } = directory;
      return { epoch, version };
    });
  }

  gateSnapshot(assistant: string): Promise<Outcome<Detached>> {
    return this.#answerLater(async () => {
      this.#requirePublic(assistant);
      return detach(this.#signGate(assistant, clock()));
    });
  }

  /** From which version on a snapshot of a public assistant is current. */
  gateHead(assistant: string): Promise<Outcome<Detached>> {
    return this.#answerLater(async () => {
      this.#requirePublic(assistant);
      const directory = this.#founded();
      // Where nothing is written down, the present version: with that, a gate asks once too often, and never too rarely.
      const version = this.#storage.gateVersion(assistant) ?? directory.version;
      return detach(
        directory.headToken({ ...this.#gateClaims(clock()), expiresIn: GATE_HEAD, assistant: { id: assistant, version } }),
      );
    });
  }

  /** What the schedule does: renews what is going to expire and drops what nobody needs. To be called again while there is more. */
  maintain(): Promise<Outcome<{ more: boolean }>> {
    return this.#answerLater(async () => {
      if (this.#fault) throw this.#fault;
      const now = clock();
      this.#storage.tidy(now);
      this.#keys.tidy(now);
      if (!this.#directory) return { more: false };
      const more = await this.#gate.publish();
      if (!more) await this.#gate.sweep();
      return { more };
    });
  }

  // What the platform asks

  /** Only for `GET /v1/updates`: a WebSocket cannot be answered by a method. */
  override async fetch(request: Request): Promise<Response> {
    const outcome = this.#answer(() => {
      const session = request.headers.get(SESSION_HEADER) ?? "";
      const user = this.#signedIn(session, clock());
      const { expires } = this.#storage.session(session) ?? absent();
      return this.#updates.accept({ session, user, expires }, this.#founded());
    });
    return "value" in outcome ? new Response(null, { status: 101, webSocket: outcome.value }) : problemResponse(outcome.problem);
  }

  override webSocketMessage(socket: WebSocket): void {
    this.#updates.heard(socket);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#updates.closed(socket, code);
  }

  /** Writes for the gate what a crash or a failing store left, and closes sockets whose sessions have run out. */
  override async alarm(): Promise<void> {
    this.#updates.closeExpired(clock());
    this.#updates.woken();
    if (this.#directory) await this.#publishWhenDue();
  }

  // Starting

  async #load(): Promise<void> {
    try {
      this.#keys = await Keys.load(this.#storage, this.env.SIGNING_KEY, clock());
      await this.#updates.load();
      this.#directory = await this.#restore();
      if (this.#directory) void this.#publishWhenDue();
    } catch (error) {
      const problem = problemOf(error);
      console.error(`authority: nothing is served: ${problem.code}`);
      this.#fault = error instanceof Problem ? error : new Problem(problem.code, problem.title);
    }
  }

  /** The saved state and the events after it, or all events; anything that does not fit together is tampering. */
  async #restore(): Promise<Directory | undefined> {
    const head = this.#storage.head();
    const state = this.#storage.state();
    const after = state?.version ?? 0;
    const events = [...this.#storage.events(after)];
    if (!head && !state && events.length === 0) return undefined;
    try {
      const directory = state ? await this.#restoreState(state) : await Directory.begin(events[0] ?? absent());
      for (const event of state ? events : events.slice(1)) directory.apply(event);
      if (directory.version !== head?.version || directory.head !== head.hash) throw tampered();
      this.#savedBytes = state?.text.length ?? 0;
      this.#unsaved = {
        events: events.length,
        bytes: events.reduce((sum, { text, sealed }) => sum + text.length + sealed.length, 0),
      };
      return directory;
    } catch (error) {
      report(error);
      throw tampered();
    }
  }

  /** A state fits its own digest, and the event that it stands at. */
  async #restoreState({ version, digest, text }: State): Promise<Directory> {
    const [event] = this.#storage.events(version - 1, 1);
    if (sha256(text) !== digest || event?.version !== version) throw tampered();
    const directory = await Directory.restore(text);
    if (directory.version !== version || directory.head !== sha256(event.text)) throw tampered();
    return directory;
  }

  /** The first sign-in of the person whom the operator named. */
  async #foundFor({ email }: Identity): Promise<void> {
    if (this.#fault) throw this.#fault;
    await init();
    const address = normalAddress(email);
    if (this.env.FOUNDER === undefined || address === undefined || address !== normalAddress(this.env.FOUNDER)) throw notFounded();
    await this.#found(JSON.stringify({ id: this.env.ORGANIZATION, users: [{ id: "founder", role: "global_admin", email }] }));
  }

  async #found(facts: string): Promise<void> {
    if (this.#fault) throw this.#fault;
    const { directory, event } = await Directory.found(facts, { now: clock() });
    if (directory.organization !== this.env.ORGANIZATION) {
      throw new Problem("invalid_facts", `id: must be \`${this.env.ORGANIZATION}\`, which this authority is for`, { path: "id" });
    }
    // After the last wait: from here on nobody comes in between.
    if (this.#directory) throw new Problem("already_founded", "the organization is there already");
    this.ctx.storage.transactionSync(() => {
      this.#storage.insertEvent(event, sha256(event.text));
      this.#storage.markGate(directory.publicAssistants(), event.version);
      // At once: the first event is as large as the organization, and waking would replay it until there are many more.
      this.#save(directory);
    });
    this.#directory = directory;
    void this.#publishWhenDue();
  }

  // Changing

  /** Decides, writes and applies a command, all or nothing; then tells everybody. */
  #commit(
    actor: Actor,
    command: Command,
    now: number,
    alongside: (version: number, result: CommandResult) => void = () => {},
  ): CommandResult {
    const directory = this.#founded();
    const { event, result, gates, gone } = directory.decide(actor, command, { now });
    let applied = false;
    try {
      this.ctx.storage.transactionSync(() => {
        this.#storage.insertEvent(event, sha256(event.text));
        this.#storage.markGate(gates, event.version);
        alongside(event.version, result);
        this.#remember(command, result, event.version);
        // After everything else that is written: whoever removes themselves leaves no answer behind.
        for (const user of gone) this.#storage.forget(user);
        // Last, so that nothing is applied that was not written; and within, so that nothing stays written that cannot be applied.
        directory.apply(event);
        applied = true;
      });
    } catch (error) {
      // The memory is ahead of the disk: start again from the disk.
      if (applied) this.ctx.abort("an event could not be written");
      throw error;
    }

    // Those who lose access hear of it, too: a page asks at once, and need not wait until its socket is torn down.
    this.#updates.broadcast(directory);
    const out = command.type === "suspend_user" || command.type === "sign_out_user" ? [...gone, command.user] : gone;
    for (const user of out) this.#updates.closeUser(user);
    void this.#publishWhenDue();
    this.#unsaved.events += 1;
    this.#unsaved.bytes += event.text.length + event.sealed.length;
    this.#saveWhenDue();
    return result;
  }

  /** After the answer, not in its way. */
  #saveWhenDue(): void {
    const due = this.#unsaved.events >= MIN_EVENTS_BETWEEN_STATES && this.#unsaved.bytes > this.#savedBytes;
    if (!due || this.#saving) return;
    this.#saving = true;
    setTimeout(() => {
      try {
        this.#save(this.#founded());
      } catch (error) {
        report(error);
      } finally {
        this.#saving = false;
      }
    });
  }

  #save(directory: Directory): void {
    const text = directory.dump();
    this.ctx.storage.transactionSync(() => this.#storage.saveState({ version: directory.version, digest: sha256(text), text }));
    this.#savedBytes = text.length;
    this.#unsaved = { events: 0, bytes: 0 };
  }

  /** What the Directory does not keep: what sign-in has to know, and what the organization was like at a review. */
  #remember(command: Command, { user }: CommandResult, version: number): void {
    switch (command.type) {
      case "suspend_user":
      case "sign_out_user":
        this.#storage.endSessionsOf(command.user);
        break;
      case "remove_user": {
        const email = this.#founded().user(command.user)?.email;
        if (email !== undefined) this.#storage.remember(addressDigest(email));
        break;
      }
      case "accept_invitation":
      case "join":
        this.#storage.remember(accountDigest(command), user);
        break;
      case "link_account":
        this.#storage.remember(accountDigest(command), command.user);
        break;
      case "complete_review":
        // A review changes nothing: the facts before it are those after it.
        this.#reviews.keep(version, this.#founded().facts());
        break;
    }
  }

  /** Who the account belongs to. */
  #identify(identity: Identity, invitation: string | undefined, now: number): string {
    const directory = this.#founded();
    const { issuer, subject, email } = identity;
    if (invitation !== undefined) {
      this.#commit("system", { type: "accept_invitation", token: invitation, issuer, subject, email }, now);
    }
    const known = directory.account(issuer, subject);
    if (known !== undefined) {
      if (directory.user(known)?.status === "suspended") throw suspended();
      return known;
    }
    const expected = directory.userAt(email);
    if (expected === undefined) {
      // An account that was somebody's, or the address of somebody who was removed: only an invitation brings them back.
      const digests = [accountDigest(identity), addressDigest(email), earlierAddressDigest(email)];
      if (digests.some((digest) => this.#storage.remembers(digest))) throw removed();
    } else if (!this.#storage.hasAccount(expected)) {
      const { status } = directory.user(expected) ?? absent();
      if (status === "suspended") throw suspended();
      // Known by this address, and never signed in: the issuer vouches that it is them.
      if (status === "active") {
        this.#commit("system", { type: "link_account", user: expected, issuer, subject }, now);
        return expected;
      }
    }
    this.#commit("system", { type: "join", issuer, subject, email }, now);
    return directory.account(issuer, subject) ?? absent();
  }

  // Small things

  #answer<T>(work: () => T): Outcome<T> {
    try {
      return { value: work() };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  }

  async #answerLater<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    try {
      return { value: await work() };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  }

  #founded(): Directory {
    if (this.#fault) throw this.#fault;
    if (!this.#directory) throw notFounded();
    return this.#directory;
  }

  /** The user of a session, as they are now. */
  #signedIn(session: string, now: number): string {
    const directory = this.#founded();
    const row = this.#storage.session(session);
    if (!row || row.expires <= now) throw notSignedIn();
    const user = directory.user(row.user);
    if (!user) throw removed();
    if (user.status === "suspended") throw suspended();
    if (row.ended || user.status !== "active") throw notSignedIn();
    return row.user;
  }

  /** The same of somebody who does something, or whose page does: that is written down now and then. */
  #present(session: string, now: number): string {
    const user = this.#signedIn(session, now);
    const seen = this.#storage.seen(user);
    if (seen === undefined || seen + ACTIVITY <= now) this.#storage.see(user, now);
    return user;
  }

  #requireEverything(user: string): void {
    if (!this.#founded().holdsEverything({ user }))
      throw new Problem("not_allowed", "the whole organization is shown to global admins alone");
  }

  #requireAuditView(user: string, now: number): void {
    const denied = this.#founded().denied({ user }, "audit.view", undefined, now);
    if (denied) throw new Problem("not_allowed", "the audit log is not open to this person", { capability: "audit.view", denied });
  }

  #requirePublic(assistant: string): void {
    if (!this.#founded().isPublic(assistant)) throw new Problem("unknown_assistant", "no public assistant has this id");
  }

  /** A snapshot of what is now, to be signed if its reader does not have it. */
  #tagged(scope: "overview" | { member: string }, reader: string, now: number): { etag: string; sign: () => Promise<Detached> } {
    const directory = this.#founded();
    const { kid = "" } = this.#keys.signing(now);
    // Names all that the snapshot says but its times, and those to the window; the reader, where the address is everybody's.
    const etag = `"${reader}.${directory.state(now)}.${Math.floor(now / MEMBER_WINDOW)}.${encodeURIComponent(kid)}"`;
    return { etag, sign: () => detach(directory.snapshot({ ...this.#claims(now), scope })) };
  }

  #claims(now: number) {
    return { key: this.#keys.signing(now), issuer: this.env.ISSUER, audience: MEMBER_AUDIENCE, issuedAt: now, expiresIn: MEMBER };
  }

  #signGate(assistant: string, now: number): string {
    return this.#founded().snapshot({ ...this.#gateClaims(now), expiresIn: GATE, scope: { gate: [assistant] } });
  }

  #gateClaims(now: number) {
    return { ...this.#claims(now), audience: GATE_AUDIENCE };
  }

  /** Writes for the gate. The alarm comes back to it if that fails, if the object stops, and at once if there is more. */
  async #publishWhenDue(): Promise<void> {
    if (this.#storage.dueGate(clock(), 1).length === 0) return;
    this.#updates.wakeBy(Date.now() + GATE_RETRY);
    try {
      if (await this.#gate.publish()) this.#updates.wakeBy(Date.now());
    } catch (error) {
      report(error);
    }
  }
}

/** Carries the digest of the session from the Worker to the object. */
export const SESSION_HEADER = "Wicketgate-Session-Digest";

function clock(): number {
  return Math.floor(Date.now() / 1000);
}

function accountDigest({ issuer, subject }: { issuer: string; subject: string }): string {
  return sha256(JSON.stringify([issuer, subject]));
}

/** An address that somebody still has from before there was a normal form may have none: it is itself. */
function addressDigest(email: string): string {
  return sha256(normalAddress(email) ?? email);
}

/** What was remembered of addresses before there was a normal form. */
function earlierAddressDigest(email: string): string {
  return sha256(email.toLowerCase());
}

const notSignedIn = () => new Problem("not_signed_in", "nobody is signed in");
const removed = () => new Problem("removed_user", "this person is no longer in the organization");
const suspended = () => new Problem("suspended_user", "this person's access is suspended");
const notFounded = () => new Problem("not_founded", "the organization has not been set up");
const tampered = () => new Problem("tampered", "what is stored does not fit its own digests");

function absent(): never {
  throw new Error("what must be there is not");
}
