// The status line of the console, as a page uses it. `ui/status-line.tsx` draws it.
import { createContext, use } from "react";

export const StatusContext = createContext<(text: string) => void>(() => {});

/** A function that shows a sentence in the status line: the result of a command, or why a button does nothing. */
export function useStatus(): (text: string) => void {
  return use(StatusContext);
}
