// What the reader may know besides their own snapshot: everything, for those who hold everything; for those who give roles on teams and
// assistants, who has which there and which roles there are; for those who define roles, all of these.
import { useMemo } from "react";
import type { Organization } from "wicketgate";
import type { Failure } from "../../data/api";
import { useConsole } from "../../data/console";
import { useFeed } from "../../data/feed";

export interface Whole {
  /** As far as the reader may know it; the reader's own as long as there is nothing else. */
  facts: Organization;
  /** On its way. */
  loading: boolean;
  failure: Failure | undefined;
  again: () => void;
}

export function useWhole(): Whole {
  const { me, facts, everything, overviews, directory, version } = useConsole();
  const gives = useMemo(
    () =>
      !everything && (me.can("role.define") || me.list("assistant.share").length > 0 || me.list("team.manage_members").length > 0),
    [me, everything],
  );
  const overview = useFeed(overviews, version, everything);
  const view = useFeed(directory, version, gives);
  const { pending, failure, again } = everything ? overview : view;
  const value = everything ? overview.value?.facts : view.value?.organization;
  return { facts: value ?? facts, loading: pending, failure, again };
}
