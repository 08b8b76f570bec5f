/** Browsers and bundlers: the module is fetched from beside this file. Where a bundler does not know such files, its bytes are a chunk of their own. */
import { runtime } from "../core/authority.js";

runtime.provide(
  () => fetch(new URL("../authority.wasm", import.meta.url)),
  async () => (await import("../wasm/authority-bytes.js")).bytes(),
);
export * from "../authority.js";
