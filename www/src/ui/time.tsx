// A moment: how far away it is, with the exact date in the title; or the other way round.
import { timeAway, timeInWords } from "../lib/time";

/** @param at Unix seconds */
export function Time({ at, show = "relative" }: { at: number; show?: "relative" | "exact" }) {
  const [relative, exact] = [timeAway(at), timeInWords(at)];
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={show === "relative" ? exact : relative}>
      {show === "relative" ? relative : exact}
    </time>
  );
}
