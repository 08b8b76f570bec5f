// The frame of a page: title, description and actions.
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import { Icon } from "./icon";

interface Props {
  title: string;
  description?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  /** The page above: "Assistants", /assistants. */
  parent?: { title: string; path: string };
  children?: ReactNode;
}

/** The address of the page shown last. Absent before the first page: there the browser itself starts at the top. */
let shown: string | undefined;

export function Page({ title, description, actions, parent, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} – Wicketgate`;
  }, [title]);

  // The focus moves to the heading, so that screen readers announce the new page.
  useEffect(() => {
    const { pathname } = location;
    if (shown !== undefined && shown !== pathname) heading.current?.focus();
    shown = pathname;
    // Only when the page appears: a tab changes the address too, but keeps the focus.
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
