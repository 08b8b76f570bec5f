// What Node has and pages have not. `base64url` is not among what the package of the same name knows.
import { Buffer as Bytes } from "buffer";

const plain = (text) => text.replace(/-/g, "+").replace(/_/g, "/");
export const Buffer = Object.assign((...given) => Bytes(...given), Bytes, {
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
  nextTick: (run, ...given) => queueMicrotask(() => run(...given)),
  emitWarning() {},
};
export const global = globalThis;
