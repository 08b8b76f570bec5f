// Shown instead of a page that the person may not open: the reason, and who can change that.
import type { CapabilityOf } from "wicketgate";
import { Page } from "../ui/page";
import { Notice } from "../ui/notice";
import { useWhyNot } from "./use-why";

interface Props {
  title: string;
  /** The capability that the page needs. Absent: only global admins may open it. */
  needs?: CapabilityOf<"organization"> | undefined;
}

export function NotAllowed({ title, needs }: Props) {
  return (
    <Page title={title}>
      <Notice kind="warn" title="You can’t open this page">
        {needs === undefined ? (
          <p>It shows the access of everybody, so only global admins can open it. A global admin can give you that role.</p>
        ) : (
          <Why needs={needs} />
        )}
      </Notice>
    </Page>
  );
}

function Why({ needs }: { needs: CapabilityOf<"organization"> }) {
  return <p>{useWhyNot(needs)}</p>;
}
