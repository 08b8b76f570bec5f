/** Browsers and bundlers: the module is fetched from beside this file. */
import { runtime } from "../core.js";

runtime.provide(() => fetch(new URL("../wicketgate.wasm", import.meta.url)));
export * from "../index.js";
