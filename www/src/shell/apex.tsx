// The page of the deployment's own host: the organizations of the person who is signed in, and a form for a new one.
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { limits } from "wicketgate/contract";
import { type Failure, failureOf, signOut } from "../data/api";
import { fetchVisit, signUp, type Visit } from "../data/apex-api";
import { failureInWords } from "../data/problems";
import { Button } from "../ui/button";
import { Loading } from "../ui/loading";
import { TextField } from "../ui/text-field";
import { FailureNotice } from "./failure-notice";
import { BrandBar } from "./brand-bar";

/** @param mayCreate whether people may make organizations */
export function Apex({ mayCreate }: { mayCreate: boolean }) {
  const [state, retry] = useVisit();
  useEffect(() => {
    document.title = "Your organizations – Wicketgate";
  }, []);
  return (
    <>
      <BrandBar />
      <main className="alone">
        {state === "asking" ? (
          <Loading what="Looking for your organizations" />
        ) : state === "nobody" ? (
          <section className="card signed-out">
            <h1>Your organizations</h1>
            <p>Sign in to see the organizations that you are in{mayCreate && ", or to create one"}.</p>
            <a className="button primary" href="/v1/sign-in">
              Sign in
            </a>
          </section>
        ) : "kind" in state ? (
          <FailureNotice failure={state} onRetry={retry} />
        ) : (
          <Signed visit={state} mayCreate={mayCreate} />
        )}
      </main>
    </>
  );
}

function useVisit(): [state: "asking" | "nobody" | Failure | Visit, retry: () => void] {
  const [state, setState] = useState<"asking" | "nobody" | Failure | Visit>("asking");
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  useEffect(() => {
    const abort = new AbortController();
    setState("asking");
    fetchVisit(abort.signal).then(
      (visit) => !abort.signal.aborted && setState(visit ?? "nobody"),
      (error: unknown) => !abort.signal.aborted && setState(failureOf(error)),
    );
    return () => abort.abort();
  }, [attempt]);
  return [state, retry];
}

function Signed({ visit: { email, organizations }, mayCreate }: { visit: Visit; mayCreate: boolean }) {
  const leave = () => void signOut({ everywhere: false }).finally(() => location.reload());
  return (
    <section className="card">
      <h1>Your organizations</h1>
      <p className="soft">
        Signed in as {email}. <Button onClick={leave}>Sign out</Button>
      </p>
      {organizations.length === 0 ? (
        <p>You are in no organization yet. If you were invited to one, open the link in the e-mail.</p>
      ) : (
        <ul>
          {organizations.map(({ id, name, origin }) => (
            <li key={id}>
              <a href={`${origin}/`}>{name}</a> <span className="soft">{new URL(origin).host}</span>
            </li>
          ))}
        </ul>
      )}
      {mayCreate && <CreateOrganization />}
    </section>
  );
}

function CreateOrganization() {
  const [name, setName] = useState("");
  const [label, setLabel] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  async function create(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      location.assign(await signUp(name.trim(), label));
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void create(event)}>
      <h2>Create an organization</h2>
      <TextField label="Name" value={name} onChange={setName} required maxLength={limits.nameCharacters} />
      <TextField
        label="Address"
        value={label}
        onChange={(text) => setLabel(text.toLowerCase())}
        required
        maxLength={40}
        description={`Lower-case letters, digits and hyphens. The organization is then at ${label || "…"}.${location.host}.`}
      />
      {failure && (
        <p role="alert" className="problem">
          {failureInWords(failure)}
        </p>
      )}
      <Button variant="primary" type="submit" busy={busy}>
        Create
      </Button>
    </form>
  );
}
