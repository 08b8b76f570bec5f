// How the shipped artefacts find their WebAssembly file in a browser: beside the bundle.

/** The response for a WebAssembly file that lies beside the bundle. */
export function wasm(name) {
  return fetch(new URL(name, import.meta.url));
}
