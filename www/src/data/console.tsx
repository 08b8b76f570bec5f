// What every page may ask for: the person's own snapshot, its facts, and the feeds that hang on it.
import { createContext, type ReactNode, use, useMemo } from "react";
import type { Organization, Principal, Snapshot } from "wicketgate";
import { Wicketgate } from "wicketgate/react";
import { type Directory, fetchDirectory, fetchReviews, type Review } from "./api";
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
  reviews: Feed<Review[]>;
  /** Once what is shown is of this version or later; where that cannot be had, after a moment. What is said of a command then agrees with it. */
  reached: (version: number) => Promise<void>;
}

/** Milliseconds: longer, and whoever waits thinks that nothing was done. */
const LONGEST_WAIT = 3000;

const Context = createContext<Console | undefined>(undefined);

/** While nothing is opened, what needs it must not be drawn. */
export function ConsoleProvider({ opened, children }: { opened: Opened | undefined; children: ReactNode }) {
  const live = opened?.live;
  // Of one connection, and so of one person.
  const connected = useMemo(() => {
    const feeds = {
      directory: new Feed<Directory>(fetchDirectory),
      overviews: new Feed<Overview>((signal, last) => fetchOverview("/v1/workspace", signal, last)),
      reviews: new Feed(fetchReviews),
    };
    const catchUp = async (version: number) => {
      if (live && live.version < version) await live.refresh();
      await Promise.all(Object.values(feeds).map((feed) => feed.reached(version)));
    };
    // What cannot be had, the freshness tells.
    const reached = (version: number) =>
      Promise.race([catchUp(version).catch(() => {}), new Promise<void>((resolve) => setTimeout(resolve, LONGEST_WAIT))]);
    return { ...feeds, reached };
  }, [live]);
  const value = useMemo((): Console | undefined => {
    if (!opened) return undefined;
    const { snapshot, me, facts } = opened;
    const subject = snapshot.subject ?? "";
    const role = facts.users?.find(({ id }) => id === subject)?.role ?? "user";
    return { snapshot, me, facts, version: snapshot.version, subject, role, everything: holdsEverything(role), ...connected };
  }, [opened, connected]);
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
