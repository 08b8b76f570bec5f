// Loads a bundle's WebAssembly file in Node: it is beside the bundle.

import { readFile } from "node:fs/promises";

/** The bytes of a WebAssembly file beside the bundle. */
export function wasm(name) {
  return readFile(new URL(name, import.meta.url));
}
