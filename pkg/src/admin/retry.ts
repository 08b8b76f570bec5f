/** When a request is sent again. */
import type { AdminError } from "./admin-error.js";

/** Seconds of the first waiting; each next one is twice as long. */
const FIRST = 0.25;
/** Seconds of the longest waiting, unless the authority asks for more. */
const LONGEST = 8;
/** Seconds that the authority may ask for. If it asks for more, the caller gets the error at once. */
const MOST = 60;

/** Refusals with 503 that do not pass by themselves. */
const LASTING = ["not_configured", "not_founded", "organization_suspended"];

/** Whether the same request may succeed later. @param repeatable whether doing it twice is doing it once */
export function isTemporary({ code, status }: AdminError, repeatable: boolean): boolean {
  // Refused before anything was done.
  if (status === 429) return true;
  const unanswered = code === "unreachable" || status === 502 || status === 503 || status === 504;
  return repeatable && unanswered && !LASTING.includes(code);
}

/**
 * Seconds to wait before the next attempt; undefined: the authority asks for more than is waited for.
 * @param attempt attempts so far, from 1
 * @param asked seconds that the authority asks for
 * @param random from 0 to 1: half of the time is random, so that many clients do not come back at the same moment
 */
export function waitingTime(attempt: number, asked: number, random: number): number | undefined {
  if (asked > MOST) return undefined;
  const own = Math.min(LONGEST, FIRST * 2 ** (attempt - 1));
  return asked + own * (0.5 + random / 2);
}

/** `Retry-After` in seconds: a number, or a date (RFC 9110, section 10.2.3); 0 if there is none. */
export function retryAfter(header: string | null, now = Date.now()): number {
  if (header === null) return 0;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, (date - now) / 1000);
}

/** Waits for so many seconds. Rejects with the signal's reason as soon as it is aborted. */
export function wait(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const aborted = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", aborted, { once: true });
  });
}
