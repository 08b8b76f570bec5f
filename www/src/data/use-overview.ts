import { useEffect } from "react";
import { authorityTime } from "../lib/clock";
import { useConsole } from "./console-context";
import { type FeedResult, useFeed } from "./feed";
import { type Overview, RENEWAL } from "./overview";

/** The overview, for people who hold everything; the authority refuses it to others. While it loads, `overview` and `failure` are absent. */
export function useOverview(): Omit<FeedResult<Overview>, "value"> & { overview: Overview | undefined } {
  const { version, overviews } = useConsole();
  const { value: overview, ...rest } = useFeed(overviews, version);
  const { retry } = rest;

  useEffect(() => {
    if (!overview) return;
    const timer = setTimeout(retry, Math.max(0, (overview.snapshot.expiresAt - RENEWAL - authorityTime()) * 1000));
    return () => clearTimeout(timer);
  }, [overview, retry]);

  return { overview, ...rest };
}
