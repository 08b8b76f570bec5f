// Shows the console when it is known which organization it is for. At the apex there is none, and the page of the apex is shown.
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { type Failure, failureOf } from "../data/api";
import { fetchApex } from "../data/apex-api";
import { learnOrganization } from "../data/settings";
import { Loading } from "../ui/loading";
import { Apex } from "./apex";
import { FailureNotice } from "./failure-notice";

type State =
  | { phase: "asking" }
  | { phase: "known" }
  | { phase: "apex"; mayCreate: boolean }
  | { phase: "failed"; failure: Failure };

export function WithOrganization({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>({ phase: "asking" });
  const learn = useCallback(() => {
    setState({ phase: "asking" });
    void learned().then(setState);
  }, []);
  useEffect(learn, [learn]);

  if (state.phase === "known") return children;
  if (state.phase === "apex") return <Apex mayCreate={state.mayCreate} />;
  return (
    <main className="alone">
      {state.phase === "asking" ? (
        <Loading what="Connecting to the authority" />
      ) : (
        <FailureNotice failure={state.failure} onRetry={learn} />
      )}
    </main>
  );
}

async function learned(): Promise<State> {
  try {
    await learnOrganization();
    return { phase: "known" };
  } catch (error) {
    const failure = failureOf(error);
    const apex = failure.kind === "refused" && failure.problem.code === "not_found" ? await fetchApex().catch(() => {}) : undefined;
    return apex ? { phase: "apex", mayCreate: apex.sign_up } : { phase: "failed", failure };
  }
}
