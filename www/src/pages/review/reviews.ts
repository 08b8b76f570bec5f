// The reviews so far, and what the organization was like at the latest of them.
import { useMemo } from "react";
import { getJson } from "../../data/api";
import { useConsole } from "../../data/console";
import { Feed, useFeed } from "../../data/feed";
import { fetchOverview, type Overview } from "../../data/overview";

export interface Review {
  version: number;
  /** Unix seconds. */
  at: number;
  /** Absent for the service itself. */
  by?: string;
  note?: string;
  /** Whether the organization can be seen as it was. */
  snapshot?: true;
}

export function useReviews() {
  const { version, subject } = useConsole();
  const feed = useMemo(() => new Feed((signal) => getJson<{ reviews: Review[] }>("/v1/reviews", signal)), [subject]);
  const { value, ...more } = useFeed(feed, version);
  return { reviews: value?.reviews, ...more };
}

/** The organization as it was at a review: that does not change. */
export function useThen(version: number) {
  const feed = useMemo(() => new Feed<Overview>((signal) => fetchOverview(`/v1/reviews/${version}`, signal)), [version]);
  return useFeed(feed, version);
}
