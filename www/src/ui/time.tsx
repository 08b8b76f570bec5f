// A moment, in the person's own locale: how far away it is, and exactly when in the title.
import { authorityTime } from "../data/clock";

const STEPS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param at Unix seconds */
export function Time({ at, show = "relative" }: { at: number; show?: "relative" | "exact" }) {
  const [ago, when] = [timeAway(at), timeInWords(at)];
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={show === "relative" ? when : ago}>
      {show === "relative" ? ago : when}
    </time>
  );
}

/** "3 days ago", "in 2 hours" */
export function timeAway(at: number): string {
  const away = at - authorityTime();
  const [unit, seconds] = STEPS.find(([, length]) => Math.abs(away) >= length) ?? ["minute", 60];
  return relative.format(Math.trunc(away / seconds), unit);
}

/** The date and the time of day. */
export function timeInWords(at: number): string {
  return exact.format(at * 1000);
}
