// Loads a bundle's WebAssembly file in a browser: it is beside the bundle.

/** The response with a WebAssembly file beside the bundle. */
export function wasm(name) {
  return fetch(new URL(name, import.meta.url));
}
