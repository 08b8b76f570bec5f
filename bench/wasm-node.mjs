// How the shipped artefacts find their WebAssembly file in Node: beside the bundle.

import { readFile } from "node:fs/promises";

/** The bytes of a WebAssembly file that lies beside the bundle. */
export function wasm(name) {
  return readFile(new URL(name, import.meta.url));
}
