/** The authority module: its loader. */
import { Runtime } from "./runtime.js";
import { imports, started } from "../wasm/authority.js";

export const runtime = new Runtime(() => ({ imports, started }));
