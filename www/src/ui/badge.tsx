// A state in one or two words. The words say it; the colour only helps.
import type { ReactNode } from "react";

export function Badge({ tone = "plain", children }: { tone?: "plain" | "good" | "info" | "warn" | "bad"; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}
