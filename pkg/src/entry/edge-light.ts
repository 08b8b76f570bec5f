/** Edge runtimes that import compiled modules with `?module`. */
import wasm from "../wicketgate.wasm?module";
import { runtime } from "../core/checking.js";

runtime.provide(() => wasm);
export * from "../index.js";
