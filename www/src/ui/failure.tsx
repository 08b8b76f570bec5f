// Why a command or a request failed, with a button to try again where that may help.
import type { Failure as Failed } from "../data/api";
import { failureInWords } from "../data/problems";
import { Button } from "./button";
import { Notice } from "./notice";

interface Props {
  failure: Failed | undefined;
  title?: string;
  onRetry?: () => void;
}

export function Failure({ failure, title, onRetry }: Props) {
  if (!failure) return null;
  return (
    <Notice kind="error" {...(title !== undefined && { title })} actions={onRetry && <Button onClick={onRetry}>Try again</Button>}>
      <p>{failureInWords(failure)}</p>
    </Notice>
  );
}
