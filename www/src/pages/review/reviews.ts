// The past reviews, and the organization as it was at one of them.
import { useMemo } from "react";
import { useConsole } from "../../data/console-context";
import { Feed, useFeed } from "../../data/feed";
import { fetchOverview, type Overview } from "../../data/overview";

export function useReviews() {
  const { version, reviews: feed } = useConsole();
  const { value: reviews, ...more } = useFeed(feed, version);
  return { reviews, ...more };
}

/** The organization as it was at the version of a review. Fetched once: it does not change. */
export function useOverviewAt(version: number) {
  const feed = useMemo(() => new Feed<Overview>((signal) => fetchOverview(`/v1/reviews/${version}`, signal)), [version]);
  return useFeed(feed, version);
}
