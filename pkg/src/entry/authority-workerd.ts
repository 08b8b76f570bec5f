/** Workers: the module is compiled at deployment, so it is there at once. */
import wasm from "../authority.wasm";
import { runtime } from "../core/authority.js";

runtime.provide(() => wasm);
export * from "../authority.js";
