// Copies a text, and says so.
import { useEffect, useState } from "react";
import { Button } from "./button";
import { useStatus } from "../lib/status";

/** Milliseconds for which the button says "Copied". */
const DURATION = 2000;

export function CopyButton({ text, label = "Copy", what }: { text: string; label?: string; what: string }) {
  const say = useStatus();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    const timer = copied ? setTimeout(() => setCopied(false), DURATION) : undefined;
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      say(`Copied: ${what}.`);
    } catch {
      say(`This browser did not allow copying. Select ${what} and copy it by hand.`);
    }
  }

  return (
    <Button aria-label={`${label}: ${what}`} onClick={() => void copy()}>
      {copied ? "Copied" : label}
    </Button>
  );
}
