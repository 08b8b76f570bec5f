// Moments in words, in the person's own locale.
import { authorityTime } from "./clock";

const UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** "3 days ago", "in 2 hours". @param at Unix seconds */
export function timeAway(at: number): string {
  const away = at - authorityTime();
  const [unit, seconds] = UNITS.find(([, length]) => Math.abs(away) >= length) ?? ["minute", 60];
  return relative.format(Math.trunc(away / seconds), unit);
}

/** Date and time of day: "3 Dec 2026, 10:00". @param at Unix seconds */
export function timeInWords(at: number): string {
  return exact.format(at * 1000);
}

/** "1 hour", "7 days": the largest unit of which there is a whole number. */
export function spanInWords(seconds: number): string {
  const [unit, length] = UNITS.find(([, length]) => seconds >= length && seconds % length === 0) ?? ["second", 1];
  return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(seconds / length);
}
