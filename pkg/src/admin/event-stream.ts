/** Reads server-sent events (WHATWG HTML, section 9.2.6): what `EventSource` does, which cannot send a key. */

import { linesOf } from "./lines.js";

/** One event of a stream. */
export interface StreamedEvent {
  id: string;
  data: string;
}

/**
 * The events of a body, until it ends.
 * @param silence seconds without a byte after which the connection is taken for dead
 * @param signal ends it
 * @throws Error if the connection breaks, or is silent
 */
export async function* streamedEvents(
  body: ReadableStream<Uint8Array>,
  silence: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamedEvent, void> {
  const fields = { id: "", data: [] as string[] };
  for await (const line of linesOf(body, silence, signal)) {
    if (line === "") {
      if (fields.data.length > 0) yield { id: fields.id, data: fields.data.join("\n") };
      fields.data = [];
      continue;
    }
    const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === "id") fields.id = value;
    if (name === "data") fields.data.push(value);
  }
}
