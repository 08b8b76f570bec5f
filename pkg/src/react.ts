"use client";
/**
 * Permission checks in React: {@link Wicketgate} around the app, {@link usePermission} and {@link Can} inside. Components render again when their
 * answers change.
 *
 * The answers decide what a page shows. A service that returns data must check again.
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
import type { OpenOptions } from "./snapshot/opening.js";
import type { Snapshot } from "./snapshot/snapshot.js";
import type { DetachedSnapshot } from "./lib/types.js";
import type { Asked, AskedProps } from "./lib/types.js";
import type { Decision } from "./wasm/wicketgate.js";

export type { Connecting, WicketgateState } from "./observer.js";

/**
 * Properties of {@link Wicketgate}: a `live` client, a connection (`connect`), or a `principal` of a `snapshot` until one of those is there. While a
 * page is hydrated, the first `principal` answers: pass the one that the server rendered with, opened from the same token, or none as on the server.
 */
export interface WicketgateProps extends Given {
  /** The components that ask. */
  children?: ReactNode;
}

/** Options for opening a token. */
export interface SnapshotOptions extends Omit<OpenOptions, "now"> {
  /** Time in Unix seconds. Default: the system's clock. */
  now?: number;
}

/** Properties of {@link WicketgateSnapshot}: a token from a server component, the options for opening it, and a live client or connection for later. */
export interface WicketgateSnapshotProps extends SnapshotOptions {
  /** The signed snapshot, compact or detached. */
  token: string | DetachedSnapshot;
  /** A live client that takes over from the snapshot. */
  live?: Live | undefined;
  /** A connection that takes over from the snapshot. */
  connect?: Connecting | undefined;
  /** The components that ask. */
  children?: ReactNode;
}

/** Properties of {@link Can}: the question, as for {@link usePermission}, and the content. */
export type CanProps = AskedProps & {
  /** Content if it is allowed. A function is called with the decision. */
  children?: ReactNode | ((decision: Decision) => ReactNode);
  /** Content if it is denied. Default: none. */
  fallback?: ReactNode;
  /** Content while there is no principal yet. Default: the content if denied. */
  loading?: ReactNode;
  /** Inverts the condition: shows the children if it is denied, `fallback` if it is allowed. */
  not?: boolean | undefined;
  /** Shows the children in any case; use a function as child, which gets the decision. */
  passThrough?: boolean | undefined;
};

/**
 * Provides the answers for all components inside. Everything is denied until there is a principal.
 * @example
 * ```tsx
 * <Wicketgate connect={{ organization: "acme" }}>
 *   <App />
 * </Wicketgate>
 * ```
 */
export function Wicketgate(props: WicketgateProps): ReactElement {
  const { live, connect, principal, snapshot, error, children } = own(props);
  const given = { live, connect, principal, snapshot, error };
  const [source] = useState(() => observe(given));
  const connects = connect !== undefined;
  // The observer stays the same object: only components with changed answers render again, and boundaries that are not hydrated yet keep their
  // content.
  useCommit(() => source.give(given), [source, live, connects, principal, snapshot, error]);
  // The connection stays open as long as this component is mounted, even if nothing asks.
  useEffect(() => (connects ? source.subscribe(() => {}) : undefined), [source, connects]);
  return createElement(Context.Provider, { value: source }, children);
}

/**
 * {@link Wicketgate} for a token from a server component. It is opened on the server and in the page, so that both render the same; meanwhile the
 * nearest `<Suspense>` waits. A token that cannot be opened denies everything, and `useWicketgate().error` has the reason.
 * @example
 * ```tsx
 * <WicketgateSnapshot token={token} keys={keys}>
 *   <App />
 * </WicketgateSnapshot>
 * ```
 */
export function WicketgateSnapshot(props: WicketgateSnapshotProps): ReactElement {
  const { token, live, connect, children, ...options } = own(props);
  const { opened, error } = useOpening(token, options);
  return createElement(Wicketgate, { ...opened, error: error as WicketgateError | undefined, live, connect }, children);
}

/**
 * Opens a token once, and returns its snapshot and principal. Meanwhile the nearest `<Suspense>` waits.
 * @throws {WicketgateError} the codes of `open`.
 * @example
 * ```tsx
 * <Wicketgate {...useSnapshot(token, { keys })}>{children}</Wicketgate>
 * ```
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
 * Connects while the component is mounted, retries, and follows the authority. The result has `error` to show, and `refresh` to call after signing
 * in. The options are read when it connects. The component renders again with every change.
 * @example
 * ```tsx
 * const live = useLive({ organization: "acme" });
 * return <Wicketgate {...live}>{live.error ? <SignIn onDone={live.refresh} /> : <App />}</Wicketgate>;
 * ```
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
 * Whether the person may do this. The component renders again only when the answer changes. A target that is not known yet (`undefined`) is denied.
 * @example
 * ```tsx
 * const mayEdit = usePermission("assistant.edit", "helper");
 * ```
 */
export function usePermission(...question: Asked): boolean {
  return useAnswer(useSource("usePermission"), can, question);
}

/**
 * Like {@link usePermission}, with the reasons; the same object while they are the same. Without a principal, `expired`: no valid snapshot is there.
 * `useWicketgate().freshness` tells whether one may still come.
 * @example
 * ```tsx
 * const decision = useDecision("assistant.edit", "helper");
 * return decision.allowed ? <Edit /> : <p>{why(decision)}</p>;
 * ```
 */
export function useDecision(...question: Asked): Decision {
  return useAnswer(useSource("useDecision"), check, question);
}

/** The answer: the same object while it is equal. */
function useAnswer<Answer>(source: Observer, ask: (me: Principal | undefined, question: Asked) => Answer, question: Asked): Answer {
  const [capability, target] = question;
  const displayed = useRef<Answer>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rest parameter is a new list in each drawing; its two values and its length say whether it changed.
  const [present, first] = useMemo(() => {
    let last: Answer | undefined;
    const answer = (me: Principal | undefined) => {
      const now = ask(me, question);
      const before = last ?? displayed.current;
      return (last = before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now);
    };
    return [() => answer(source.me), () => answer(source.first.me)];
  }, [source, ask, capability, target, question.length]);
  const answer = useSyncExternalStore(source.subscribe, present, first);
  useEffect(() => void (displayed.current = answer), [answer]);
  return answer;
}

/**
 * The principal, the snapshot and the freshness. The component renders again with every change, with a new object and, with a live client, a new
 * `me`: values memoized by either are never older than the change.
 * @example
 * ```tsx
 * const { me, freshness } = useWicketgate();
 * const ids = useMemo(() => me?.list("assistant.view") ?? [], [me]);
 * ```
 */
export function useWicketgate(): WicketgateState {
  const source = useSource("useWicketgate");
  return useSyncExternalStore(
    source.subscribe,
    () => source.state,
    () => source.first,
  );
}

/**
 * Shows its children if the person may do this.
 * @example
 * ```tsx
 * <Can do="assistant.edit" on="helper" fallback={<p>Read only</p>}>
 *   <button>Edit</button>
 * </Can>
 * ```
 */
export function Can(props: CanProps): ReactElement {
  const given = own(props);
  const { children, fallback, loading, not = false, passThrough } = given;
  const source = useSource("Can");
  const decides = typeof children === "function";
  // `on={undefined}` is a target that is not known yet; without `on`, there is none.
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
  const content =
    passThrough || (!waiting && allowed !== not)
      ? decides
        ? children(answer as Decision)
        : children
      : waiting
        ? loading
        : fallback;
  return createElement(Fragment, null, content);
}

const Context = createContext<Observer | undefined>(undefined);

function useSource(hook: string): Observer {
  const source = useContext(Context);
  if (source === undefined) throw new Error(`${hook}: there is no <Wicketgate> around this component`);
  return source;
}

/** An effect that runs before the browser paints. On a server, React 18 warns about layout effects. */
const useCommit = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** The opened token, or the error. */
interface Opening {
  opened?: { snapshot: Snapshot; principal: Principal };
  error?: unknown;
}

/** The package, once the module for the first token is loaded; or the error. */
let core: typeof import("wicketgate") | undefined;
let flight: Promise<void> | undefined;
let failure: unknown;
/** Loading of the whole module, for a token that is no member snapshot. */
let wholeFlight: Promise<void> | undefined;

async function load(module?: "member"): Promise<void> {
  try {
    const loaded = await import("wicketgate");
    await loaded.init(module);
    core = loaded;
  } catch (error) {
    failure = error;
  }
}

/** Waits for the module only. After that, a token opens synchronously, however often React starts to render again. */
function useOpening(token: string | DetachedSnapshot, options: SnapshotOptions): Opening {
  // A thrown promise makes React wait and render again; React 18 has no other way.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  if ((core ?? failure) === undefined) throw (flight ??= load("member"));
  // After a failure, the next mounted component tries again.
  useEffect(() => void (failure = flight = wholeFlight = undefined), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: options are a new object in each rendering; their text tells whether they changed.
  const opening = useMemo((): Opening => {
    try {
      if (core === undefined || failure !== undefined) throw failure;
      const snapshot = core.openSync(token, options);
      return { opened: { snapshot, principal: snapshot.as() } };
    } catch (error) {
      return { error };
    }
  }, [JSON.stringify([token, options])]);
  // The smaller module has verified the token, and does not answer about its scope.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  if (codeOf(opening.error) === "wrong_scope") throw (wholeFlight ??= load());
  return opening;
}

function codeOf(error: unknown): string | undefined {
  return (error as Partial<WicketgateError> | undefined)?.code;
}
