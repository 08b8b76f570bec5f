// Nothing can be shown: why, and a way to try again.
import type { Failure } from "../data/api";
import { problemInWords } from "../data/problems";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { timeInWords } from "../lib/time";

export function FailureNotice({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const [title, text, code] = inWords(failure);
  return (
    <Notice
      alone
      kind="error"
      title={title}
      actions={
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>{text}</p>
      {code !== undefined && (
        <p className="soft">
          Code: <code>{code}</code>
        </p>
      )}
    </Notice>
  );
}

function inWords(failure: Failure): [title: string, text: string, code?: string] {
  switch (failure.kind) {
    case "network":
      return ["The authority is out of reach", "Nothing can be shown until it answers. Check your connection."];
    case "refused":
      return ["The authority refused", problemInWords(failure.problem), failure.problem.code];
    case "expired":
      return [
        "What arrived is too old, or the clock is wrong",
        `The authority signed it, but for another time than this computer’s clock shows: ${timeInWords(Date.now() / 1000)}. If that is wrong, set the clock and try again.`,
      ];
    case "unloaded":
      return [
        "This page could not load what verifies",
        "Answers are verified in the browser, with WebAssembly. Either its file did not arrive, or this browser is too old or forbids it.",
        failure.code,
      ];
    case "unverified":
      return [
        "The snapshot could not be verified",
        "What arrived is not what the authority signed for this page, so nothing of it is shown.",
        failure.code,
      ];
  }
}
