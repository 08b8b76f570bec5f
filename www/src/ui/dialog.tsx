// A window over the page that asks for something. Loaded when the first one opens.
import { type ComponentProps, lazy, Suspense } from "react";

const Frame = lazy(() => import("./dialog-frame"));
type FrameProps = ComponentProps<typeof Frame>;

/** Draw it while it is open: `{inviting && <DialogForm …>}`. It closes by `onClose`, also by Escape. */
export function DialogForm(props: Omit<FrameProps, "role" | "danger">) {
  return (
    <Suspense>
      <Frame {...props} role="dialog" />
    </Suspense>
  );
}

/** Asks once more before something is lost, and says what. */
export function ConfirmDialog(props: Omit<FrameProps, "role">) {
  return (
    <Suspense>
      <Frame danger {...props} role="alertdialog" />
    </Suspense>
  );
}
