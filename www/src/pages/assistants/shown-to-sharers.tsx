// Shown instead of links or websites to people who may not share the assistant.
import { Notice } from "../../ui/notice";

export function ShownToSharers({ what, whyNot }: { what: string; whyNot: string }) {
  return (
    <Notice kind="warn" title={`${what} are shown to people who may share the assistant`}>
      <p>{whyNot}</p>
    </Notice>
  );
}
