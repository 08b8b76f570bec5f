// What every page may use: the person's own snapshot, its facts, and the feeds of the connection.
import { createContext, type ReactNode, use, useMemo } from "react";
import type { Organization, Principal, Snapshot } from "wicketgate";
import { Wicketgate } from "wicketgate/react";
import { type Directory, fetchDirectory, fetchReviews, type Review } from "./api";
import { Feed } from "./feed";
import { fetchOverview, type Overview } from "./overview";
import { holdsEverything } from "./role-grants";
import type { Opened } from "./use-live";

export interface ConsoleContext {
  snapshot: Snapshot;
  me: Principal;
  /** The facts of the person's snapshot, parsed once per change. */
  facts: Organization;
  version: number;
  /** Id of the person who is signed in. */
  subject: string;
  /** Their role in the organization. */
  role: string;
  /** Whether their role grants everything, whatever the plan withholds: then they may have the overview. */
  everything: boolean;
  directory: Feed<Directory>;
  overviews: Feed<Overview>;
  reviews: Feed<Review[]>;
  /** Resolves once the page shows this version or a later one, or after `LONGEST_WAIT`: a message about a command then agrees with the page. */
  reached: (version: number) => Promise<void>;
}

/** Milliseconds. After a longer silence, people believe that nothing happened. */
const LONGEST_WAIT = 3000;

const Context = createContext<ConsoleContext | undefined>(undefined);

/** While `opened` is undefined, its children must not call `useConsole`. */
export function ConsoleProvider({ opened, children }: { opened: Opened | undefined; children: ReactNode }) {
  const live = opened?.live;
  // One set of feeds per connection, and so per person.
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
    // A refresh that fails shows in the freshness.
    const reached = (version: number) =>
      Promise.race([catchUp(version).catch(() => {}), new Promise<void>((resolve) => setTimeout(resolve, LONGEST_WAIT))]);
    return { ...feeds, reached };
  }, [live]);
  const value = useMemo((): ConsoleContext | undefined => {
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

export function useConsole(): ConsoleContext {
  const value = use(Context);
  if (!value) throw new Error("call `useConsole` only in pages for people who are signed in");
  return value;
}
