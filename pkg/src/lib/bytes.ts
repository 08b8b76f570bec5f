/** Recognizes bytes and buffers of every realm, and reads their true length: a subclass of `Uint8Array` can lie about it. */
import type { Buffer } from "./platform.js";

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const [kindOf, bufferOf, offsetOf, lengthOf] = [Symbol.toStringTag, "buffer", "byteOffset", "byteLength"].map((name) =>
  getter(typedArray, name),
) as [Getter, Getter, Getter, Getter];

type Getter = (this: unknown) => unknown;

function getter(of: object, name: PropertyKey): Getter {
  return Object.getOwnPropertyDescriptor(of, name)!.get!;
}

/** A plain view of the bytes of a `Uint8Array` of any class and realm; undefined for other values, and if its buffer is detached. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (kindOf.call(value) !== "Uint8Array") return undefined;
  try {
    return new Uint8Array(bufferOf.call(value) as ArrayBuffer, offsetOf.call(value) as number, lengthOf.call(value) as number);
  } catch {
    return undefined;
  }
}

/** Whether an object has this tag, in every realm: `Response`, `WebAssembly.Module`. Objects can lie; the later use of them fails then. */
export function isA(kind: string, value: unknown): boolean {
  return Object.prototype.toString.call(value) === `[object ${kind}]`;
}

/** Whether it is a buffer or a view of one: the bytes that `WebAssembly` takes. */
export function isBufferSource(value: unknown): value is Buffer {
  return ArrayBuffer.isView(value) || isA("ArrayBuffer", value);
}
