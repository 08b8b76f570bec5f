// Globals that Node has and pages lack. The package `buffer` does not know `base64url`; it is added here.
import { Buffer as Bytes } from "buffer";

const plain = (text) => text.replace(/-/g, "+").replace(/_/g, "/");
export const Buffer = Object.assign((...args) => Bytes(...args), Bytes, {
  from(value, encoding) {
    const bytes = encoding === "base64url" ? Bytes.from(plain(value), "base64") : Bytes.from(value, encoding);
    const written = bytes.toString.bind(bytes);
    bytes.toString = (as, ...where) =>
      as === "base64url" ? written("base64").replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : written(as, ...where);
    return bytes;
  },
});
export const process = {
  env: {},
  versions: {},
  nextTick: (run, ...args) => queueMicrotask(() => run(...args)),
  emitWarning() {},
};
export const global = globalThis;
