/**
 * What the adapters for frameworks are made of, and others can be: who is asked at present, and when their answers may have changed. It imports
 * nothing; a connection of its own loads `wicketgate/client` when it is needed.
 *
 * The answers decide what a page shows. Whatever serves data must check again.
 * @module wicketgate/observer
 */
import type { ConnectOptions, Freshness, Live } from "./client.js";
import type { WicketgateError } from "./lib/error.js";
import type { Signal } from "./lib/platform.js";
import type { Principal } from "./snapshot/principal.js";
import type { OpenSnapshot, Snapshot } from "./snapshot/snapshot.js";
import type { Asked, Question } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

/** How an observer connects: what `connect` takes, or what connects. The signal aborts when nobody observes any more. */
export type Connecting = Omit<ConnectOptions, "signal"> | ((signal: Signal) => Promise<Live>);

/** Who is asked: `live`, a connection of the observer's own, or a `principal` of a `snapshot` until there is one of those. */
export interface Given {
  /** From `connect` of `wicketgate/client`; nothing while it connects. Once there was one, the `principal` given beside or before it is not asked any more. */
  live?: Live | undefined;
  /**
   * Connects by itself as soon as somebody observes, goes on trying, and closes when nobody has observed for a second. Read when it connects: other options later
   * change nothing. Without it again, the connection is closed.
   */
  connect?: Connecting | undefined;
  /** Who answers until there is a live one. */
  principal?: Principal | undefined;
  /** The principal's snapshot. What of it expires is seen at once with it, within a minute without it. */
  snapshot?: Snapshot | undefined;
  /** Why there is nobody: then everything is denied for good, instead of loading. */
  error?: WicketgateError | undefined;
}

/** Who answers, of which snapshot, and how fresh that is. */
export interface WicketgateState {
  /** To ask as one likes: `me.list("assistant.view")`. Nothing as long as nobody answers. */
  readonly me: Principal | undefined;
  /** Nothing as long as nobody answers. Deltas change it in place. */
  readonly snapshot: Snapshot | undefined;
  /**
   * `loading`: nobody has answered so far, and everything is denied. Otherwise that of the live one. Without: `expired` when everything is denied, because what
   * was given has expired, was taken away or could not be had; else `fresh`.
   */
  readonly freshness: Freshness | "loading";
  /** The live one that was given, or the observer's own. */
  readonly live: Live | undefined;
  /** Why nobody answers: connecting ended with `not_signed_in`, for instance. */
  readonly error: WicketgateError | undefined;
  /** Asks the authority now, or connects again where that failed: after signing in, for instance. */
  readonly refresh: () => Promise<void>;
}

/** Longest time between looks at the clock: it may be set, and the computer may sleep. */
const MOST_BETWEEN = 60_000;

/** How long a connection outlives the last who observed: frameworks take components away and bring them back. */
const LINGER = 1000;

/** Who is asked at present, and whom that concerns. Made by {@link observe}. */
export interface Observer {
  /** What there was first: what a server saw, and hydration goes by. */
  readonly first: WicketgateState;
  /** Who answers, if anybody. */
  readonly me: Principal | undefined;
  /** Who answers, and how fresh that is. The same object until something changes, then another one, with another `me` of a live one. */
  readonly state: WicketgateState;
  /** Whether this may be done. Nobody who answers, and no target yet: no. */
  can(...asked: Asked): boolean;
  /** The same with the reasons. Where nobody answers, it is denied as `expired`: there is no snapshot that is valid now. */
  check(...asked: Asked): Decision;
  /** Who is to be asked from now on. */
  give(given: Given): void;
  /** Calls the listener whenever answers may be others, until what is returned is called. */
  subscribe(this: void, listener: () => void): () => void;
}

/** Watches over who is asked. Nothing runs until somebody subscribes. */
export function observe(asked: Given = {}): Observer {
  let given = own(asked);
  /** The connection of its own: what ends it, what came of it. */
  let abort: AbortController | undefined;
  let connection: Live | undefined;
  let failure: WicketgateError | undefined;
  /** The principal that a live one took over from. */
  let past: Principal | undefined;
  /** Whether anybody has answered so far. */
  let known = false;
  let state: WicketgateState | undefined;
  let unfollow: (() => void)[] | undefined;
  let closing: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  const liveOne = () => given.live ?? connection;
  const whoAnswers = () => {
    const live = liveOne();
    return live !== undefined ? live.me : given.principal === past ? undefined : given.principal;
  };
  const errorOf = (me: Principal | undefined) => (me ? undefined : (failure ?? given.error));
  const freshnessOf = (me: Principal | undefined, live: Live | undefined) => {
    if (live !== undefined) return live.freshness;
    if (check(me, ["team.create"]).denied !== "expired") return "fresh";
    return me || errorOf(me) || (known && !abort) ? "expired" : "loading";
  };
  const stateOf = (me: Principal | undefined, snapshot: Snapshot | undefined, live?: Live): WicketgateState => ({
    // One of its own, since the live one's answers change while it stays: React's compiler, for one, goes by the object.
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
  /** The principal gives way for good: what comes after it is later. */
  const replace = () => void (past = given.principal ?? past);

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

  /** Looks at the clock when something expires. The principal's own clock may be another one, so in between too. */
  const watch = () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let epoch: number | undefined;
    const look = (first?: boolean) => {
      const now = Date.now() / 1000;
      // Other implementations, as in tests, have no validity to tell.
      const validity = unlessFreed(() => (given.snapshot as Partial<OpenSnapshot> | undefined)?.validity?.(now));
      const wait = validity === undefined ? MOST_BETWEEN : Math.ceil((validity.until - now) * 1000);
      timer = setTimeout(look, Math.min(wait, MOST_BETWEEN));
      const before = epoch;
      epoch = validity?.epoch;
      if (!first) (before === epoch ? tell : changed)();
    };
    if (whoAnswers() !== undefined) look(true);
    return () => clearTimeout(timer);
  };

  const follow = () => {
    const live = liveOne();
    const { connect } = given;
    state = undefined;
    if (live === undefined && connect !== undefined && (abort ?? failure) === undefined) void open(connect);
    unfollow =
      live === undefined ? [watch()] : [live.on("change", changed), live.on("signedOut", changed), live.on("freshness", tell)];
  };
  /** Follows who is asked now, and says so. */
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
    await liveOne()?.refresh();
  };

  const first = stateOf(given.principal, given.snapshot);
  set(given);
  return {
    first,
    get me() {
      return whoAnswers();
    },
    get state() {
      const [me, live] = [whoAnswers(), liveOne()];
      state ??= stateOf(me, live?.snapshot ?? given.snapshot, live);
      const freshness = freshnessOf(me, live);
      return state.freshness === freshness ? state : (state = { ...state, freshness });
    },
    can: (...asked) => can(whoAnswers(), asked),
    check: (...asked) => check(whoAnswers(), asked),
    give(asked) {
      const now = own(asked);
      const compared = ({ live, principal, snapshot, error, connect }: Given) => [
        live,
        principal,
        snapshot,
        error,
        connect === undefined,
      ];
      const before = compared(given);
      if (compared(now).every((one, place) => one === before[place])) return;
      // It may be taken away in the same breath in which a live one is given.
      if (now.live !== undefined) replace();
      set(now);
      again();
    },
    subscribe(listener) {
      // Of its own, so that one given twice is called twice.
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

/** The question as a principal takes it. Of a target that is not known yet the third argument says so, and the console says nothing. */
function question(asked: Asked): Question {
  const [capability, target] = asked;
  return (asked.length > 1 && target == null ? [capability, undefined, true] : asked) as Question;
}

/** The properties that were given, and no others. */
export function own<Props extends object>(props: Props): Props {
  return Object.assign(Object.create(null), props);
}

/** Whether somebody may; nobody may nothing. */
export function can(me: Principal | undefined, asked: Asked): boolean {
  return unlessFreed(() => me?.can(...question(asked))) ?? false;
}

/** Why, or why not. */
export function check(me: Principal | undefined, asked: Asked): Decision {
  return unlessFreed(() => me?.check(...question(asked))) ?? { allowed: false, denied: "expired" };
}

/** What was freed while it is still drawn denies, as what was never given. */
function unlessFreed<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if ((error as WicketgateError).code === "freed") return undefined;
    throw error;
  }
}
