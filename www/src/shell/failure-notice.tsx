// Shown instead of the console when there is nothing to show: the reason, and a button to try again.
import type { Failure } from "../data/api";
import { failureInWords } from "../data/problems";
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
      return ["The authority can’t be reached", "Nothing can be shown until it answers. Check your connection."];
    case "refused":
      return ["The authority refused the request", failureInWords(failure), failure.problem.code];
    case "unexpected":
      return ["The authority refused the request", failureInWords(failure), failure.code];
    case "expired":
      return [
        "The answer is too old, or the clock is wrong",
        `The authority signed the answer, but it is not valid at the time that this computer’s clock shows: ${timeInWords(Date.now() / 1000)}. If the clock is wrong, set it and try again.`,
      ];
    case "unloaded":
      return [
        "This page could not load its verification code",
        "Answers are verified in the browser, with WebAssembly. Either the file did not arrive, or this browser is too old or does not allow it.",
        failure.code,
      ];
    case "unverified":
      return [
        "The snapshot could not be verified",
        "The authority did not sign this answer for this page, so it is not shown.",
        failure.code,
      ];
  }
}
