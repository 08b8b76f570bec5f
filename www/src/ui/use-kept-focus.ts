// Keeps the keyboard in a table when the row that has the focus goes, or the row whose dialog is open: the row that takes its place gets the focus.
// Otherwise the next Tab would begin at the top of the page.
import { type FocusEvent, useEffect, useRef } from "react";

/** What takes the focus in a row. */
const CONTROL = ":is(td.menu button, a, button)";
/** What opens from a row, and closes again. */
const OVERLAYS = ".overlay, .popover";

/**
 * @param count of the rows
 * @returns handlers of the frame around the table
 */
export function useKeptFocus(frame: HTMLElement | null, count: number) {
  const held = useRef<Held>(undefined);

  // At every render, because a dialog may close before the row goes, or after.
  useEffect(() => {
    let again = 0;
    const keep = () => {
      const { activeElement: focused, body } = document;
      if (!held.current || !frame || focused?.closest(OVERLAYS)) return;
      if (focused !== body) held.current = frame.contains(focused) ? held.current : undefined;
      // A dialog that closes lets the page be used again a moment later.
      else if (frame.closest("[inert]")) again = requestAnimationFrame(keep);
      else rowInPlace(frame, held.current, count)?.querySelector<HTMLElement>(CONTROL)?.focus();
    };
    keep();
    return () => cancelAnimationFrame(again);
  });

  // Menus are children of the table for React, and elsewhere in the page.
  return {
    onFocus({ target, currentTarget }: FocusEvent<HTMLElement>) {
      if (!currentTarget.contains(target)) return;
      const row = target.closest<HTMLElement>("tr[data-row]");
      held.current = row ? { row, index: Number(row.dataset["index"]) } : undefined;
    },
    // Not called for an element that is removed.
    onBlur({ target, currentTarget, relatedTarget }: FocusEvent<HTMLElement>) {
      if (currentTarget.contains(target) && !relatedTarget?.closest(OVERLAYS)) held.current = undefined;
    },
  };
}

interface Held {
  row: HTMLElement;
  index: number;
}

/** The row; if it is gone, the one in its place. */
function rowInPlace(frame: HTMLElement, { row, index }: Held, count: number): Element | null {
  return row.isConnected ? row : frame.querySelector(`tr[data-index="${Math.min(index, count - 1)}"]`);
}
