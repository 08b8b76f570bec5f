/** Edge runtimes that import compiled modules with `?module`. */
import wasm from "../authority.wasm?module";
import { runtime } from "../core/authority.js";

runtime.provide(() => wasm);
export * from "../authority.js";
