/** Browsers and bundlers: the `.wasm` file is fetched from beside this file. If a bundler left it behind, a separate chunk brings its bytes. */
import { runtime } from "../core/authority.js";

runtime.provide(
  () => fetch(new URL("../authority.wasm", import.meta.url)),
  async () => (await import("../wasm/authority-bytes.js")).bytes(),
);
export * from "../authority.js";
