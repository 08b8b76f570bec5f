// The time by the authority's clock: that of this computer may be wrong.

let offset = 0;

/** By how many seconds this computer's clock is ahead, as the live client has found. */
export function setClockOffset(seconds: number): void {
  offset = seconds;
}

/** Unix seconds. */
export function authorityTime(): number {
  return Date.now() / 1000 - offset;
}

/** For opening what the authority signed. By default the package's own clock, which answers faster. */
export function openingClock(): { now?: () => number } {
  return offset === 0 ? {} : { now: authorityTime };
}

/** Seconds from which on a clock is said to be wrong. */
const WRONG = 60;

/** What a person is told of their clock; nothing where it is right. */
export function clockInWords(seconds: number): string | undefined {
  if (Math.abs(seconds) < WRONG) return undefined;
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
