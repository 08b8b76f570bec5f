// The reviews so far, and what the organization was like at the latest of them.
import { useMemo } from "react";
import { useConsole } from "../../data/console-context";
import { Feed, useFeed } from "../../data/feed";
import { fetchOverview, type Overview } from "../../data/overview";

export function useReviews() {
  const { version, reviews: feed } = useConsole();
  const { value: reviews, ...more } = useFeed(feed, version);
  return { reviews, ...more };
}

/** The organization as it was at a review: that does not change. */
export function useThen(version: number) {
  const feed = useMemo(() => new Feed<Overview>((signal) => fetchOverview(`/v1/reviews/${version}`, signal)), [version]);
  return useFeed(feed, version);
}
