// The person who is signed in, the freshness of the data, and sign-out.
import { useEffect, useState, useSyncExternalStore } from "react";
import { Link } from "wouter";
import { type Failure, failureOf, signOut } from "../data/api";
import { clockInWords } from "../lib/clock";
import { useConsole } from "../data/console-context";
import { failureInWords } from "../data/problems";
import type { Freshness } from "../data/use-live";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { roleName } from "../why/words";

/** Milliseconds for which the data must be stale before the page says so. */
const STALE_DELAY = 5000;

export function Account({ freshness, clockOffset }: { freshness: Freshness; clockOffset: number }) {
  const { facts, subject, role } = useConsole();
  const [failure, setFailure] = useState<Failure>();
  const lasting = useLasting(freshness);
  const state = useOnline() || lasting === "expired" ? lasting : "offline";
  const clock = clockInWords(clockOffset);
  const user = facts.users?.find(({ id }) => id === subject);

  async function leave(everywhere: boolean): Promise<void> {
    try {
      await signOut({ everywhere });
      location.replace("/");
    } catch (error) {
      setFailure(failureOf(error));
    }
  }

  return (
    <div className="account">
      <p role="status" className={`freshness ${state}`}>
        {FRESHNESS[state]}
      </p>
      {clock !== undefined && (
        <p role="status" className="clock">
          {clock}
        </p>
      )}
      <Link href="/me" className="who" title="Your access">
        <strong>{user?.email ?? subject}</strong> <span className="soft">{roleName(role)}</span>
      </Link>
      <div className="actions">
        <Button onClick={() => void leave(false)}>Sign out</Button>
        <Button variant="quiet" aria-label="Actions for your account" popoverTarget="account-actions">
          <Icon name="more" />
        </Button>
        <div id="account-actions" className="popover" popover="auto">
          <Button variant="quiet" onClick={() => void leave(true)}>
            Sign out everywhere
          </Button>
        </div>
      </div>
      {failure && (
        <p role="alert" className="problem">
          You are still signed in. {failureInWords(failure)}
        </p>
      )}
    </div>
  );
}

/** The freshness to show. Every change makes the data stale for a moment, which is shown only if it lasts. */
function useLasting(freshness: Freshness): Freshness {
  const [shown, setShown] = useState(freshness);
  useEffect(() => {
    const timer = setTimeout(() => setShown(freshness), freshness === "stale" ? STALE_DELAY : 0);
    return () => clearTimeout(timer);
  }, [freshness]);
  return shown;
}

function useOnline(): boolean {
  return useSyncExternalStore(followConnection, () => navigator.onLine);
}

function followConnection(notify: () => void): () => void {
  addEventListener("online", notify);
  addEventListener("offline", notify);
  return () => {
    removeEventListener("online", notify);
    removeEventListener("offline", notify);
  };
}

const FRESHNESS: Record<Freshness | "offline", string> = {
  fresh: "Live",
  stale: "Not updating: this may be out of date",
  offline: "Offline: this is the last known state",
  expired: "Expired",
};
