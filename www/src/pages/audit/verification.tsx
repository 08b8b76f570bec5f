// Verifies the whole history, and shows the result.
import { useEffect, useRef, useState } from "react";
import type { Failure as Failed } from "../../data/api";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Notice } from "../../ui/notice";
import { Time } from "../../ui/time";
import type { FetchedLog } from "./fetched-log";
import { Progress } from "./progress";
import { readLastVerification, type Verdict, verify } from "./verify";

type State =
  | { at: "rest" }
  | { at: "work"; what: string; done: number; of: number }
  | { at: "failed"; failure: Failed }
  | { at: "done"; verdict: Verdict };

interface Props {
  log: FetchedLog;
  /** Version of the person's own signed snapshot: the history must reach at least that far. */
  version: number;
  onVerdict: (verdict: Verdict | undefined) => void;
}

const number = new Intl.NumberFormat();

export function Verification({ log, version, onVerdict }: Props) {
  const [state, setState] = useState<State>({ at: "rest" });
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  async function begin(): Promise<void> {
    abort.current?.abort();
    const { signal } = (abort.current = new AbortController());
    onVerdict(undefined);
    const show = (what: string) => (done: number) => signal.aborted || setState({ at: "work", what, done, of: version });
    show("Fetching")(0);
    const entries = await log.all(version, show("Fetching"), signal);
    if (signal.aborted) return;
    if (!entries) return setState({ at: "failed", failure: log.read().failure ?? { kind: "network" } });
    show("Verifying")(0);
    const verdict = await verify(entries, show("Verifying"), signal).catch((): Failed => ({ kind: "network" }));
    if (signal.aborted || verdict === undefined) return;
    if (!("fits" in verdict)) return setState({ at: "failed", failure: verdict });
    setState({ at: "done", verdict });
    onVerdict(verdict);
  }

  return (
    <section className="card verification" aria-label="Verification">
      <div className="verification-head">
        <div>
          <h2>Is the log unchanged?</h2>
          <p className="soft">
            Every entry contains the hash of the one before it, so a changed, moved or missing entry is noticed. Your browser checks
            this itself. <LastVerified />
          </p>
        </div>
        <Button variant={state.at === "done" ? undefined : "primary"} busy={state.at === "work"} onClick={() => void begin()}>
          {state.at === "done" ? "Verify again" : "Verify the whole history"}
        </Button>
      </div>
      {state.at === "work" && <Progress {...state} />}
      {state.at === "failed" && (
        <Failure
          failure={state.failure}
          title={state.failure.kind === "unverified" ? "The authority left out entries" : "The history could not be verified"}
          onRetry={() => void begin()}
        />
      )}
      <div role="status">{state.at === "done" && state.verdict.fits && <Fits {...state.verdict} />}</div>
      {state.at === "done" && !state.verdict.fits && <Misfit verdict={state.verdict} />}
    </section>
  );
}

function LastVerified() {
  const last = readLastVerification();
  return last ? (
    <>
      Last verified in this browser <Time at={last.at} />, up to entry {number.format(last.version)}.
    </>
  ) : (
    <>It has never been verified in this browser.</>
  );
}

function Fits({ count, before }: Extract<Verdict, { fits: true }>) {
  return (
    <div className="notice good">
      <h3>All {number.format(count)} entries are unchanged</h3>
      {before ? (
        <p>
          The first {number.format(before.version)} are the ones that you verified in this browser on{" "}
          <Time at={before.at} show="exact" />: nothing was rewritten since.
        </p>
      ) : (
        <p>
          This browser now remembers where the history ends. The next verification also notices if the whole history was rewritten.
        </p>
      )}
    </div>
  );
}

function Misfit({ verdict }: { verdict: Extract<Verdict, { fits: false }> }) {
  const [title, text] = inWords(verdict);
  return (
    <Notice kind="error" title={title}>
      <p>{text}</p>
      <p>Do not rely on this log. Export it as JSON, keep the file, and show it to the operator of the authority.</p>
    </Notice>
  );
}

function inWords(verdict: Extract<Verdict, { fits: false }>): [title: string, text: string] {
  if (verdict.kind === "broken") {
    const { version } = verdict;
    return [
      `Entry ${number.format(version)} does not fit`,
      version === 1
        ? "It is not a valid first entry."
        : `It does not follow entry ${number.format(version - 1)}: one of the two was changed, or an entry between them is missing. The entries before are intact.`,
    ];
  }
  const { before } = verdict;
  const then = new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(before.at * 1000);
  return verdict.kind === "shortened"
    ? [
        "The history is shorter than it was",
        `When this browser verified it on ${then}, it had ${number.format(before.version)} entries.`,
      ]
    : [
        "The history was rewritten",
        `Its entries fit together, but the first ${number.format(before.version)} are not the ones that this browser verified on ${then}.`,
      ];
}
