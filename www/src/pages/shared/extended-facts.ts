// The most that the reader may know, beyond their own snapshot: the whole organization for people who hold everything; for people who give
// roles on teams and assistants, who has which role there and which roles exist; the same for people who define roles.
import { useMemo } from "react";
import type { Organization } from "wicketgate";
import type { Failure } from "../../data/api";
import { useConsole } from "../../data/console-context";
import { useFeed } from "../../data/feed";

export interface ExtendedFacts {
  /** The facts of the reader's own snapshot until the others have arrived. */
  facts: Organization;
  loading: boolean;
  failure: Failure | undefined;
  retry: () => void;
}

export function useExtendedFacts(): ExtendedFacts {
  const { me, facts, everything, overviews, directory, version } = useConsole();
  const givesRoles = useMemo(
    () =>
      !everything && (me.can("role.define") || me.list("assistant.share").length > 0 || me.list("team.manage_members").length > 0),
    [me, everything],
  );
  const overview = useFeed(overviews, version, everything);
  const view = useFeed(directory, version, givesRoles);
  const { pending, failure, retry } = everything ? overview : view;
  const extended = everything ? overview.value?.facts : view.value?.organization;
  return { facts: extended ?? facts, loading: pending, failure, retry };
}
