/** Cloudflare Workers: the module is compiled at deployment. */
import wasm from "../wicketgate.wasm";
import { runtime } from "../core/checking.js";

runtime.provide(() => wasm);
export * from "../index.js";
