/** The authority module: its bindings. */
import { Runtime } from "./runtime.js";
import * as wasm from "./wasm/authority.js";

export const runtime = new Runtime((module) => wasm.initSync(module));
export { wasm };
