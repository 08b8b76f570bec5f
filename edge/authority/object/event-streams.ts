// Streams of the history: server-sent events (WHATWG HTML §9.2). Each event's id is its version, so a client that connects again goes on
// where it was. An open stream keeps the object awake, so there are few, and each ends after a while.
import type { DirectoryEvent } from "wicketgate/authority";
import { STREAM_HEARTBEAT, STREAM_LENGTH, STREAMS_OF_ALL, STREAMS_OF_ONE, STREAMS_RETRY } from "../bounds";
import { Problem } from "../problem";
import type { EventTable } from "./tables/event-table";

/** Events, and UTF-16 units of their texts, that are read and sent at once. */
const EVENTS_AT_ONCE = 100;
const LENGTH_AT_ONCE = 256 * 1024;
/** Milliseconds after which a client connects again. */
const RECONNECT = 3000;

const HEADERS = { "Content-Type": "text/event-stream", "Cache-Control": "private, no-store", "X-Accel-Buffering": "no" };
const ENCODER = new TextEncoder();

/** Who reads a stream. */
export interface StreamReader {
  /** Whose streams are counted together. */
  caller: string;
  /** Whether the caller may still read. It is asked before everything that is sent. */
  allowed: () => boolean;
}

interface Open {
  caller: string;
  /** Ends the wait for new events. */
  wake: () => void;
  /** Lets it end. */
  close: () => void;
}

export class EventStreams {
  readonly #events: EventTable;
  readonly #open = new Set<Open>();

  constructor(events: EventTable) {
    this.#events = events;
  }

  /** After a commit, and after the end of a session: every stream sends what is new, or ends if its caller may not read any more. */
  wake(): void {
    for (const { wake } of this.#open) wake();
  }

  /** Lets all end: their clients connect again, and are told what keeps them out. */
  closeAll(): void {
    for (const { close } of [...this.#open]) close();
  }

  /** @param after the version after which it begins */
  open({ caller, allowed }: StreamReader, after: number): Response {
    // In the order in which they were opened. The oldest one may be of a client that has left: the platform says so late.
    const ofCaller = [...this.#open].filter((open) => open.caller === caller);
    for (const oldest of ofCaller.slice(0, Math.max(ofCaller.length + 1 - STREAMS_OF_ONE, 0))) oldest.close();
    if (this.#open.size >= STREAMS_OF_ALL) {
      throw new Problem("rate_limited", "too many streams of events are open", { retry_after: STREAMS_RETRY });
    }
    const close = () => {
      clearTimeout(timer);
      this.#open.delete(open);
      open.wake();
    };
    const timer = setTimeout(close, STREAM_LENGTH);
    const open: Open = { caller, wake: () => {}, close };
    this.#open.add(open);
    let cursor = after;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => controller.enqueue(ENCODER.encode(`retry: ${RECONNECT}\n\n`)),
        pull: async (controller) => {
          // As the client reads: a slow one holds nothing in memory.
          let events = this.#next(cursor);
          if (events.length === 0 && allowed() && this.#open.has(open)) {
            await sign(open, STREAM_HEARTBEAT);
            events = this.#next(cursor);
          }
          if (!this.#open.has(open) || !allowed()) {
            close();
            controller.close();
            return;
          }
          cursor = events.at(-1)?.version ?? cursor;
          controller.enqueue(ENCODER.encode(events.length > 0 ? events.map(frame).join("") : ":\n\n"));
        },
        cancel: close,
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: HEADERS });
  }

  #next(cursor: number): DirectoryEvent[] {
    return [...this.#events.after(cursor, EVENTS_AT_ONCE, LENGTH_AT_ONCE)];
  }
}

/** Waits until the stream is woken, or for so many milliseconds. */
function sign(open: Open, longest: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, longest);
  open.wake = resolve;
  return promise.finally(() => {
    clearTimeout(timer);
    open.wake = () => {};
  });
}

/** The text is one line of JSON, exactly as it is stored. */
function frame({ version, text }: DirectoryEvent): string {
  return `id: ${version}\ndata: ${text}\n\n`;
}
