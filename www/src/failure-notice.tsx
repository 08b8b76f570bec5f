import type { Failure } from "./api";
import { problemInWords } from "./problems";

interface Props {
  failure: Failure;
  onRetry: () => void;
}

export function FailureNotice({ failure, onRetry }: Props) {
  const [title, text, code] = inWords(failure);
  return (
    <section role="alert" className="card failure">
      <h2>{title}</h2>
      <p>{text}</p>
      {code !== undefined && <p className="soft">Code: <code>{code}</code></p>}
      <button type="button" className="primary" onClick={onRetry}>Try again</button>
    </section>
  );
}

function inWords(failure: Failure): [title: string, text: string, code?: string] {
  switch (failure.kind) {
    case "network": return ["The authority is out of reach", "Nothing can be shown until it answers. Check your connection."];
    case "refused": return ["The authority refused", problemInWords(failure.problem), failure.problem.code];
    case "unverified": return ["The snapshot could not be verified", "What arrived is not what the authority signed for this page, so nothing of it is shown.", failure.code];
  }
}
