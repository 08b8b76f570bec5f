/// <reference lib="esnext.disposable" preserve="true" />
/**
 * A snapshot that follows the authority: {@link connect} gets it, verifies it and keeps it fresh, and denies when that is no longer possible.
 *
 * The answers decide what a page shows. Whatever serves data must check again.
 * @module wicketgate/client
 */
import { MAX_KEYS, MAX_PROBLEM, bodyOf, keysOf, parsed, refusalOf, signedOf } from "./lib/responses.js";
import { throwIfAborted } from "./lib/aborted.js";
import { revisionMessage, relayedOf } from "./client/messages.js";
import { Memory, type Arrival, type LiveStorage } from "./client/memory.js";
import { Tabs } from "./client/tabs.js";
import { inSeconds, systemClock } from "./lib/clock.js";
import { runtime } from "./core/checking.js";
import { WicketgateError, quote, type ErrorCode } from "./lib/error.js";
import { ownProperty, readOptions } from "./lib/options.js";
import { EARLIEST, compareRevisions, laterOf, revisionClaims, type Revision } from "./lib/revision.js";
import type { Fetch, Signal, Url } from "./lib/platform.js";
import type { Principal } from "./snapshot/principal.js";
import {
  DEFAULT_MAX_BYTES,
  openSync,
  type DetachedSnapshot,
  type OpenOptions,
  type OpenSnapshot,
  type Snapshot,
} from "./snapshot/snapshot.js";
import type { JwkSet } from "./wasm/wicketgate.js";

export type { LiveStorage };

/** How to follow an authority. In a page of the authority's origin, nothing is required. */
export interface ConnectOptions extends Pick<OpenOptions, "issuer" | "audience" | "organization" | "maxBytes"> {
  /** Where the authority is; the page's origin by default. */
  url?: string | Url;
  /** The keys that may have signed. By default the authority's, fetched, and once more when a key is unknown. */
  keys?: JwkSet;
  /** Where to remember the latest epoch, its highest version and the latest time seen, so that a later page takes nothing older. */
  storage?: LiveStorage | undefined;
  /** By default the platform's; one that adds credentials, for instance. */
  fetch?: Fetch;
  /** By default the platform's. Without one, the authority is asked from time to time. */
  WebSocket?: new (
    url: string,
  ) => LiveSocket;
  /** Tells the time in Unix seconds; by default the system's clock. */
  now?: () => number;
  /** Whether the pages of this origin share one connection, where the platform can; so by default in a browser. */
  crossTab?: boolean;
  /** Gives up connecting, and closes later. */
  signal?: Signal;
  /** Told of each attempt to connect that failed and is followed by another. */
  onRetry?: (error: WicketgateError) => void;
}

/** What is used of a `WebSocket`. */
export interface LiveSocket {
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  close(): void;
}

/**
 * `fresh`: as far as is known, there is nothing newer. `stale`: the authority is out of reach, or there is a version that could not be had
 * yet; the answers are the last known. `expired`: everything is denied.
 */
export type Freshness = "fresh" | "stale" | "expired";

/** What a {@link Live} tells, with what. */
export interface LiveEvents {
  /** Answers may have changed: ask again. */
  change: [];
  /** The freshness has changed to this. */
  freshness: [freshness: Freshness];
  /** It was found by how many seconds the computer's clock is ahead, or that it is right by now: see {@link Live.clockOffset}. */
  clock: [offset: number];
  /** Something failed that will be tried again, or was refused. */
  error: [error: WicketgateError];
  /**
   * The authority knows this person no more: `not_signed_in`, `removed_user`, `suspended_user`, or `other_user` when somebody else signed in.
   * Everything is denied, and the authority not asked again until {@link Live.refresh}.
   */
  signedOut: [reason: WicketgateError];
}

const EXPECTED = ["issuer", "audience", "organization"] as const;
const OPTIONS = [
  ...EXPECTED,
  "maxBytes",
  "url",
  "keys",
  "storage",
  "fetch",
  "WebSocket",
  "now",
  "crossTab",
  "signal",
  "onRetry",
] as const;
/** The codes of a token that may be good at another time. */
const WRONG_TIME: readonly ErrorCode[] = ["expired", "not_yet_valid"];
/** The codes that end it. */
const SIGNED_OUT: readonly ErrorCode[] = ["not_signed_in", "removed_user", "suspended_user", "other_user"];
/** The close code of a connection whose session has ended. */
const SESSION_ENDED = 4401;
/** That of one which gave way to the person's others: it is not to come back at once. */
const TOO_MANY = 4429;
/** Seconds that the authority has for an answer, and for the first word on a connection. */
const PATIENCE = 60;
const FIRST_WORD = 10;
/** Seconds after which the authority is asked again at the latest: between attempts, and when all is well. */
const MOST_BETWEEN = 60;
const MOST_UNASKED = 1200;
/** Seconds by which the clock's offset has to change to be told of again. */
const NOTICED = 5;
/** Statuses under 500 that a later attempt may not be answered with. */
const PASSING = [408, 425, 429];
/** A time at which everything has expired. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** `localStorage`, or nothing where the browser forbids it. */
export function localStorageOf(page: { readonly localStorage: LiveStorage } = globalThis): LiveStorage | undefined {
  try {
    return page.localStorage;
  } catch {
    return undefined;
  }
}

/**
 * Gets the snapshot of whoever is signed in, and follows the authority from then on. While the authority is out of reach (no answer, or a status
 * of 408, 425, 429 or 500 and more), it goes on trying, less and less often, until `signal` aborts. Everything else ends it at once.
 * @throws {WicketgateError} `not_signed_in`, `removed_user`, `suspended_user`; `unreachable` for other statuses; `malformed`, `too_large` and the
 * codes of opening; `rolled_back` for less than what the storage remembers. If `signal` aborts, its reason.
 */
export async function connect(options: ConnectOptions = {}): Promise<Live> {
  const asked = readOptions(options, OPTIONS);
  for (const name of EXPECTED) {
    // Given as `undefined`, it was meant to be checked.
    if (name in asked && typeof asked[name] !== "string")
      throw new WicketgateError("invalid_options", `${name}: expected a string`, { path: name });
  }
  for (const name of ["fetch", "WebSocket", "now", "onRetry"] as const) {
    if (asked[name] !== undefined && typeof asked[name] !== "function")
      throw new WicketgateError("invalid_options", `${name}: expected a function`, { path: name });
  }
  if (asked.maxBytes !== undefined && !Number.isSafeInteger(asked.maxBytes))
    throw new WicketgateError("invalid_options", "maxBytes: expected an integer", { path: "maxBytes" });
  if (asked.now !== undefined) inSeconds(asked.now());
  const { signal } = asked;
  throwIfAborted(signal);
  const live = new Following(asked);
  const error = await live.start();
  throwIfAborted(signal);
  if (error === undefined) return live;
  live.close();
  throw error;
}

/** One person's snapshot, kept fresh. Made by {@link connect}. */
export interface Live {
  /** The present snapshot. Deltas change it in place; when it is replaced, the one before denies everything. */
  readonly snapshot: Snapshot;
  /** What the person may do now: `live.me.can("assistant.edit", "helper")`. */
  readonly me: Principal;
  /** The version of the facts. */
  readonly version: number;
  readonly freshness: Freshness;
  /**
   * By how many seconds the clock of this computer is ahead of the authority's, negative if it is behind; 0 as long as it is not known to be wrong.
   * Answers follow the corrected time.
   */
  readonly clockOffset: number;
  /** Calls the listener each time, until the function returned is called. */
  on<Event extends keyof LiveEvents>(event: Event, listener: (...told: LiveEvents[Event]) => void): () => void;
  /**
   * Asks the authority now: after a command of one's own, or after signing in again.
   * @throws {WicketgateError} as {@link connect} does; what there is stays, unless the person is signed out.
   */
  refresh(): Promise<void>;
  /** Follows no more, and denies everything. */
  close(): void;
  [Symbol.dispose](): void;
}

/** The one that follows an authority. */
class Following implements Live {
  #options: ConnectOptions;
  #base: URL;
  #expect: Pick<OpenOptions, (typeof EXPECTED)[number] | "maxBytes">;
  #keys: JwkSet | undefined;
  #listeners: { [Event in keyof LiveEvents]: Set<(...told: LiveEvents[Event]) => void> } = {
    change: new Set(),
    freshness: new Set(),
    clock: new Set(),
    error: new Set(),
    signedOut: new Set(),
  };
  #memory: Memory;
  /** Ends what close ends: listeners of the page, and of the signal. */
  #life = new AbortController();
  /** Whether it is at rest: not started, signed out or closed. */
  #idle = true;

  #snapshot: OpenSnapshot | undefined;
  #me: Principal | undefined;
  /** The present snapshot's clock. What is replaced or ended is sent to the end of time, so that nobody goes on with it. */
  #clock = { now: (): number => END_OF_TIME };
  /** Who it is for: issuer, organization and subject. */
  #whose: string | undefined;
  #etag: string | undefined;
  #told: Freshness = "expired";
  #toldOffset = 0;

  /** The latest facts that the authority or another tab told of, and those that the present connection did. */
  #known = EARLIEST;
  #vouched = EARLIEST;
  /** Since when the authority has been out of reach. */
  #downSince = Infinity;
  #contact = 0;
  /** Seconds that may pass out of reach, or between attempts. */
  #interval = MOST_BETWEEN;
  /** Attempts that failed in a row; whether the last one was refused, and another would be too. */
  #failures = 0;
  #refused = false;
  #drops = 0;

  /** When to do what next. */
  #changeAt = Infinity;
  #renewAt = Infinity;
  #askAt = Infinity;
  #dialAt = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  #flight: Promise<WicketgateError | undefined> | undefined;
  #request: AbortController | undefined;
  #tabs: Tabs | undefined;
  #leads = false;
  #socket: LiveSocket | undefined;
  /** Whether the authority has said something on it. */
  #spoke = false;
  /** Whether it was told that the storage fails. */
  #complained = false;

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#expect = Object.fromEntries(
      [...EXPECTED, "maxBytes" as const].filter((name) => name in options).map((name) => [name, options[name]]),
    );
    this.#keys = options.keys;
    const url = options.url ?? globalThis.location?.origin;
    try {
      this.#base = new URL(url as string | URL);
    } catch (cause) {
      throw new WicketgateError("invalid_options", `url: ${quote(url)} is no URL`, { path: "url", cause });
    }
    if (!this.#base.pathname.endsWith("/")) this.#base.pathname += "/";
    this.#memory = new Memory(options.storage, this.#own, (error) => this.#complain(error));
  }

  /** The first attempts; then follows the page and the signal. Returns why the last one failed. */
  async start(): Promise<WicketgateError | undefined> {
    const { signal } = this.#life;
    this.#options.signal?.addEventListener("abort", () => this.close(), { signal });
    globalThis.document?.addEventListener("visibilitychange", this.#seen, { signal });
    globalThis.addEventListener?.("online", this.#wake, { signal });
    for (;;) {
      const error = await this.#ask();
      if (error?.code !== "unreachable" || this.#refused || signal.aborted) return error;
      this.#options.onRetry?.(error);
      await new Promise<void>((again) => {
        this.#again = again;
        this.#timer = setTimeout(again, this.#delay(this.#failures) * 1000);
      });
      if (signal.aborted) return error;
    }
  }

  /** Ends the wait for another attempt to connect. */
  #again: (() => void) | undefined;

  get snapshot(): OpenSnapshot {
    return this.#snapshot!;
  }

  get me(): Principal {
    return this.#me!;
  }

  get version(): number {
    return this.#snapshot!.version;
  }

  get freshness(): Freshness {
    const now = this.#memory.time();
    if (this.#idle || !(now < this.#snapshot!.expiresAt)) return "expired";
    return this.#behind || now - this.#downSince > this.#interval ? "stale" : "fresh";
  }

  get clockOffset(): number {
    return this.#memory.offset;
  }

  on<Event extends keyof LiveEvents>(event: Event, listener: (...told: LiveEvents[Event]) => void): () => void {
    if (!Object.hasOwn(this.#listeners, event)) throw new WicketgateError("invalid_options", `there is no event ${quote(event)}`);
    // Of its own, so that one given twice is called twice.
    const added = (...told: LiveEvents[Event]) => listener(...told);
    this.#listeners[event].add(added);
    return () => void this.#listeners[event].delete(added);
  }

  async refresh(): Promise<void> {
    // One that is under way may have begun before what the caller waits for.
    await this.#flight;
    if (this.#life.signal.aborted) throw new WicketgateError("freed", "the live client was closed");
    const error = await this.#ask(true);
    if (error !== undefined) throw error;
  }

  close(): void {
    this.#life.abort();
    this.#rest();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
    this.#again?.();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get [Symbol.toStringTag](): string {
    return `Live ${this.freshness}`;
  }

  /** The caller's clock, or the system's. */
  #own = (): number => (this.#options.now ?? systemClock.now)();

  // What is due.

  #tick = (): void => {
    if (this.#idle) return;
    this.#memory.advance();
    const now = this.#memory.time();
    if (now >= this.#dialAt) {
      if (this.#socket === undefined) this.#dial();
      else this.#lost();
    }
    if (now >= this.#askAt) {
      this.#askAt = Infinity;
      void this.#ask();
    }
    if (now >= this.#changeAt) {
      this.#changeAt = this.#snapshot!.validity(now).until;
      this.#emit("change");
    }
    this.#plan();
  };

  /** Sets the timer for what is due next, and says how fresh it is by now. */
  #plan(): void {
    const { freshness, clockOffset } = this;
    if (freshness !== this.#told) {
      this.#told = freshness;
      this.#emit("freshness", freshness);
    }
    // Each answer measures it anew, and none to the second.
    if (Math.abs(clockOffset - this.#toldOffset) >= NOTICED || (clockOffset === 0) !== (this.#toldOffset === 0)) {
      this.#toldOffset = clockOffset;
      this.#emit("clock", clockOffset);
    }
    clearTimeout(this.#timer);
    if (this.#idle) return;
    const now = this.#memory.time();
    const staleAt = this.#downSince + this.#interval;
    const wait = Math.min(this.#changeAt, this.#askAt, this.#dialAt, staleAt > now ? staleAt : Infinity) - now;
    // Within a minute in any case: the clock may be set, and the computer may sleep.
    this.#timer = setTimeout(this.#tick, wait < MOST_BETWEEN ? Math.max(0, Math.ceil(wait * 1000)) : MOST_BETWEEN * 1000);
  }

  /** Seconds before the next attempt, the more have failed the more, and never the same for all. */
  #delay(failures: number): number {
    return Math.min(this.#interval, 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
  }

  /** The page is seen again, or no more. */
  #seen = (): void => {
    if (this.#idle) return;
    if (document.visibilityState === "hidden") this.#memory.advance();
    else if (this.#downSince < Infinity) this.#wake();
    else {
      if (this.#memory.time() - this.#contact > this.#interval) this.#askAt = 0;
      this.#tick();
    }
  };

  /** Tries anew at once. */
  #wake = (): void => {
    this.#again?.();
    if (this.#idle) return;
    this.#failures = this.#drops = 0;
    this.#askAt = this.#memory.time();
    if (this.#leads) {
      this.#hangUp();
      this.#dialAt = this.#askAt;
    }
    this.#tick();
  };

  // Asking.

  /** Gets what is new; one attempt at a time. Returns why it failed. */
  #ask(asked = false): Promise<WicketgateError | undefined> {
    return (this.#flight ??= this.#attempt(asked).finally(() => (this.#flight = undefined)));
  }

  async #attempt(asked: boolean): Promise<WicketgateError | undefined> {
    const request = (this.#request = new AbortController());
    const patience = setTimeout(() => request.abort(), PATIENCE * 1000);
    request.signal.addEventListener("abort", () => clearTimeout(patience));
    const [present, known, vouched] = [this.#present, this.#known, this.#vouched];
    this.#askAt = Infinity;
    this.#refused = false;
    try {
      await this.#update(asked, request.signal);
      this.#reached();
      const now = this.#memory.time();
      // What another tab told of was asked for: the authority's word counts.
      if (compareRevisions(this.#known, known) === 0) this.#known = this.#vouched;
      if (!this.#behind && now < this.#renewAt) {
        this.#failures = 0;
        this.#askAt = this.#renewAt;
      } else if (compareRevisions(this.#present, present) > 0 || compareRevisions(this.#vouched, vouched) > 0) {
        // At once: there was progress, or news after the question.
        this.#askAt = now;
      } else {
        this.#askAt = now + this.#delay(++this.#failures);
      }
      // A connection that has not told of it may be dead without knowing.
      if (!asked && this.#spoke && compareRevisions(this.#present, this.#vouched) > 0) {
        this.#hangUp();
        this.#dialAt = now;
      }
      return undefined;
    } catch (thrown) {
      const error = asError(thrown);
      if (this.#request !== request) return error; // Signed out or closed meanwhile.
      if (SIGNED_OUT.includes(error.code)) {
        this.#signOut(error);
      } else {
        this.#askAt = this.#memory.time() + this.#delay(++this.#failures);
        this.#down();
        if (!this.#idle) this.#emit("error", error);
      }
      return error;
    } finally {
      clearTimeout(patience);
      this.#plan();
    }
  }

  /** Of when the facts are that there are. */
  get #present(): Revision {
    if (this.#idle) return EARLIEST;
    const { epoch, version } = this.#snapshot!;
    return { epoch, version };
  }

  /** Whether there are later facts that could not be had yet. */
  get #behind(): boolean {
    return compareRevisions(this.#known, this.#present) > 0;
  }

  /** By a delta, which renews the times too; where that cannot be, or when merely looking, by the snapshot itself. */
  async #update(asked: boolean, signal: AbortSignal): Promise<void> {
    const present = this.#present;
    const overtaken = () => compareRevisions(this.#present, present) !== 0;
    const renew = this.#memory.time() >= this.#renewAt;
    if (present.version > 0 && (asked || renew || this.#behind || this.#etag === undefined)) {
      const answer = await this.#get(`v1/delta?from=${present.version}`, signal);
      if (overtaken()) return; // Another tab was faster.
      if (answer.response.ok) {
        try {
          const token = signedOf(answer.response, answer.body, this.#base);
          await this.#verified(signal, (keys) => this.#apply(token, keys, answer.arrival));
          this.#tabs?.post({ ...revisionClaims(this.#present), token, delta: true });
          return;
        } catch (thrown) {
          throwIfAborted(signal);
          const error = asError(thrown);
          // It starts elsewhere, or there have been too many: as it happens.
          if (error.code !== "wrong_state" && error.code !== "too_large") this.#emit("error", error);
        }
      } else if (answer.response.status >= 500) {
        throw this.#failed(answer.response);
      }
    }
    const headers = this.#etag === undefined || renew ? {} : { "If-None-Match": this.#etag };
    const [{ response, body, arrival }] = await Promise.all([
      this.#get("v1/snapshot", signal, headers),
      this.#keys ?? this.#fetchKeys(signal),
      runtime.init(),
    ]);
    if ((response.status === 304 && present.version > 0) || overtaken()) return;
    if (!response.ok) throw this.#failed(response);
    const token = signedOf(response, body, this.#base);
    await this.#verified(signal, (keys) => this.#install(token, keys, response.headers.get("ETag") ?? undefined, arrival));
    this.#tabs?.post({ ...revisionClaims(this.#present), token });
  }

  async #get(
    path: string,
    signal: AbortSignal,
    headers: Record<string, string> = {},
    cache: RequestCache = "no-store",
    limit = this.#expect.maxBytes ?? DEFAULT_MAX_BYTES,
  ): Promise<Answer> {
    const [asked, clock] = [performance.now(), this.#own()];
    const response = await (this.#options.fetch ?? fetch)(new URL(path, this.#base).href, { headers, cache, signal });
    const { ok, status } = response;
    let body;
    try {
      body = await bodyOf(response, ok ? limit : MAX_PROBLEM);
    } catch (cause) {
      if (cause instanceof WicketgateError) throw cause;
      throw new WicketgateError("unreachable", "the authority's answer broke off, or is not encoded as it says", { cause });
    }
    if (status === 401 || status === 403) {
      const said = ownProperty(parsed(body), "code");
      const code = SIGNED_OUT.find((code) => code === said);
      throw new WicketgateError(code ?? "not_signed_in", `the authority answered ${status}`);
    }
    const date = Date.parse(response.headers.get("Date") ?? "") / 1000 + Number(response.headers.get("Age") ?? 0);
    // By the steadier of both clocks, or the one that did not stop while the computer slept.
    const elapsed = () => Math.max((performance.now() - asked) / 1000, this.#own() - clock || 0);
    return { response, body, arrival: { date: Number.isFinite(date) ? date : undefined, elapsed } };
  }

  async #fetchKeys(signal: AbortSignal, cache?: RequestCache): Promise<JwkSet> {
    const { response, body } = await this.#get(".well-known/jwks.json", signal, {}, cache ?? "default", MAX_KEYS);
    if (!response.ok) throw this.#failed(response);
    return (this.#keys = keysOf(response, body, this.#base));
  }

  #failed(response: Response): WicketgateError {
    this.#refused = response.status < 500 && !PASSING.includes(response.status);
    return refusalOf(response);
  }

  /** Verifies with the keys there are; with those there are now, if one is unknown. */
  async #verified(signal: AbortSignal, verify: (keys: JwkSet) => void): Promise<void> {
    // Nothing may come in after the end.
    throwIfAborted(signal);
    try {
      verify(this.#keys!);
    } catch (error) {
      if (this.#options.keys !== undefined || !(error instanceof WicketgateError) || error.code !== "unknown_key") throw error;
      const keys = await this.#fetchKeys(signal, "reload");
      throwIfAborted(signal);
      verify(keys);
    }
  }

  // Taking in what was signed.

  #apply(token: DetachedSnapshot, keys: JwkSet, arrival?: Arrival): void {
    const snapshot = this.#snapshot!;
    const { version, state } = snapshot;
    const expired = this.freshness === "expired";
    this.#inTime(this.#clock, token, arrival, () => snapshot.apply(token, { keys }));
    this.#memory.note(snapshot, arrival);
    this.#etag = undefined;
    this.#accepted(expired || version !== snapshot.version || state !== snapshot.state);
  }

  #install(token: DetachedSnapshot, keys: JwkSet, etag: string | undefined, arrival?: Arrival): void {
    // While it is judged, time is what the clock says.
    const clock = { now: () => this.#memory.now() };
    const snapshot = this.#inTime(
      clock,
      token,
      arrival,
      () => openSync(token, { ...this.#expect, keys, now: () => clock.now() }) as OpenSnapshot,
    );
    const whose = JSON.stringify([this.#expect.issuer ?? this.#base.href, snapshot.organization, snapshot.subject]);
    try {
      if (snapshot.subject === undefined)
        throw new WicketgateError("wrong_scope", `scope: expected a member snapshot, this is ${quote(snapshot.scope)}`, {
          path: "scope",
        });
      if (!this.#idle && whose !== this.#whose) throw new WicketgateError("other_user", "somebody else has signed in");
      this.#memory.admit(`wicketgate:${whose}`, snapshot, arrival);
    } catch (error) {
      snapshot.free();
      throw error;
    }
    this.#clock.now = () => END_OF_TIME;
    this.#clock = clock;
    clock.now = () => this.#memory.time();
    this.#snapshot = snapshot;
    this.#me = snapshot.as();
    this.#whose = whose;
    this.#etag = etag;
    this.#idle = false;
    this.#accepted(true);
  }

  /**
   * Verifies by the clock. If it is too late or too early for a token, once more at the time that the token would prove: only if that verifies is
   * it the authority's word, and the memory may still find that it is an old one.
   */
  #inTime<T>(clock: { now: () => number }, { payload }: DetachedSnapshot, arrival: Arrival | undefined, verify: () => T): T {
    try {
      return verify();
    } catch (error) {
      const issuedAt =
        arrival !== undefined && WRONG_TIME.includes(asError(error).code) ? ownProperty(parsed(payload), "iat") : undefined;
      const proven = Number.isSafeInteger(issuedAt) ? this.#memory.proven(issuedAt as number, arrival) : undefined;
      if (proven === undefined) throw error;
      const { now } = clock;
      clock.now = () => proven;
      try {
        return verify();
      } finally {
        clock.now = now;
      }
    }
  }

  #accepted(changed: boolean): void {
    const now = this.#memory.time();
    const left = this.#snapshot!.expiresAt - now;
    this.#interval = Math.min(MOST_BETWEEN, Math.max(1, left / 4));
    // Between a half and three quarters, so that not all come at once.
    this.#renewAt = now + Math.min(left, MOST_UNASKED) * (0.5 + Math.random() / 4);
    this.#changeAt = this.#snapshot!.validity(now).until;
    // Time may have been found to be earlier than it seemed.
    if (this.#dialAt < Infinity) this.#dialAt = Math.min(this.#dialAt, now + this.#interval);
    this.#askAt = this.#behind ? now + 1 + Math.random() : this.#renewAt;
    this.#reached();
    if (changed) this.#emit("change");
    if (!this.#idle) this.#tabs ??= this.#join();
    this.#plan();
  }

  // The connection, and the other tabs.

  #join(): Tabs {
    const { audience, crossTab = "location" in globalThis } = this.#options;
    const lead = () => {
      this.#leads = true;
      this.#dial();
      this.#plan();
    };
    return new Tabs(`wicketgate:${JSON.stringify([this.#base.href, audience, this.#whose])}`, crossTab, lead, (message) =>
      this.#receive(message),
    );
  }

  #receive(data: unknown): void {
    if (this.#idle) return;
    const said = relayedOf(data);
    if (said === undefined) return this.#doubt();
    const { revision, token, delta, down, out } = said;
    if (out) return this.#wake();
    if (down) this.#downSince = Math.min(this.#downSince, this.#memory.time());
    else this.#reached();
    if (revision !== undefined) this.#heard(revision, 1 + Math.random());
    try {
      if (token !== undefined && (delta || compareRevisions(revision!, this.#present) > 0)) {
        if (delta) this.#apply(token, this.#keys!);
        else this.#install(token, this.#keys!, undefined);
      }
    } catch {
      // Then it is asked for.
    }
    this.#plan();
  }

  /** What was said makes no sense: there may be news in it all the same. */
  #doubt(): void {
    if (this.#flight === undefined) this.#askAt = Math.min(this.#askAt, this.#memory.time() + 1 + Math.random());
    this.#plan();
  }

  /** There are these facts. To be asked for within so many seconds, if nobody brings them. */
  #heard(revision: Revision, within: number): void {
    this.#known = laterOf(this.#known, revision);
    if (this.#behind && this.#flight === undefined) this.#askAt = Math.min(this.#askAt, this.#memory.time() + within);
  }

  #dial(): void {
    this.#dialAt = this.#memory.time() + FIRST_WORD;
    try {
      const url = new URL("v1/updates", this.#base);
      url.protocol = url.protocol.replace("http", "ws");
      const socket: LiveSocket = (this.#socket = new (this.#options.WebSocket ?? WebSocket)(url.href));
      socket.onmessage = ({ data }) => this.#said(data);
      socket.onclose = ({ code }) => {
        if (code === SESSION_ENDED) this.#signOut(new WicketgateError("not_signed_in", "the session has ended"));
        else this.#lost(code === TOO_MANY);
      };
      socket.onerror = () => {}; // It is closed next.
    } catch {
      this.#lost();
    }
  }

  #said(data: unknown): void {
    const revision = revisionMessage(data);
    if (revision === undefined) return this.#doubt();
    this.#vouched = laterOf(this.#vouched, revision);
    this.#spoke = true;
    this.#dialAt = Infinity;
    this.#drops = this.#failures = 0;
    this.#reached();
    this.#tabs?.post(revisionClaims(revision));
    if (this.#flight === undefined) this.#askAt = Math.min(this.#askAt, this.#renewAt);
    this.#heard(revision, 0);
    this.#tick();
  }

  /** The connection is gone, or could not be had: then looks, and tries again later; as late as ever where there is no room. */
  #lost(crowded = false): void {
    const now = this.#memory.time();
    if (!this.#spoke && this.#failures === 0 && this.#flight === undefined) this.#askAt = now;
    this.#hangUp();
    this.#down();
    this.#dialAt = now + this.#delay(crowded ? Infinity : ++this.#drops);
    this.#plan();
  }

  #hangUp(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#spoke = false;
    this.#vouched = EARLIEST;
    if (socket === undefined) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #down(): void {
    if (this.#downSince < Infinity) return;
    this.#downSince = this.#memory.time();
    if (this.#leads) this.#tabs?.post({ down: true });
  }

  #reached(): void {
    this.#contact = this.#memory.time();
    if (this.#downSince === Infinity) return;
    this.#downSince = Infinity;
    if (this.#leads) this.#tabs?.post({ down: false });
  }

  // Ending.

  #signOut(reason: WicketgateError): void {
    if (this.#idle) return;
    this.#tabs?.post({ out: true });
    this.#rest();
    this.#emit("change");
    this.#plan();
    // Last, so that it is what a page goes by.
    this.#emit("signedOut", reason);
  }

  /** Denies everything, and lets go of all that would go on. */
  #rest(): void {
    this.#memory.advance();
    this.#idle = true;
    this.#clock.now = () => END_OF_TIME;
    this.#request?.abort();
    this.#request = undefined;
    clearTimeout(this.#timer);
    this.#hangUp();
    this.#tabs?.close();
    this.#tabs = undefined;
    this.#leads = false;
    this.#etag = undefined;
    this.#known = EARLIEST;
    this.#failures = this.#drops = 0;
    this.#dialAt = Infinity;
  }

  #complain(error: WicketgateError): void {
    if (this.#idle || this.#complained) return;
    this.#complained = true;
    this.#emit("error", error);
  }

  #emit<Event extends keyof LiveEvents>(event: Event, ...told: LiveEvents[Event]): void {
    for (const listener of [...this.#listeners[event]]) {
      try {
        listener(...told);
      } catch (error) {
        // The listener's failure is its own: it is reported, and stops nothing.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

interface Answer {
  response: Response;
  body: Uint8Array;
  arrival: Arrival;
}

/** An error of the package's own. What others throw comes from the network. */
function asError(thrown: unknown): WicketgateError {
  return thrown instanceof WicketgateError
    ? thrown
    : new WicketgateError("unreachable", "the authority is out of reach", { cause: thrown });
}
