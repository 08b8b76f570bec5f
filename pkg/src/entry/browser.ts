/** Browsers and bundlers: the `.wasm` file is fetched from beside this file. If a bundler left it behind, a separate chunk brings its bytes. */
import { runtime } from "../core/checking.js";

runtime.provide(
  () => fetch(new URL("../wicketgate.wasm", import.meta.url)),
  async () => (await import("../wasm/wicketgate-bytes.js")).bytes(),
);
export * from "../index.js";
