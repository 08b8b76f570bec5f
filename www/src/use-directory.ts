// What the authority tells those who look after people: e-mail addresses and open invitations. Asked again at every change.
import { useEffect, useState } from "react";
import type { DirectoryView } from "wicketgate/authority";
import { type Failure, failureOf, fetchDirectory } from "./api";

export function useDirectory(version: number): { view: DirectoryView | undefined; failure: Failure | undefined } {
  const [view, setView] = useState<DirectoryView>();
  const [failure, setFailure] = useState<Failure>();

  useEffect(() => {
    const abort = new AbortController();
    fetchDirectory(abort.signal).then(
      (fetched) => {
        if (abort.signal.aborted) return;
        setView(fetched);
        setFailure(undefined);
      },
      (error) => {
        if (!abort.signal.aborted) setFailure(failureOf(error));
      },
    );
    return () => abort.abort();
  }, [version]);

  return { view, failure };
}
