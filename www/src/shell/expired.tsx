import { Button } from "../ui/button";
import { Notice } from "../ui/notice";

export function Expired({ onRetry }: { onRetry: () => void }) {
  return (
    <Notice
      alone
      kind="error"
      title="The data on this page has expired"
      actions={
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>It is too old to rely on, and newer data could not be fetched.</p>
    </Notice>
  );
}
