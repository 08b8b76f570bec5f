"use client";
/**
 * Permission checks in React: {@link Wicketgate} around the app, {@link usePermission} and {@link Can} in it. What is drawn follows the answers
 * by itself.
 *
 * The answers decide what a page shows. Whatever serves data must check again.
 * @module wicketgate/react
 */
import {
  createContext,
  createElement,
  Fragment,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { Live } from "./client.js";
import { can, check, type Connecting, type Given, observe, type Observer, own, type WicketgateState } from "./observer.js";
import type { Principal } from "./snapshot/principal.js";
import type { WicketgateError } from "./lib/error.js";
import type { DetachedSnapshot, OpenOptions, Snapshot } from "./snapshot/snapshot.js";
import type { Asked, AskedProps } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

export type { Connecting, WicketgateState } from "./observer.js";

/**
 * Who is asked: `live`, the connection that `connect` describes, or a `principal` of a `snapshot` until there is one of those. While a page is hydrated,
 * the first `principal` answers, whatever else there is by then: give what the server was given, opened from the same token; or nothing, as to
 * the server.
 */
export interface WicketgateProps extends Given {
  children?: ReactNode;
}

/** How a token is opened. */
export interface SnapshotOptions extends Omit<OpenOptions, "now"> {
  /** The time, in Unix seconds; by default the system's clock. */
  now?: number;
}

/** A token that a server component hands over, how it is opened, and who is asked later. */
export interface WicketgateSnapshotProps extends SnapshotOptions {
  token: string | DetachedSnapshot;
  live?: Live | undefined;
  connect?: Connecting | undefined;
  children?: ReactNode;
}

/** What {@link Can} asks, as {@link usePermission} does, and what it draws. */
export type CanProps = AskedProps & {
  /** What is shown if it is allowed. A function is given the decision. */
  children?: ReactNode | ((decision: Decision) => ReactNode);
  /** What is shown if not; nothing by default. */
  fallback?: ReactNode;
  /** What is shown while nobody answers yet; by default what is shown when it is denied. */
  loading?: ReactNode;
  /** Turns it round: the children are shown if it is denied, `fallback` if it is allowed. */
  not?: boolean | undefined;
  /** Shows the children in any case: a function decides by what it is given. */
  passThrough?: boolean | undefined;
};

/** Lets everything in it ask. Where nobody was given yet, everything is denied. */
export function Wicketgate(props: WicketgateProps): ReactElement {
  const { live, connect, principal, snapshot, error, children } = own(props);
  const given = { live, connect, principal, snapshot, error };
  const [source] = useState(() => observe(given));
  const connects = connect !== undefined;
  // The source stays, so that only those are drawn anew whose answers are others, and boundaries that are not hydrated yet stay as they are.
  useCommit(() => source.give(given), [source, live, connects, principal, snapshot, error]);
  // Its connection is open as long as this is there, whoever asks.
  useEffect(() => (connects ? source.subscribe(() => {}) : undefined), [source, connects]);
  return createElement(Context.Provider, { value: source }, children);
}

/**
 * {@link Wicketgate} for a token that a server component hands over: `<WicketgateSnapshot token={token} keys={keys}>`. Opened on the server and in the page,
 * so that both draw the same; while it opens, the nearest `<Suspense>` waits. What cannot be opened denies everything, and `useWicketgate().error` says
 * why.
 */
export function WicketgateSnapshot(props: WicketgateSnapshotProps): ReactElement {
  const { token, live, connect, children, ...options } = own(props);
  const { opened, error } = useOpening(token, options);
  return createElement(Wicketgate, { ...opened, error: error as WicketgateError | undefined, live, connect }, children);
}

/**
 * The snapshot of a token and its principal, opened once: for `<Wicketgate {...useSnapshot(token, { keys })}>`. While it opens, the nearest
 * `<Suspense>` waits.
 * @throws {WicketgateError} as `open` does.
 */
export function useSnapshot(
  token: string | DetachedSnapshot,
  options: SnapshotOptions,
): { snapshot: Snapshot; principal: Principal } {
  const { opened, error } = useOpening(token, options);
  if (opened === undefined) throw error;
  return opened;
}

/**
 * Connects while the component is there, goes on trying, and follows the authority: for `<Wicketgate {...useLive(options)}>`, and to show `error` and
 * call `refresh` after signing in. The options are read when it connects. Draws anew with every change.
 */
export function useLive(options: Connecting): WicketgateState {
  const [source] = useState(() => observe({ connect: options }));
  return useSyncExternalStore(
    source.subscribe,
    () => source.state,
    () => source.first,
  );
}

/**
 * Whether this may be done: `usePermission("assistant.edit", "helper")`. Draws anew only when the answer is another one. A target that is not known yet
 * (`undefined`) is denied. Wrappers take the same: `function useMayShare(...asked: Asked) { return usePermission(...asked); }`.
 */
export function usePermission(...asked: Asked): boolean {
  return useAnswer(useSource("usePermission"), can, asked);
}

/**
 * The same with the reasons; the same object as long as they are the same. Where nobody answers, it is denied as `expired`: there is
 * no snapshot that is valid now. Whether somebody may answer yet, `useWicketgate().freshness` says.
 */
export function useDecision(...asked: Asked): Decision {
  return useAnswer(useSource("useDecision"), check, asked);
}

/** The answer, the same one as long as it says the same. */
function useAnswer<Answer>(source: Observer, ask: (me: Principal | undefined, asked: Asked) => Answer, asked: Asked): Answer {
  const [capability, target] = asked;
  const shown = useRef<Answer>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rest parameter is a new list in each drawing; its two values and its length say whether it changed.
  const [present, first] = useMemo(() => {
    let last: Answer | undefined;
    const answer = (me: Principal | undefined) => {
      const now = ask(me, asked);
      const before = last ?? shown.current;
      return (last = before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now);
    };
    return [() => answer(source.me), () => answer(source.first.me)];
  }, [source, ask, capability, target, asked.length]);
  const answer = useSyncExternalStore(source.subscribe, present, first);
  useEffect(() => void (shown.current = answer), [answer]);
  return answer;
}

/**
 * Who answers, the snapshot and the freshness. Draws anew with every change, with a new object and, from a live one, a new `me`: what is
 * remembered by either is never of before the change.
 */
export function useWicketgate(): WicketgateState {
  const source = useSource("useWicketgate");
  return useSyncExternalStore(
    source.subscribe,
    () => source.state,
    () => source.first,
  );
}

/** Shows its children where this may be done: `<Can do="assistant.edit" on="helper">…</Can>`. */
export function Can(props: CanProps): ReactElement {
  const given = own(props);
  const { children, fallback, loading, not = false, passThrough } = given;
  const source = useSource("Can");
  const decides = typeof children === "function";
  // `on` that is there and `undefined` is a target that is not known yet.
  const answer = useAnswer<boolean | Decision>(
    source,
    decides ? check : can,
    ("on" in given ? [given.do, given.on] : [given.do]) as Asked,
  );
  const waits = ({ freshness }: WicketgateState) => loading !== undefined && freshness === "loading";
  const waiting = useSyncExternalStore(
    source.subscribe,
    () => waits(source.state),
    () => waits(source.first),
  );
  const allowed = decides ? (answer as Decision).allowed : answer;
  const drawn =
    passThrough || (!waiting && allowed !== not)
      ? decides
        ? children(answer as Decision)
        : children
      : waiting
        ? loading
        : fallback;
  return createElement(Fragment, null, drawn);
}

const Context = createContext<Observer | undefined>(undefined);

function useSource(hook: string): Observer {
  const source = useContext(Context);
  if (source === undefined) throw new Error(`${hook}: there is no <Wicketgate> around this component`);
  return source;
}

/** Before anything is seen. Where nothing ever is, React 18 complains of a layout effect. */
const useCommit = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** What a token opened, or why it did not. */
interface Opening {
  opened?: { snapshot: Snapshot; principal: Principal };
  error?: unknown;
}

/** The package with its module, once there is a token to open; or why it could not be had. */
let core: typeof import("wicketgate") | undefined;
let flight: Promise<void> | undefined;
let failure: unknown;

async function load(): Promise<void> {
  try {
    const loaded = await import("wicketgate");
    await loaded.init();
    core = loaded;
  } catch (error) {
    failure = error;
  }
}

/** Only the module is waited for: with it, a token opens at once, however often a drawing is begun anew. */
function useOpening(token: string | DetachedSnapshot, options: SnapshotOptions): Opening {
  // React 18 too waits for what is thrown, and draws again.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  if ((core ?? failure) === undefined) throw (flight ??= load());
  // The next that is mounted may have the module after all.
  useEffect(() => void (failure = flight = undefined), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: options are a new object in each drawing; their text says whether they changed.
  return useMemo((): Opening => {
    try {
      if (core === undefined) throw failure;
      const snapshot = core.openSync(token, options);
      return { opened: { snapshot, principal: snapshot.as() } };
    } catch (error) {
      return { error };
    }
  }, [JSON.stringify([token, options])]);
}
