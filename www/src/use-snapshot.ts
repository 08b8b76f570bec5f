// Holds one person's snapshot: loads it, renews it before it expires, and lets go of it when it has.
import { useCallback, useEffect, useState } from "react";
import { AuthorityError, type Failure, type Opened, openSnapshot } from "./authority";

export type SnapshotState =
  | { phase: "loading" }
  | { phase: "ready"; opened: Opened }
  | { phase: "failed"; failure: Failure };

const RENEW_BEFORE = 60; // seconds
const RETRY_AFTER = 10;

/** For one person for good: give the component that calls it the person as its `key`. */
export function useSnapshot(user: string): [SnapshotState, retry: () => void] {
  const [state, setState] = useState<SnapshotState>({ phase: "loading" });
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => {
    setState({ phase: "loading" });
    setAttempt((count) => count + 1);
  }, []);

  useEffect(() => {
    const abort = new AbortController();
    let opened: Opened | undefined;
    let timer: ReturnType<typeof setTimeout>;

    async function load(): Promise<void> {
      try {
        // The replaced snapshot is not freed here, because React may still be drawing with it: its finalizer does.
        opened = await openSnapshot(user, abort.signal, opened);
        if (abort.signal.aborted) return;
        setState({ phase: "ready", opened });
        timer = setTimeout(load, 1000 * Math.max(RETRY_AFTER, secondsLeft(opened) - RENEW_BEFORE));
      } catch (error) {
        if (abort.signal.aborted) return;
        const failure: Failure = error instanceof AuthorityError ? error.failure : { kind: "network" };
        const left = opened ? secondsLeft(opened) : 0;
        // Out of reach is no reason to forget what still holds; an answer that does not verify is one.
        if (failure.kind === "network" && left > 0) {
          timer = setTimeout(load, 1000 * Math.min(RETRY_AFTER, left));
        } else {
          setState({ phase: "failed", failure: opened && failure.kind === "network" ? { kind: "expired" } : failure });
        }
      }
    }

    void load();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [user, attempt]);

  return [state, retry];
}

function secondsLeft({ snapshot }: Opened): number {
  return snapshot.expiresAt - Date.now() / 1000;
}
