/** Cloudflare Workers: the module is compiled at deployment. */
import wasm from "../authority.wasm";
import { runtime } from "../core/authority.js";

runtime.provide(() => wasm);
export * from "../authority.js";
