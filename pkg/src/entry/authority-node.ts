/** Node, Deno, Bun and bundles for them: the JavaScript contains the module's bytes, because bundlers leave other files behind. */
import "./jsdom.js";
import { bytes } from "../wasm/authority-bytes.js";
import { runtime } from "../core/authority.js";

runtime.provide(bytes);
export * from "../authority.js";
