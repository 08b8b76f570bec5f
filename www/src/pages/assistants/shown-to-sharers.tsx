// In place of something that only those see who may change it.
import { Notice } from "../../ui/notice";

export function ShownToSharers({ what, whyNot }: { what: string; whyNot: string }) {
  return (
    <Notice kind="warn" title={`${what} are shown to people who may share the assistant`}>
      <p>{whyNot}</p>
    </Notice>
  );
}
