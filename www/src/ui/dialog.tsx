// Dialogs. Their code is loaded when the first one opens.
import { type ComponentProps, lazy, Suspense } from "react";

const Frame = lazy(() => import("./dialog-frame"));
type FrameProps = ComponentProps<typeof Frame>;

/** Render it while it is open: `{inviting && <DialogForm …>}`. Escape calls `onClose` too. */
export function DialogForm(props: Omit<FrameProps, "role" | "danger">) {
  return (
    <Suspense>
      <Frame {...props} role="dialog" />
    </Suspense>
  );
}

/** Asks for confirmation before something is lost, and says what is lost. */
export function ConfirmDialog(props: Omit<FrameProps, "role">) {
  return (
    <Suspense>
      <Frame danger {...props} role="alertdialog" />
    </Suspense>
  );
}
