// The webhooks and their deliveries. They change without a new version, when a receiver answers.
import { useMemo } from "react";
import { fetchDeliveries, fetchWebhooks } from "../../data/api";
import { Feed } from "../../data/feed";
import { useRepeated } from "../../data/use-repeated";

/** Milliseconds between two requests. */
const INTERVAL = 4000;

export function useWebhooks() {
  return useRepeated(
    useMemo(() => new Feed(fetchWebhooks), []),
    INTERVAL,
  );
}

export function useDeliveries(webhook: string) {
  return useRepeated(
    useMemo(() => new Feed((signal) => fetchDeliveries(webhook, signal)), [webhook]),
    INTERVAL,
  );
}
