// Who is signed in, how fresh what the page knows is, and the way out.
import { useEffect, useState, useSyncExternalStore } from "react";
import { type Failure, failureOf, signOut } from "./api";
import { failureInWords } from "./problems";
import type { Freshness, Opened } from "./use-live";
import { roleName } from "./words";

/** Milliseconds. */
const PATIENCE = 5000;

interface Props {
  opened: Opened;
  freshness: Freshness;
}

export function Account({ opened: { snapshot, facts }, freshness }: Props) {
  const [failure, setFailure] = useState<Failure>();
  const lasting = useLasting(freshness);
  const state = useOnline() || lasting === "expired" ? lasting : "offline";
  const user = facts.users?.find(({ id }) => id === snapshot.subject);

  async function leave(): Promise<void> {
    try {
      await signOut();
      location.replace("/");
    } catch (error) {
      setFailure(failureOf(error));
    }
  }

  return (
    <div className="account">
      <p role="status" className={`freshness ${state}`}>{FRESHNESS[state]}</p>
      <p className="who"><strong>{user?.email ?? snapshot.subject}</strong> {user && <span className="soft">{roleName(user.role)}</span>}</p>
      <button type="button" onClick={leave}>Sign out</button>
      {failure && <p role="alert" className="problem">You are still signed in. {failureInWords(failure)}</p>}
    </div>
  );
}

/** Being behind for a moment is part of every change: it is shown only where it lasts. */
function useLasting(freshness: Freshness): Freshness {
  const [shown, setShown] = useState(freshness);
  useEffect(() => {
    const timer = setTimeout(() => setShown(freshness), freshness === "stale" ? PATIENCE : 0);
    return () => clearTimeout(timer);
  }, [freshness]);
  return shown;
}

function useOnline(): boolean {
  return useSyncExternalStore(followConnection, () => navigator.onLine);
}

function followConnection(tell: () => void): () => void {
  addEventListener("online", tell);
  addEventListener("offline", tell);
  return () => {
    removeEventListener("online", tell);
    removeEventListener("offline", tell);
  };
}

const FRESHNESS: Record<Freshness | "offline", string> = {
  fresh: "Live",
  stale: "Out of touch: this may be out of date",
  offline: "Offline: as last known",
  expired: "Expired",
};
