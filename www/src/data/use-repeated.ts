// Data that changes without a new version, too: it is asked for again and again, while the page is seen.
import { useEffect } from "react";
import { useConsole } from "./console-context";
import { type Feed, type FeedResult, useFeed } from "./feed";

/** @param interval milliseconds between two requests */
export function useRepeated<T>(feed: Feed<T>, interval: number): FeedResult<T> {
  const result = useFeed(feed, useConsole().version);
  const { retry } = result;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") retry();
    }, interval);
    return () => clearInterval(timer);
  }, [retry, interval]);
  return result;
}
