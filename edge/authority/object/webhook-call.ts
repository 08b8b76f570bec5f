// One call of a webhook's address.
import type { AttemptOutcome } from "./tables/delivery-table";

/** Milliseconds in which the receiver must answer. The specification of Standard Webhooks recommends 15 to 30 seconds. */
export const PATIENCE = 15_000;
/** Milliseconds after which an answer is slow: such a webhook leaves the connections to the others. */
const SLOW = 3000;

export interface CallResult {
  outcome: AttemptOutcome;
  status: number | null;
  slow: boolean;
  /** Seconds for which the receiver asks to be left alone. */
  retryAfter: number;
}

/** Sends a message. Only an answer 200 to 299 counts; its body is not read, and redirects are not followed. Never throws. */
export async function callWebhook(url: string, headers: Record<string, string>, body: string): Promise<CallResult> {
  const begun = Date.now();
  const result = (outcome: AttemptOutcome, status: number | null = null, retryAfter = 0): CallResult => ({
    outcome,
    status,
    slow: Date.now() - begun > SLOW,
    retryAfter,
  });
  const patience = AbortSignal.timeout(PATIENCE);
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: { ...headers, "Content-Type": "application/json", "User-Agent": "Wicketgate-Webhooks" },
      body,
      signal: patience,
    });
    void response.body?.cancel().catch(() => {});
    const { status } = response;
    if (response.ok) return result("delivered", status);
    if (status >= 300 && status < 400) return result("redirect", status);
    return result("status", status, secondsOf(response.headers.get("Retry-After"), begun));
  } catch {
    return result(patience.aborted ? "timeout" : "connection");
  }
}

/** `Retry-After` as seconds: it has seconds or a date (RFC 9110 §10.2.3). 0 for anything else. */
function secondsOf(text: string | null, now: number): number {
  if (text === null) return 0;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : 0;
}
