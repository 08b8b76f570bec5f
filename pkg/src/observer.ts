/**
 * The base of the adapters for frameworks, and of your own ones: it keeps the principal that is asked at present, and tells when its answers may have
 * changed. It imports nothing; `wicketgate/client` is loaded when a connection is opened.
 *
 * The answers decide what a page shows. A service that returns data must check again.
 * @module wicketgate/observer
 */
import type { ConnectOptions, Freshness, Live } from "./client.js";
import type { WicketgateError } from "./lib/error.js";
import type { Signal } from "./lib/platform.js";
import type { Principal } from "./snapshot/principal.js";
import type { OpenSnapshot, Snapshot } from "./snapshot/snapshot.js";
import type { Asked, Question } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

/** The connection of an observer: the options of `connect`, or a function that connects. The signal aborts when nobody observes any more. */
export type Connecting = Omit<ConnectOptions, "signal"> | ((signal: Signal) => Promise<Live>);

/**
 * The source of answers: a `live` client, a connection that the observer opens itself (`connect`), or a `principal` of a `snapshot` until one of those
 * is there.
 */
export interface Given {
  /** A client from `connect` of `wicketgate/client`; undefined while it connects. Once there is one, an earlier `principal` is not asked any more. */
  live?: Live | undefined;
  /**
   * Connects as soon as somebody observes, retries, and closes one second after the last observer has gone. The options are read when it connects;
   * later changes have no effect. Removing `connect` closes the connection.
   */
  connect?: Connecting | undefined;
  /** The principal that answers until there is a live client. */
  principal?: Principal | undefined;
  /** Snapshot of the principal. With it, expiries are noticed at once; without it, within a minute. */
  snapshot?: Snapshot | undefined;
  /** The reason why there is no principal. Then everything is denied for good, and the state is not `loading`. */
  error?: WicketgateError | undefined;
}

/** The present principal, its snapshot, and how fresh they are. */
export interface WicketgateState {
  /** The principal, for other questions: `me.list("assistant.view")`. Undefined while there is none. */
  readonly me: Principal | undefined;
  /** The snapshot; undefined while there is no principal. Deltas change it in place. */
  readonly snapshot: Snapshot | undefined;
  /**
   * `loading`: there was no principal so far, and everything is denied. With a live client: its freshness. Otherwise `expired` if everything is denied,
   * because the snapshot has expired, was removed or could not be opened; else `fresh`.
   */
  readonly freshness: Freshness | "loading";
  /** The live client: the given one, or the observer's own. */
  readonly live: Live | undefined;
  /** The reason why there is no principal, for instance `not_signed_in` from connecting. */
  readonly error: WicketgateError | undefined;
  /** Asks the authority now, or connects again after a failure: for instance after signing in. */
  readonly refresh: () => Promise<void>;
}

/** Longest time between two looks at the clock, in milliseconds: clocks are set and computers sleep. */
const MAX_WAIT = 60_000;

/** Milliseconds that a connection outlives its last observer: frameworks remove components and add them again. */
const LINGER = 1000;

/** Keeps the source of answers and its observers. Made by {@link observe}. */
export interface Observer {
  /** The first state: a server renders with it, and hydration compares with it. */
  readonly first: WicketgateState;
  /** The present principal; undefined while there is none. */
  readonly me: Principal | undefined;
  /** The present state. The same object until something changes; after that another one, with another `me` if there is a live client. */
  readonly state: WicketgateState;
  /** Whether the person may do this. False without a principal, and without a target that the capability needs. */
  can(...question: Asked): boolean;
  /** Like {@link Observer.can}, with the reasons. Without a principal, `expired`: no valid snapshot is there. */
  check(...question: Asked): Decision;
  /** Replaces the source of answers. */
  give(given: Given): void;
  /** Calls the listener whenever answers may have changed. The returned function removes the listener. */
  subscribe(this: void, listener: () => void): () => void;
}

/**
 * Creates an observer. Nothing runs until somebody subscribes.
 * @example
 * ```ts
 * const observer = observe({ connect: { organization: "acme" } });
 * const off = observer.subscribe(() => draw(observer.can("assistant.edit", "helper")));
 * ```
 */
export function observe(source: Given = {}): Observer {
  let given = own(source);
  /** The observer's own connection: its abort signal, the client, or the error. */
  let abort: AbortController | undefined;
  let connection: Live | undefined;
  let failure: WicketgateError | undefined;
  /** The principal that a live client has replaced: it is not asked again. */
  let replaced: Principal | undefined;
  /** Whether there was a principal so far. */
  let known = false;
  let state: WicketgateState | undefined;
  let unfollow: (() => void)[] | undefined;
  let closing: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  const liveClient = () => given.live ?? connection;
  const principal = () => {
    const live = liveClient();
    return live !== undefined ? live.me : given.principal === replaced ? undefined : given.principal;
  };
  const errorOf = (me: Principal | undefined) => (me ? undefined : (failure ?? given.error));
  const freshnessOf = (me: Principal | undefined, live: Live | undefined) => {
    if (live !== undefined) return live.freshness;
    if (check(me, ["team.create"]).denied !== "expired") return "fresh";
    return me || errorOf(me) || (known && !abort) ? "expired" : "loading";
  };
  const stateOf = (me: Principal | undefined, snapshot: Snapshot | undefined, live?: Live): WicketgateState => ({
    // A new object for each state, because the live client's principal stays the same while its answers change, and React's compiler compares
    // objects.
    me: (live && unlessFreed(() => snapshot?.as())) ?? me,
    snapshot: me && snapshot,
    freshness: freshnessOf(me, live),
    live,
    error: errorOf(me),
    refresh,
  });

  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const changed = () => {
    state = undefined;
    tell();
  };
  const rest = () => {
    for (const off of unfollow ?? []) off();
    unfollow = undefined;
  };
  const hangUp = () => {
    abort?.abort();
    connection?.close();
    abort = connection = state = undefined;
  };
  /** A live client takes over from the principal, for good. */
  const replace = () => void (replaced = given.principal ?? replaced);

  const open = async (connect: Connecting) => {
    const { signal } = (abort = new AbortController());
    try {
      const live = await (typeof connect === "function"
        ? connect(signal)
        : (await import("wicketgate/client")).connect({ ...connect, signal }));
      if (signal.aborted) return live.close();
      connection = live;
    } catch (error) {
      if (signal.aborted) return;
      failure = error as WicketgateError;
      abort = undefined;
    }
    known = true;
    replace();
    again();
  };

  /** Notifies when something expires, and once a minute, because the principal may have a clock of its own. */
  const watch = () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let epoch: number | undefined;
    const look = (first?: boolean) => {
      const now = Date.now() / 1000;
      // Fake snapshots of tests have no `validity`.
      const validity = unlessFreed(() => (given.snapshot as Partial<OpenSnapshot> | undefined)?.validity?.(now));
      const wait = validity === undefined ? MAX_WAIT : Math.ceil((validity.until - now) * 1000);
      timer = setTimeout(look, Math.min(wait, MAX_WAIT));
      const before = epoch;
      epoch = validity?.epoch;
      if (!first) (before === epoch ? tell : changed)();
    };
    if (principal() !== undefined) look(true);
    return () => clearTimeout(timer);
  };

  const follow = () => {
    const live = liveClient();
    const { connect } = given;
    state = undefined;
    if (live === undefined && connect !== undefined && (abort ?? failure) === undefined) void open(connect);
    unfollow =
      live === undefined ? [watch()] : [live.on("change", changed), live.on("signedOut", changed), live.on("freshness", tell)];
  };
  /** Follows the present source, and notifies. */
  const again = () => {
    rest();
    if (listeners.size > 0) follow();
    changed();
  };

  const set = (next: Given) => {
    given = next;
    state = undefined;
    if (given.live !== undefined) replace();
    if (given.live !== undefined || given.connect === undefined) {
      failure = undefined;
      hangUp();
    }
    known ||= !!(given.live ?? given.principal);
  };

  const refresh = async () => {
    if (failure !== undefined) {
      failure = undefined;
      again();
    }
    await liveClient()?.refresh();
  };

  const first = stateOf(given.principal, given.snapshot);
  set(given);
  return {
    first,
    get me() {
      return principal();
    },
    get state() {
      const [me, live] = [principal(), liveClient()];
      state ??= stateOf(me, live?.snapshot ?? given.snapshot, live);
      const freshness = freshnessOf(me, live);
      return state.freshness === freshness ? state : (state = { ...state, freshness });
    },
    can: (...question) => can(principal(), question),
    check: (...question) => check(principal(), question),
    give(source) {
      const next = own(source);
      const compared = ({ live, principal, snapshot, error, connect }: Given) => [
        live,
        principal,
        snapshot,
        error,
        connect === undefined,
      ];
      const before = compared(given);
      if (compared(next).every((value, index) => value === before[index])) return;
      // Before the source is set: it may remove the principal and bring a live client at the same time.
      if (next.live !== undefined) replace();
      set(next);
      again();
    },
    subscribe(listener) {
      // A function of its own: a listener that is added twice is called twice.
      const added = () => listener();
      listeners.add(added);
      clearTimeout(closing);
      if (unfollow === undefined) follow();
      return () => {
        if (!listeners.delete(added) || listeners.size > 0) return;
        rest();
        if (abort !== undefined) closing = setTimeout(hangUp, LINGER);
      };
    },
  };
}

/** The arguments for a principal. If the target is not known yet, the third argument says so, and no warning is written. */
function argumentsOf(question: Asked): Question {
  const [capability, target] = question;
  return (question.length > 1 && target == null ? [capability, undefined, true] : question) as Question;
}

/** A copy of the own properties, without a prototype. */
export function own<Props extends object>(props: Props): Props {
  return Object.assign(Object.create(null), props);
}

/** Asks the principal; false without one. */
export function can(me: Principal | undefined, question: Asked): boolean {
  return unlessFreed(() => me?.can(...argumentsOf(question))) ?? false;
}

/** Asks the principal for the reasons; `expired` without one. */
export function check(me: Principal | undefined, question: Asked): Decision {
  return unlessFreed(() => me?.check(...argumentsOf(question))) ?? { allowed: false, denied: "expired" };
}

/** The answer; undefined if the principal was freed while it is still displayed. Then it denies. */
function unlessFreed<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if ((error as WicketgateError).code === "freed") return undefined;
    throw error;
  }
}
