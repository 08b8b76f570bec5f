import type { Failure } from "./authority";

interface Props {
  failure: Failure;
  onRetry: () => void;
}

export function FailureNotice({ failure, onRetry }: Props) {
  const [title, text] = inWords(failure);
  return (
    <section role="alert" className="card failure">
      <h2>{title}</h2>
      <p>{text}</p>
      {"code" in failure && <p className="soft">Code: <code>{failure.code}</code></p>}
      <button type="button" className="primary" onClick={onRetry}>Try again</button>
    </section>
  );
}

function inWords(failure: Failure): [title: string, text: string] {
  switch (failure.kind) {
    case "network": return ["The authority is out of reach", "Nothing can be shown until it answers. Check your connection."];
    case "refused": return ["The authority refused", `${failure.title}.`];
    case "unverified": return ["The snapshot could not be verified", "What arrived is not what the authority signed for this page, so nothing of it is shown."];
    case "expired": return ["The snapshot has expired", "What this page knew is too old to rely on, and a newer one could not be fetched."];
  }
}
