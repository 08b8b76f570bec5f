import { useCallback, useEffect, useState } from "react";
import { AuthorityError, type DemoLink, type Failure, fetchDemoLinks, fetchPeople, type Person } from "./authority";
import { FailureNotice } from "./failure-notice";
import { PersonPicker } from "./person-picker";
import { PersonView } from "./person-view";

type Start =
  | { phase: "loading" }
  | { phase: "ready"; people: Person[]; links: DemoLink[] }
  | { phase: "failed"; failure: Failure };

export function App() {
  const [start, setStart] = useState<Start>({ phase: "loading" });
  const [attempt, setAttempt] = useState(0);
  const [asked, choose] = usePersonInAddress();

  useEffect(() => {
    const abort = new AbortController();
    setStart({ phase: "loading" });
    Promise.all([fetchPeople(abort.signal), fetchDemoLinks(abort.signal)]).then(
      ([people, links]) => abort.signal.aborted || setStart({ phase: "ready", people, links }),
      (error) => abort.signal.aborted || setStart({
        phase: "failed",
        failure: error instanceof AuthorityError ? error.failure : { kind: "network" },
      }),
    );
    return () => abort.abort();
  }, [attempt]);

  const people = start.phase === "ready" ? start.people : [];
  const user = asked ?? people[0]?.id;
  return (
    <>
      <header className="bar">
        <h1><img src="/icon.svg" alt="" width="28" height="28" /> Wicketgate</h1>
        {user !== undefined && people.length > 0 && <PersonPicker people={people} chosen={user} onChoose={choose} />}
      </header>
      <main>
        {start.phase === "loading" && <p role="status" className="card loading">Asking the authority…</p>}
        {start.phase === "failed" && <FailureNotice failure={start.failure} onRetry={() => setAttempt(attempt + 1)} />}
        {start.phase === "ready" && user !== undefined && <PersonView key={user} user={user} links={start.links} />}
        {start.phase === "ready" && user === undefined && <p className="card notice">The organization has no people yet.</p>}
      </main>
      <footer>
        This page decides only what to show, from a snapshot it verified itself. Whatever serves data checks again, with the same rules.
      </footer>
    </>
  );
}

/** `?as=ben` in the address: a link to what a person sees, and a step back in the history. */
function usePersonInAddress(): [string | undefined, (id: string) => void] {
  const [person, setPerson] = useState(readPerson);
  useEffect(() => {
    const read = () => setPerson(readPerson());
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const choose = useCallback((id: string) => {
    history.pushState(null, "", `?as=${encodeURIComponent(id)}`);
    setPerson(id);
  }, []);
  return [person, choose];
}

function readPerson(): string | undefined {
  return new URLSearchParams(location.search).get("as") ?? undefined;
}
