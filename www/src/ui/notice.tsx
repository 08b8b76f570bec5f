// An information, a warning or an error. Screen readers announce an error when it appears.
import type { ReactNode } from "react";

interface Props {
  kind?: "info" | "warn" | "error";
  title?: string;
  /** It replaces the page: its title is the page's heading. */
  alone?: boolean;
  children?: ReactNode;
  actions?: ReactNode;
}

export function Notice({ kind = "info", title, alone = false, children, actions }: Props) {
  return (
    <section className={`notice ${kind}`} {...(kind === "error" && { role: "alert" })}>
      {title !== undefined && (alone ? <h1>{title}</h1> : <h2>{title}</h2>)}
      {children}
      {actions && <div className="actions">{actions}</div>}
    </section>
  );
}
