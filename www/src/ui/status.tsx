// The one status line: what became of a command, and why something pressed is not possible. The last word stays until it is put away.
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from "react";
import { Icon } from "./icon";

/** Milliseconds. */
const SHOWN = 12_000;

const Context = createContext<(text: string) => void>(() => {});

/** What says something in the status line. */
export function useStatus(): (text: string) => void {
  return use(Context);
}

export function StatusProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ text: string }>();
  const say = useCallback((text: string) => setSaid({ text }), []);
  const clear = () => setSaid(undefined);

  useEffect(() => {
    const timer = said && setTimeout(clear, SHOWN);
    return () => clearTimeout(timer);
  }, [said]);

  return (
    <Context value={say}>
      {children}
      {/* In reach of a screen reader while a dialog is open, too. */}
      <div className="status" data-react-aria-top-layer="true">
        <p role="status">{said?.text}</p>
        {said && (
          <button type="button" className="button quiet" aria-label="Dismiss" onClick={clear}>
            <Icon name="close" />
          </button>
        )}
      </div>
    </Context>
  );
}
