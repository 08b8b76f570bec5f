/**
 * Browsers and bundlers: the `.wasm` files are fetched from beside this file, `member.wasm` for member snapshots and `wicketgate.wasm` for all
 * others. If a bundler left a file behind, a separate chunk brings its bytes.
 */
import { memberRuntime, runtime } from "../core/checking.js";

runtime.provide(
  () => fetch(new URL("../wicketgate.wasm", import.meta.url)),
  async () => (await import("../wasm/wicketgate-bytes.js")).bytes(),
);
memberRuntime.provide(
  () => fetch(new URL("../member.wasm", import.meta.url)),
  async () => (await import("../wasm/member-bytes.js")).bytes(),
);
export * from "../index.js";
