// The one status line: the result of a command, or why a button does nothing. The latest sentence stays until it is dismissed or times out.
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { StatusContext } from "../lib/status";
import { Icon } from "./icon";

/** Milliseconds until a sentence disappears. */
const DURATION = 12_000;

export function StatusProvider({ children }: { children: ReactNode }) {
  // An object: the same sentence said again restarts the timer.
  const [message, setMessage] = useState<{ text: string }>();
  const say = useCallback((text: string) => setMessage({ text }), []);
  const clear = useCallback(() => setMessage(undefined), []);

  useEffect(() => {
    const timer = message && setTimeout(clear, DURATION);
    return () => clearTimeout(timer);
  }, [message, clear]);

  return (
    <StatusContext value={say}>
      {children}
      {/* In the top layer: screen readers reach it while a dialog is open. */}
      <div className="status" data-react-aria-top-layer="true">
        <p role="status">{message?.text}</p>
        {message && (
          <button type="button" className="button quiet" aria-label="Dismiss" onClick={clear}>
            <Icon name="close" />
          </button>
        )}
      </div>
    </StatusContext>
  );
}
