/** Workers: the module is compiled at deployment, so it is there at once. */
import wasm from "../wicketgate.wasm";
import { runtime } from "../core/checking.js";

runtime.provide(() => wasm);
export * from "../index.js";
