// Whether the token verifies, step by step.
import { Notice } from "../../ui/notice";
import { Time } from "../../ui/time";
import type { Inspection } from "./inspect";
import type { Token, TokenKind } from "./token";
import type { StepState } from "./steps";

const WHAT: Record<TokenKind, string> = {
  snapshot: "This snapshot",
  delta: "This delta",
  head: "This head",
  pass: "This pass",
  other: "This",
};

const MARKS: Record<StepState, [mark: string, word: string]> = {
  passed: ["✓", "passed"],
  failed: ["✕", "failed"],
  not_reached: ["–", "not reached"],
  not_compared: ["–", "not compared"],
  not_possible: ["–", "not possible"],
};

export function Verdict({
  token,
  inspection: { steps, verifies, error, baseRefused, snapshot },
}: {
  token: Token;
  inspection: Inspection;
}) {
  const failed = steps.find(({ state }) => state === "failed");
  return (
    <section className="card" aria-label="Verification">
      <div role="status">
        {verifies ? (
          <div className="notice verified">
            <h2>{token.kind === "delta" && !snapshot ? "The signature of this delta is valid" : `${WHAT[token.kind]} verifies`}</h2>
            <p>
              {token.kind === "delta" && !snapshot
                ? "Paste the snapshot that it starts from to check whether the delta applies."
                : "It was signed with one of the keys, and nothing in it was changed."}{" "}
              <Expiry token={token} />
            </p>
          </div>
        ) : (
          <Notice kind="error" title={`${WHAT[token.kind]} does not verify`}>
            <p>
              {failed?.note ??
                `${baseRefused ? "The snapshot that it starts from does not verify" : "It could not be verified"}: ${error?.message ?? ""}.`}{" "}
              {failed?.id !== "signature" && failed?.id !== "key" && <Expiry token={token} />}
            </p>
            {error && (
              <p className="soft">
                Code: <code>{error.code}</code>
              </p>
            )}
          </Notice>
        )}
      </div>
      {steps.length > 0 && (
        <>
          <h3>Step by step</h3>
          <ol className="steps">
            {steps.map(({ id, label, state, note }) => (
              <li key={id} data-step={id} data-state={state}>
                <span aria-hidden="true" className="mark">
                  {MARKS[state][0]}
                </span>
                <span>
                  {label}
                  <span className={state === "passed" ? "unseen" : "soft"}>: {MARKS[state][1]}</span>
                  {note !== undefined && state !== "failed" && <span className="soft">. {note}</span>}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Expiry({ token }: { token: Token }) {
  const { exp } = token.claims ?? {};
  if (typeof exp !== "number") return null;
  return (
    <>
      {exp * 1000 < Date.now() ? "It expired" : "It expires"} <Time at={exp} /> (<Time at={exp} show="exact" />
      ).
    </>
  );
}
