/** The history of an organization for other services: page by page, or as it grows. */
import type { AuditEvent, EventPage, Signal, SignalPage } from "./answers.js";
import { streamedEvents } from "./event-stream.js";
import type { Requests } from "./requests.js";
import { wait, waitingTime } from "./retry.js";

/** Events of a page. */
const PAGE = 1000;
/** Seconds of silence after which a stream is taken for dead. The authority sends something every 20 seconds. */
const SILENCE = 60;

/** The events after a version, page by page, until the last one that there is now. */
export async function* eventsAfter(
  requests: Requests,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<AuditEvent, void> {
  for (let next: number | undefined = after; next !== undefined; ) {
    const path = `v1/events?after=${next}&limit=${PAGE}`;
    const page: EventPage = await requests.json({ method: "GET", path, repeatable: true, signal });
    yield* page.events;
    next = page.next;
  }
}

/** The signals after an id, page by page, until the last one that there is now. */
export async function* signalsAfter(
  requests: Requests,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Signal, void> {
  for (let next: number | undefined = after; next !== undefined; ) {
    const path = `v1/signals?after=${next}&limit=${PAGE}`;
    const page: SignalPage = await requests.json({ method: "GET", path, repeatable: true, signal });
    yield* page.signals;
    next = page.next;
  }
}

/**
 * The events after a version, then each new one. When the stream ends or breaks, it is opened again where it was.
 * @throws {AdminError} when it is refused; the signal's reason
 */
export async function* eventsFrom(
  requests: Requests,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<AuditEvent, never> {
  let last = after;
  for (let failures = 1; ; failures += 1) {
    const path = `v1/events/stream?after=${last}`;
    const body = await requests.stream({ method: "GET", path, repeatable: true, signal });
    try {
      for await (const { id, data } of streamedEvents(body, SILENCE, signal)) {
        last = Number(id);
        failures = 1;
        yield { version: last, text: data };
      }
    } catch {
      // The connection broke, or is silent: the next one goes on.
    }
    signal?.throwIfAborted();
    await wait(waitingTime(failures, 0, Math.random()) ?? 0, signal);
  }
}
