// The frame of a page: its title, what it is for, and what can be done on it as a whole.
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { Icon } from "./icon";

interface Props {
  title: string;
  description?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  /** Where it hangs: "Assistants", /assistants. */
  parent?: { title: string; path: string };
  children?: ReactNode;
}

/** The address that was opened first: there the browser itself begins at the top. */
let shown: string | undefined;

export function Page({ title, description, actions, parent, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [path] = useLocation();

  useEffect(() => {
    document.title = `${title} – Wicketgate`;
  }, [title]);

  // Somebody who cannot see that the page is another one is told by where the focus is.
  useEffect(() => {
    if (shown !== undefined && shown !== path) heading.current?.focus();
    shown = path;
    // Only when the page appears: tabs have addresses too, and keep the focus.
  }, []);

  return (
    <div className="page">
      <header className="page-head">
        <div>
          {parent && (
            <Link href={parent.path} className="parent">
              <Icon name="back" />
              {parent.title}
            </Link>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {description && <div className="soft">{description}</div>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
