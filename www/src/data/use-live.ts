// The live snapshot of the person who is signed in. Renders again when its answers may have changed.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { type ErrorCode, type Organization, type Principal, type Snapshot, WicketgateError } from "wicketgate";
import { connect, type Live, localStorageOf } from "wicketgate/client";
import type { AuthorityProblemCode } from "wicketgate/contract";
import { type Failure, fetchSession, unverified } from "./api";
import { setClockOffset } from "../lib/clock";
import { AUDIENCE, theOrganization } from "./settings";

/** Name of the broadcast channel between the tabs of this browser: somebody signed in. */
const SIGNED_IN = "wicketgate-signed-in";
const SIGNED_OUT = new Set<ErrorCode>(["not_signed_in", "removed_user", "suspended_user"]);

export type Freshness = Live["freshness"];

/** A verified snapshot with what the page reads from it. A new object after every change, even if the snapshot is the same object. */
export interface Opened {
  live: Live;
  snapshot: Snapshot;
  me: Principal;
  facts: Organization;
}

export type LiveState =
  | { phase: "connecting" }
  | { phase: "signed_out"; code: ErrorCode | AuthorityProblemCode }
  | { phase: "failed"; failure: Failure }
  | { phase: "ready"; opened: Opened; freshness: Freshness; clockOffset: number; refresh: () => void };

export function useLive(): [LiveState, retry: () => void] {
  const [state, setState] = useState<LiveState>({ phase: "connecting" });
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const subject = useRef<string>(undefined);
  const signedOut = state.phase === "signed_out";
  const unexplained = signedOut && state.code === "not_signed_in" && subject.current !== undefined;

  useEffect(() => {
    const abort = new AbortController();
    setState({ phase: "connecting" });
    void follow(setState, subject, abort.signal);
    return () => abort.abort();
  }, [attempt]);

  /** Continues with the person who is now signed in to this browser, unless this tab belonged to another person. */
  const continueAs = useCallback(
    (user: string) => {
      if (subject.current === undefined || subject.current === user) retry();
      else setState({ phase: "signed_out", code: "other_user" });
    },
    [retry],
  );

  // A session that ends does not say why, or who signed in afterwards.
  useEffect(() => {
    if (!unexplained) return;
    let current = true;
    void fetchSession().then((session) => {
      if (!current || session === undefined) return;
      if ("user" in session) continueAs(session.user);
      else setState({ phase: "signed_out", code: session.code });
    });
    return () => {
      current = false;
    };
  }, [unexplained, continueAs]);

  useEffect(() => {
    if (!signedOut) return;
    const channel = new BroadcastChannel(SIGNED_IN);
    channel.onmessage = ({ data }) => continueAs(data);
    return () => channel.close();
  }, [signedOut, continueAs]);

  return [state, retry];
}

async function follow(
  setState: (state: LiveState) => void,
  subject: RefObject<string | undefined>,
  signal: AbortSignal,
): Promise<void> {
  let live: Live;
  try {
    // `connect` keeps trying: the console replaces this failure when it succeeds.
    const onRetry = () => setState({ phase: "failed", failure: { kind: "network" } });
    const { id, issuer } = theOrganization();
    live = await connect({
      issuer,
      audience: AUDIENCE,
      organization: id,
      storage: localStorageOf(),
      signal,
      onRetry,
    });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof WicketgateError)) throw error;
    if (SIGNED_OUT.has(error.code)) setState({ phase: "signed_out", code: error.code });
    else setState({ phase: "failed", failure: error.code === "unreachable" ? { kind: "network" } : unverified(error.code) });
    return;
  }
  subject.current = live.snapshot.subject;
  announce(live.snapshot.subject);
  const refresh = () => void live.refresh().catch(ignore);
  const read = (): Opened => ({ live, snapshot: live.snapshot, me: live.me, facts: live.snapshot.facts() });
  let opened = read();
  const draw = () => {
    setClockOffset(live.clockOffset);
    setState({ phase: "ready", opened, freshness: live.freshness, clockOffset: live.clockOffset, refresh });
  };
  live.on("change", () => {
    // The authority was restored to an earlier state: the versions that this page remembers mean something else now.
    if (live.snapshot.epoch !== opened.snapshot.epoch) location.reload();
    opened = read();
    draw();
  });
  live.on("freshness", draw);
  live.on("clock", draw);
  live.on("signedOut", ({ code }) => setState({ phase: "signed_out", code }));
  draw();
}

/** Tells the other tabs who signed in. */
function announce(subject: string | undefined): void {
  const channel = new BroadcastChannel(SIGNED_IN);
  channel.postMessage(subject);
  channel.close();
}

/** The freshness shows a refresh that failed. */
function ignore(): void {}
