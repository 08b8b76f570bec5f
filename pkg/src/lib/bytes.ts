/** Bytes and buffers by what they are: a subclass may lie about its length, and the `Uint8Array` of a frame or of a test runner is another one. */
import type { Buffer } from "./platform.js";

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const [kindOf, bufferOf, offsetOf, lengthOf] = [Symbol.toStringTag, "buffer", "byteOffset", "byteLength"].map((name) =>
  getter(typedArray, name),
) as [Getter, Getter, Getter, Getter];

type Getter = (this: unknown) => unknown;

function getter(of: object, name: PropertyKey): Getter {
  return Object.getOwnPropertyDescriptor(of, name)!.get!;
}

/** A plain view of the bytes of a `Uint8Array` of any class and realm; nothing for anything else, and where its buffer is gone. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (kindOf.call(value) !== "Uint8Array") return undefined;
  try {
    return new Uint8Array(bufferOf.call(value) as ArrayBuffer, offsetOf.call(value) as number, lengthOf.call(value) as number);
  } catch {
    return undefined;
  }
}

/** What an object says it is, whatever its realm: `Response`, `WebAssembly.Module`. Whatever is done with it finds out if that is a lie. */
export function isA(kind: string, value: unknown): boolean {
  return Object.prototype.toString.call(value) === `[object ${kind}]`;
}

/** Whether it is a buffer, or a view of one: what `WebAssembly` takes. */
export function isBufferSource(value: unknown): value is Buffer {
  return ArrayBuffer.isView(value) || isA("ArrayBuffer", value);
}
