import { Button } from "../ui/button";
import { Notice } from "../ui/notice";

export function Expired({ onRetry }: { onRetry: () => void }) {
  return (
    <Notice
      alone
      kind="error"
      title="The snapshot has expired"
      actions={
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>What this page knew is too old to rely on, and a newer one could not be fetched.</p>
    </Notice>
  );
}
