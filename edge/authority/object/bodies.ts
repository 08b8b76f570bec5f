// Long answers: bytes in pieces, as a stream. One message between the object and the Worker has at most 32 MiB, and a large organization must not be
// one text.
import type { Body } from "../messages";

/** Bytes up to which an answer is one text: that is faster. */
const MAX_TEXT = 1024 * 1024;

export type Pieces = Uint8Array[];

/** A body of pieces that are UTF-8 together. */
export function bodyOf(pieces: Pieces): Body {
  return lengthOf(pieces) <= MAX_TEXT ? [...textsOf(pieces)].join("") : streamOf(pieces);
}

/** The JSON object of the pieces, with one more field at its end. */
export function withField(object: Pieces, name: string, value: unknown): Pieces {
  const last = object.at(-1);
  if (!last) return object;
  const field = new TextEncoder().encode(`,${JSON.stringify(name)}:${JSON.stringify(value)}}`);
  // The core writes nothing behind the last brace, which the field brings again.
  const end = new Uint8Array(last.length - 1 + field.length);
  end.set(last.subarray(0, -1));
  end.set(field, last.length - 1);
  return [...object.slice(0, -1), end];
}

export function lengthOf(pieces: Pieces): number {
  return pieces.reduce((length, { byteLength }) => length + byteLength, 0);
}

/** The texts of the pieces. A character that is in two pieces is in the text of the second. */
export function* textsOf(pieces: Pieces): Generator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (const piece of pieces) yield decoder.decode(piece, { stream: true });
}

/** Each piece is copied, because sending takes it away, and others may read it too. */
export function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const taken = pieces[Symbol.iterator]();
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { value, done } = taken.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel() {
      taken.return?.();
    },
  });
}
