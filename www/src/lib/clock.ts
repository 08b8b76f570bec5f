// The authority's time. The clock of this computer may be wrong.

let offset = 0;

/** @param seconds how far this computer's clock is ahead of the authority's, as the live client found */
export function setClockOffset(seconds: number): void {
  offset = seconds;
}

/** Unix seconds. */
export function authorityTime(): number {
  return Date.now() / 1000 - offset;
}

/** The `now` option for opening tokens. Absent while the clocks agree: the package's own clock is faster. */
export function openingClock(): { now?: () => number } {
  return offset === 0 ? {} : { now: authorityTime };
}

/** Seconds: smaller differences are not shown. */
const TOLERANCE = 60;

/** "This computer’s clock is 2 hours fast"; `undefined` while it is right. */
export function clockInWords(seconds: number): string | undefined {
  if (Math.abs(seconds) < TOLERANCE) return undefined;
  return `This computer’s clock is ${durationInWords(Math.abs(seconds))} ${seconds > 0 ? "fast" : "slow"}`;
}

function durationInWords(seconds: number): string {
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3600],
  ] as const) {
    if (Math.round(seconds / length) >= 2) return `${Math.round(seconds / length)} ${unit}s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
