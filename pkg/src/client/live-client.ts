/** The client itself: joins schedule, state, connection, tabs and requests. The decisions on time are the schedule's, those on trust the verification's. */
import { systemClock } from "../lib/clock.js";
import { WicketgateError } from "../lib/error.js";
import { compareRevisions, laterOf, revisionClaims, type Revision } from "../lib/revision.js";
import type { Principal } from "../snapshot/principal.js";
import { DEFAULT_MAX_BYTES } from "../snapshot/opening.js";
import type { OpenSnapshot } from "../snapshot/snapshot.js";
import { Authority, SIGNED_OUT, abortedAfter, asError } from "./authority.js";
import { baseUrl } from "./connect-options.js";
import { Connection } from "./connection.js";
import { Listeners } from "./listeners.js";
import { Memory } from "./memory.js";
import { tabMessage } from "./messages.js";
import { Schedule } from "./schedule.js";
import { subjectOf } from "./subject.js";
import { close, follow, heldIn, isBehind, presentRevision, signOut, type Following, type State } from "./state.js";
import { Tabs } from "./tabs.js";
import type { ConnectOptions, Freshness, Live, LiveEvents } from "./types.js";
import { fetchUpdate } from "./update.js";
import { VerifiedSnapshot, type Signed } from "./verification.js";

/** Seconds that the authority has for an answer. */
const ANSWER_TIMEOUT = 60;

export class LiveClient implements Live {
  readonly #options: ConnectOptions;
  readonly #base: URL;
  readonly #authority: Authority;
  readonly #memory: Memory;
  readonly #connection: Connection;
  readonly #schedule = new Schedule(() => Math.random());
  readonly #listeners = new Listeners();
  #state: State = { phase: "starting" };

  /** Aborts when the client is closed: removes the listeners on the page and on the caller's signal. */
  readonly #closing = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The request under way: at most one. */
  #flight: Promise<WicketgateError | undefined> | undefined;
  #request: AbortController | undefined;
  /** Ends the wait before another attempt to connect. */
  #endWait: (() => void) | undefined;
  /** Whether a failure of the storage was announced. */
  #storageReported = false;

  /** @throws {WicketgateError} `invalid_options` */
  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#base = baseUrl(options.url);
    const { keys, fetch, maxBytes = DEFAULT_MAX_BYTES, token } = options;
    const now = () => (options.now ?? systemClock.now)();
    this.#authority = new Authority({ base: this.#base, fetch, now, maxBytes, keys, token });
    this.#memory = new Memory(options.storage, now, (error) => {
      if (!this.#following || this.#storageReported) return;
      this.#storageReported = true;
      this.#listeners.emit("error", error);
    });
    this.#connection = new Connection(this.#base, options.WebSocket, token, {
      announced: (revision) => this.#announced(revision),
      nonsense: () => this.#nonsense(),
      lost: (crowded) => this.#lost(crowded),
      sessionEnded: () => this.#signOut(new WicketgateError("not_signed_in", "the session has ended")),
    });
  }

  /** The state, while it is the one that follows. */
  get #following(): Following | undefined {
    return this.#state.phase === "following" ? this.#state : undefined;
  }

  // The interface.

  /** Makes the first attempts, until one succeeds or fails for good. Returns the error of the last one. */
  async start(): Promise<WicketgateError | undefined> {
    const { signal } = this.#closing;
    this.#options.signal?.addEventListener("abort", () => this.close(), { signal });
    globalThis.document?.addEventListener("visibilitychange", this.#visibilityChanged, { signal });
    globalThis.addEventListener?.("online", this.#retryNow, { signal });
    for (;;) {
      const error = await this.#ask();
      if (error?.code !== "unreachable" || this.#authority.refuses || signal.aborted) return error;
      this.#options.onRetry?.(error);
      await new Promise<void>((resolve) => {
        this.#endWait = resolve;
        this.#timer = setTimeout(resolve, this.#schedule.retryDelay() * 1000);
      });
      if (signal.aborted) return error;
    }
  }

  get snapshot(): OpenSnapshot {
    return heldIn(this.#state)!.snapshot;
  }

  get me(): Principal {
    return heldIn(this.#state)!.me;
  }

  get version(): number {
    return this.snapshot.version;
  }

  get freshness(): Freshness {
    const now = this.#memory.time();
    if (!this.#following || !(now < this.snapshot.expiresAt)) return "expired";
    return isBehind(this.#state) || this.#schedule.isStale(now) ? "stale" : "fresh";
  }

  get clockOffset(): number {
    return this.#memory.offset;
  }

  on<Event extends keyof LiveEvents>(event: Event, listener: (...args: LiveEvents[Event]) => void): () => void {
    return this.#listeners.add(event, listener);
  }

  async refresh(): Promise<void> {
    // A request under way may have begun before the change that the caller waits for.
    await this.#flight;
    if (this.#state.phase === "closed") throw new WicketgateError("freed", "the live client was closed");
    const error = await this.#ask(true);
    if (error !== undefined) throw error;
  }

  close(): void {
    this.#closing.abort();
    this.#stop();
    this.#state = close(this.#state);
    this.#listeners.clear();
    this.#endWait?.();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get [Symbol.toStringTag](): string {
    return `Live ${this.freshness}`;
  }

  // Time.

  #tick = (): void => {
    if (!this.#following) return;
    this.#memory.advance();
    const now = this.#memory.time();
    if (this.#schedule.dialDue(now)) {
      if (this.#connection.isOpen) this.#lost(false);
      else this.#dial();
    }
    if (this.#schedule.askDue(now)) {
      this.#schedule.asking();
      void this.#ask();
    }
    if (this.#schedule.changeDue(now)) {
      this.#schedule.changeAt(this.snapshot.validity(now).until);
      this.#listeners.emit("change");
    }
    this.#plan();
  };

  /** Announces the freshness and the clock's offset if they have changed, and sets the timer for the next step. */
  #plan(): void {
    this.#listeners.announceFreshness(this.freshness);
    this.#listeners.announceOffset(this.clockOffset);
    clearTimeout(this.#timer);
    if (this.#following) this.#timer = setTimeout(this.#tick, this.#schedule.wait(this.#memory.time()));
  }

  /** The page was shown or hidden. */
  #visibilityChanged = (): void => {
    if (!this.#following) return;
    if (document.visibilityState === "hidden") return this.#memory.advance();
    if (this.#schedule.isDown) return this.#retryNow();
    const now = this.#memory.time();
    if (this.#schedule.isQuiet(now)) this.#schedule.askBy(now);
    this.#tick();
  };

  /** The network is back, or another page's session has changed: asks and dials at once. */
  #retryNow = (): void => {
    this.#endWait?.();
    const following = this.#following;
    if (!following) return;
    const now = this.#memory.time();
    this.#schedule.retryNow(now);
    if (following.tabs?.leads) this.#redial(now);
    this.#tick();
  };

  // Requests.

  /** Fetches the newest facts, one request at a time. `looks`: even if no newer version is known. Returns the error if it failed. */
  #ask(looks = false): Promise<WicketgateError | undefined> {
    return (this.#flight ??= this.#attempt(looks).finally(() => (this.#flight = undefined)));
  }

  async #attempt(looks: boolean): Promise<WicketgateError | undefined> {
    const request = (this.#request = abortedAfter(ANSWER_TIMEOUT));
    const before = this.#revisions();
    this.#schedule.asking();
    this.#authority.refuses = false;
    try {
      await this.#update(looks, request.signal);
      this.#setReachable(true);
      const now = this.#memory.time();
      // Another tab's announcement has been asked for: from here on the authority's own counts.
      const following = this.#following;
      if (following && compareRevisions(following.known, before.known) === 0) following.known = this.#connection.announced;
      const { present, announced } = this.#revisions();
      const progress = compareRevisions(present, before.present) > 0 || compareRevisions(announced, before.announced) > 0;
      this.#schedule.answered(now, isBehind(this.#state), progress);
      // A connection that has not announced this version may be dead without a sign of it.
      if (!looks && this.#connection.works && compareRevisions(present, announced) > 0) this.#redial(now);
      return undefined;
    } catch (thrown) {
      const error = asError(thrown);
      if (this.#request !== request) return error; // Signed out or closed meanwhile.
      if (SIGNED_OUT.includes(error.code)) {
        this.#signOut(error);
      } else {
        this.#schedule.failed(this.#memory.time());
        this.#setReachable(false);
        if (this.#following) this.#listeners.emit("error", error);
      }
      return error;
    } finally {
      request.abort(); // Ends its timer.
      this.#plan();
    }
  }

  #revisions(): Record<"present" | "known" | "announced", Revision> {
    const present = presentRevision(this.#state);
    const { announced } = this.#connection;
    return { present, announced, known: this.#following?.known ?? present };
  }

  async #update(looks: boolean, signal: AbortSignal): Promise<void> {
    const following = this.#following;
    const present = presentRevision(this.#state);
    const etag = following?.etag;
    const renew = this.#schedule.renewDue(this.#memory.time());
    const wantsDelta = following !== undefined && (looks || renew || isBehind(following) || etag === undefined);
    const accepted = await fetchUpdate(
      this.#authority,
      subjectOf(this.#options),
      { version: present.version, etag, wantsDelta, renew },
      {
        overtaken: () => compareRevisions(presentRevision(this.#state), present) !== 0,
        apply: (signed) => this.#apply(signed),
        install: (signed, tag) => this.#install(signed, tag),
        refused: (error) => this.#listeners.emit("error", error),
      },
      signal,
    );
    if (accepted !== undefined) this.#following?.tabs?.post({ ...revisionClaims(presentRevision(this.#state)), ...accepted });
  }

  // Verified documents.

  #apply(signed: Signed): void {
    const following = this.#following;
    if (!following) return;
    const wasExpired = this.freshness === "expired";
    const changed = following.held.apply(signed);
    following.etag = undefined;
    this.#accepted(wasExpired || changed);
  }

  #install(signed: Signed, etag: string | undefined): void {
    const held = new VerifiedSnapshot(signed, this.#options, this.#base.href, this.#memory, this.#following?.held.identity);
    this.#state = follow(this.#state, held, etag);
    this.#accepted(true);
  }

  #accepted(changed: boolean): void {
    const now = this.#memory.time();
    const { snapshot } = this;
    this.#schedule.accepted(now, snapshot.expiresAt, snapshot.validity(now).until, isBehind(this.#state));
    this.#setReachable(true);
    if (changed) this.#listeners.emit("change");
    // A listener may have closed the client.
    const following = this.#following;
    if (following) following.tabs ??= this.#join(following.held.identity);
    this.#plan();
  }

  // The connection and the other tabs.

  #join(identity: string): Tabs {
    const { audience, crossTab = "location" in globalThis } = this.#options;
    const lead = () => {
      this.#dial();
      this.#plan();
    };
    const name = `wicketgate:${JSON.stringify([this.#base.href, audience, identity])}`;
    return new Tabs(name, crossTab, lead, (message) => this.#received(message));
  }

  /** Another page has sent this. Its token is verified like any other; the rest is a reason to ask the authority, nothing more. */
  #received(data: unknown): void {
    const following = this.#following;
    if (!following) return;
    const message = tabMessage(data);
    if (message === undefined) return this.#nonsense();
    const { revision, token, delta, down, out } = message;
    if (out) return this.#retryNow();
    const now = this.#memory.time();
    if (down) this.#schedule.unreachable(now);
    else this.#setReachable(true);
    if (revision !== undefined && this.#isNews(revision)) this.#schedule.askSoon(now);
    try {
      const { keys } = this.#authority;
      if (token !== undefined && delta) this.#apply({ token, keys });
      else if (token !== undefined && compareRevisions(revision!, presentRevision(following)) > 0)
        this.#install({ token, keys }, undefined);
    } catch {
      // The scheduled request fetches it from the authority.
    }
    this.#plan();
  }

  /** A message that makes no sense may be news all the same: asks soon. */
  #nonsense(): void {
    if (this.#flight === undefined) this.#schedule.askSoon(this.#memory.time());
    this.#plan();
  }

  /** Notes an announced revision. Returns whether it has to be asked for. */
  #isNews(revision: Revision): boolean {
    const following = this.#following;
    if (following) following.known = laterOf(following.known, revision);
    return isBehind(this.#state) && this.#flight === undefined;
  }

  /** The authority has announced a revision on the connection. */
  #announced(revision: Revision): void {
    this.#schedule.connected();
    this.#setReachable(true);
    this.#following?.tabs?.post(revisionClaims(revision));
    if (this.#flight === undefined) this.#schedule.askByRenewal();
    if (this.#isNews(revision)) this.#schedule.askBy(this.#memory.time());
    this.#tick();
  }

  #dial(): void {
    this.#schedule.dialling(this.#memory.time());
    this.#connection.dial();
  }

  /** Replaces the connection at the next tick. */
  #redial(now: number): void {
    this.#connection.hangUp();
    this.#schedule.dialNow(now);
  }

  /** The connection is gone or could not be opened: asks once, and dials again later. */
  #lost(crowded: boolean): void {
    const now = this.#memory.time();
    if (!this.#connection.works && !this.#schedule.hasFailed && this.#flight === undefined) this.#schedule.askBy(now);
    this.#connection.hangUp();
    this.#setReachable(false);
    this.#schedule.lost(now, crowded);
    this.#plan();
  }

  /** The authority answers, or does not. The leader tells the other pages, because only it has the connection. */
  #setReachable(reachable: boolean): void {
    const now = this.#memory.time();
    const tabs = this.#following?.tabs;
    const changed = reachable ? this.#schedule.reached(now) : this.#schedule.unreachable(now);
    if (changed && tabs?.leads) tabs.post({ down: !reachable });
  }

  // The end.

  #signOut(reason: WicketgateError): void {
    const following = this.#following;
    if (!following) return;
    following.tabs?.post({ out: true });
    this.#stop();
    this.#state = signOut(following);
    this.#listeners.emit("change");
    this.#plan();
    // Last, so that a page that shows its sign-in form here keeps showing it.
    this.#listeners.emit("signedOut", reason);
  }

  /** Ends everything that would go on: request, timer and connection. */
  #stop(): void {
    this.#memory.advance();
    this.#request?.abort();
    this.#request = undefined;
    clearTimeout(this.#timer);
    this.#connection.hangUp();
    this.#schedule.stopped();
  }
}
