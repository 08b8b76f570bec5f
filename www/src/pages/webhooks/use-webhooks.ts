// The webhooks and their deliveries. They change without a new version, when a receiver answers: so they are asked for again and again.
import { useEffect, useMemo } from "react";
import { useConsole } from "../../data/console-context";
import { fetchDeliveries, fetchWebhooks } from "../../data/api";
import { Feed, type FeedResult, useFeed } from "../../data/feed";

/** Milliseconds between two requests, while the page is seen. */
const INTERVAL = 4000;

export function useWebhooks() {
  return useRepeated(useMemo(() => new Feed(fetchWebhooks), []));
}

export function useDeliveries(webhook: string) {
  return useRepeated(useMemo(() => new Feed((signal) => fetchDeliveries(webhook, signal)), [webhook]));
}

function useRepeated<T>(feed: Feed<T>): FeedResult<T> {
  const result = useFeed(feed, useConsole().version);
  const { retry } = result;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") retry();
    }, INTERVAL);
    return () => clearInterval(timer);
  }, [retry]);
  return result;
}
