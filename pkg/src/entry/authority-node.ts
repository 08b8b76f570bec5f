/** Node, Deno and Bun, and what is bundled for them: the module's bytes are part of the JavaScript, for bundlers leave other files behind. */
import "./jsdom.js";
import { bytes } from "../wasm/authority-bytes.js";
import { runtime } from "../core/authority.js";

runtime.provide(bytes);
export * from "../authority.js";
