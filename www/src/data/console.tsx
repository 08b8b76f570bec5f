// What every page may ask for: the person's own snapshot, its facts, and the feeds that hang on it.
import { createContext, type ReactNode, use, useMemo } from "react";
import type { Organization, Principal, Snapshot } from "wicketgate";
import { Wicketgate } from "wicketgate/react";
import { type Directory, fetchDirectory } from "./api";
import { Feed } from "./feed";
import { holdsEverything } from "./role-grants";
import { fetchOverview, type Overview } from "./overview";
import type { Opened } from "./use-live";

export interface Console {
  snapshot: Snapshot;
  me: Principal;
  /** The facts of the person's snapshot: parsed once per change. */
  facts: Organization;
  version: number;
  /** Who is signed in. */
  subject: string;
  /** Their organization role. */
  role: string;
  /** Whether they hold everything everywhere, whatever the plan says: then they may have the overview. */
  everything: boolean;
  directory: Feed<Directory>;
  overviews: Feed<Overview>;
}

const Context = createContext<Console | undefined>(undefined);

/** While nothing is opened, what needs it must not be drawn. */
export function ConsoleProvider({ opened, children }: { opened: Opened | undefined; children: ReactNode }) {
  const live = opened?.live;
  // Of one connection, and so of one person.
  const feeds = useMemo(() => ({
    directory: new Feed<Directory>(fetchDirectory),
    overviews: new Feed<Overview>((signal, last) => fetchOverview("/v1/workspace", signal, last)),
  }), [live]);
  const value = useMemo((): Console | undefined => {
    if (!opened) return undefined;
    const { snapshot, me, facts } = opened;
    const subject = snapshot.subject ?? "";
    const role = facts.users?.find(({ id }) => id === subject)?.role ?? "user";
    return { snapshot, me, facts, version: snapshot.version, subject, role, everything: holdsEverything(role), ...feeds };
  }, [opened, feeds]);
  return (
    <Wicketgate live={live}>
      <Context value={value}>{children}</Context>
    </Wicketgate>
  );
}

export function useConsole(): Console {
  const value = use(Context);
  if (!value) throw new Error("useConsole is for pages of somebody signed in");
  return value;
}
