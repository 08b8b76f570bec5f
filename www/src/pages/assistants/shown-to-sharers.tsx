// In place of something that only those see who may change it.
import { Notice } from "../../ui/notice";

export function ShownToSharers({ what, whyNot }: { what: string; whyNot: string }) {
  return (
    <Notice kind="warn" title={`${what} is shown to those who may share it`}>
      <p>{whyNot}</p>
    </Notice>
  );
}
