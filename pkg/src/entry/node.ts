/** Node, Deno and Bun, and what is bundled for them: the module's bytes are part of the JavaScript, for bundlers leave other files behind. */
import "./jsdom.js";
import { bytes } from "../wasm/wicketgate-bytes.js";
import { runtime } from "../core/checking.js";

runtime.provide(bytes);
export * from "../index.js";
