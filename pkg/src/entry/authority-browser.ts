/** Browsers and bundlers: the module is fetched from beside this file. */
import { runtime } from "../authority-core.js";

runtime.provide(() => fetch(new URL("../authority.wasm", import.meta.url)));
export * from "../authority.js";
