import { useEffect, useState } from "react";
import { Account } from "./account";
import { type DemoLink, fetchDemoLinks } from "./api";
import { FailureNotice } from "./failure-notice";
import { PersonView } from "./person-view";
import { SignedOut } from "./signed-out";
import { useLive } from "./use-live";

export function App() {
  const [state, again] = useLive();
  const links = useDemoLinks();
  return (
    <>
      <header className="bar">
        <h1><img src="/icon.svg" alt="" width="28" height="28" /> Wicketgate</h1>
        {state.phase === "ready" && <Account opened={state.opened} freshness={state.freshness} />}
      </header>
      <main>
        {state.phase === "connecting" && <p role="status" className="card loading">Asking the authority…</p>}
        {state.phase === "signed_out" && <SignedOut code={state.code} />}
        {state.phase === "failed" && <FailureNotice failure={state.failure} onRetry={again} />}
        {state.phase === "ready" && (
          <PersonView opened={state.opened} expired={state.freshness === "expired"} refresh={state.refresh} links={links} />
        )}
      </main>
      <footer>
        This page decides only what to show, from a snapshot it verified itself. Whatever serves data checks again, with the same rules.
      </footer>
    </>
  );
}

function useDemoLinks(): DemoLink[] {
  const [links, setLinks] = useState<DemoLink[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    void fetchDemoLinks(abort.signal).then((fetched) => abort.signal.aborted || setLinks(fetched));
    return () => abort.abort();
  }, []);
  return links;
}
