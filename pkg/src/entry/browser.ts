/** Browsers and bundlers: the module is fetched from beside this file. Where a bundler does not know such files, its bytes are a chunk of their own. */
import { runtime } from "../core/checking.js";

runtime.provide(
  () => fetch(new URL("../wicketgate.wasm", import.meta.url)),
  async () => (await import("../wasm/wicketgate-bytes.js")).bytes(),
);
export * from "../index.js";
