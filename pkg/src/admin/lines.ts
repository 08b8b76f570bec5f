/** Bodies of lines: read as they arrive, made as the connection takes them. */

/** Lines of JSON. */
export const NDJSON = "application/x-ndjson";

/** Values as the body of a request, a line for each. It reads them as the connection takes them. */
export function linesBody<T>(values: Iterable<T> | AsyncIterable<T>, line: (value: T) => string): ReadableStream<Uint8Array> {
  const iterator = Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${line(value)}\n`));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/**
 * The lines of a body, until it ends.
 * @param silence seconds without a byte after which the connection is taken for dead
 * @param signal ends it
 * @throws Error if the connection breaks, or is silent
 */
export async function* linesOf(
  body: ReadableStream<Uint8Array>,
  silence: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await within(silence, reader.read());
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) yield line.endsWith("\r") ? line.slice(0, -1) : line;
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
    // Also if the caller stops reading: nobody reads the rest.
    cancel();
  }
}

/** The value of a promise. @throws Error if it takes longer */
async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the stream is silent")), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
