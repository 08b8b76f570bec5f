/** The public types of `wicketgate/client`. */
import type { WicketgateError } from "../lib/error.js";
import type { Fetch, Signal, Url } from "../lib/platform.js";
import type { Principal } from "../snapshot/principal.js";
import type { OpenOptions } from "../snapshot/opening.js";
import type { Snapshot } from "../snapshot/snapshot.js";
import type { Presented } from "../lib/types.js";
import type { JwkSet } from "../wasm/wicketgate.js";

/** Options of `connect`. A page that the authority's own origin serves needs none of them. */
export interface ConnectOptions extends Pick<OpenOptions, "issuer" | "audience" | "organization" | "maxBytes"> {
  /** Base URL of the authority. Default: the page's origin. */
  url?: string | Url;
  /**
   * Public keys that may have signed the snapshot. Default: `/.well-known/jwks.json` of the authority, fetched once and again when a `kid` is
   * unknown.
   */
  keys?: JwkSet;
  /**
   * Storage that survives the page. It keeps the latest epoch, version and time, so that a later page refuses older snapshots. Default: none.
   * See `localStorageOf()`.
   */
  storage?: LiveStorage | undefined;
  /** Replacement for the platform's `fetch`, for instance one that adds credentials. */
  fetch?: Fetch;
  /** Replacement for the platform's `WebSocket`. Without any, the client polls the authority. */
  WebSocket?: new (
    url: string,
    protocols?: string[],
  ) => LiveSocket;
  /** API key of a server, with the scope `read`. It must never be in a page. */
  token?: string;
  /** `workspace`: the whole organization, for a server whose API key holds everything. Default: `member`, the person of the session. */
  scope?: "member" | "workspace";
  /** Clock in Unix seconds. Default: the system's clock. */
  now?: () => number;
  /** Whether all pages of this origin share one connection, where the platform can. Default: `true` in browsers, `false` elsewhere. */
  crossTab?: boolean;
  /** Aborts the attempts to connect, and closes the client later. */
  signal?: Signal;
  /** Called for each failed attempt to connect that another attempt follows. */
  onRetry?: (error: WicketgateError) => void;
}

/** The part of the `WebSocket` interface that the client uses. */
export interface LiveSocket {
  // biome-ignore-start lint/suspicious/noExplicitAny: each platform has event types of its own, and all of them fit.
  /** Called with each message, in `data`. */
  onmessage: ((event: any) => void) | null;
  /** Called when the connection has ended, with the close code in `code`. */
  onclose: ((event: any) => void) | null;
  /** Called on failures; `onclose` follows. */
  onerror: ((event: any) => void) | null;
  // biome-ignore-end lint/suspicious/noExplicitAny: all of them fit.
  /** Closes the connection. */
  close(): void;
}

/** The part of the `Storage` interface that the client uses; `localStorage` has it. */
export interface LiveStorage {
  /** Returns the stored text; null if there is none. */
  getItem(key: string): string | null;
  /** Stores a text. It may throw: then the client reports `storage_failed` once and goes on. */
  setItem(key: string, value: string): void;
}

/**
 * Age of the answers.
 *
 * - `fresh`: no newer version is known.
 * - `stale`: the authority is out of reach, or a newer version exists that could not be fetched yet. The answers are the last known ones.
 * - `expired`: everything is denied.
 */
export type Freshness = "fresh" | "stale" | "expired";

/** Events of {@link Live} and the arguments of their listeners. */
export interface LiveEvents {
  /** Answers may have changed: ask again. */
  change: [];
  /** The freshness has changed to this value. */
  freshness: [freshness: Freshness];
  /** The measured error of the computer's clock has changed: seconds that it is ahead. See {@link Live.clockOffset}. */
  clock: [offset: number];
  /** A request failed or an answer was refused. The client tries again. */
  error: [error: WicketgateError];
  /**
   * The authority does not accept this person any more. Codes: `not_signed_in`, `removed_user`, `suspended_user`, or `other_user` when somebody
   * else has signed in. Everything is denied, and the client sends no request until {@link Live.refresh}.
   */
  signedOut: [reason: WicketgateError];
}

/** The whole organization in a server's memory, kept up to date. Made by `connect` with the scope `workspace`. */
export interface Replica extends Omit<Live, "me"> {
  /**
   * Somebody to ask: a user, or a visitor. The thousand that were asked for last are kept.
   * @throws {WicketgateError} the codes of `snapshot.as`
   * @example
   * ```ts
   * if (!replica.as({ user }).can("assistant.edit", id)) return new Response(null, { status: 403 });
   * ```
   */
  as(presented: Presented): Principal;
  /**
   * Waits until this version is here: what somebody has just changed is what they read next.
   * @throws {WicketgateError} `unreachable` if it has not come in `timeout` seconds (5 by default); `freed`, or the code of the end
   * @example
   * ```ts
   * const { version } = await admin.as(user).command(command);
   * await replica.reached(version);
   * ```
   */
  reached(version: number, options?: { timeout?: number }): Promise<void>;
}

/** One person's snapshot, kept up to date. Made by `connect`. */
export interface Live {
  /** The current snapshot. Deltas change it in place. When another snapshot replaces it, the old one denies everything. */
  readonly snapshot: Snapshot;
  /**
   * The signed-in person, to ask.
   * @example
   * ```ts
   * live.me.can("assistant.edit", "helper"); // true or false
   * ```
   */
  readonly me: Principal;
  /** Version of the facts. */
  readonly version: number;
  /** Age of the answers: see {@link Freshness}. */
  readonly freshness: Freshness;
  /**
   * Seconds that this computer's clock is ahead of the authority's; negative if it is behind, 0 while no error is known. Answers use the corrected
   * time.
   */
  readonly clockOffset: number;
  /**
   * Calls the listener at each event. The returned function removes the listener.
   * @throws {WicketgateError} `invalid_options` for an unknown event.
   * @example
   * ```ts
   * const off = live.on("change", () => draw(live.me));
   * ```
   */
  on<Event extends keyof LiveEvents>(event: Event, listener: (...args: LiveEvents[Event]) => void): () => void;
  /**
   * Asks the authority now: after a command of the page, or after signing in again.
   * @throws {WicketgateError} the codes of `connect`, and `freed` after {@link Live.close}. The current snapshot stays in use, unless the person
   * is signed out.
   */
  refresh(): Promise<void>;
  /** Stops following, and denies everything from now on. */
  close(): void;
  [Symbol.dispose](): void;
}
