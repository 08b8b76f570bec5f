/**
 * Permission checks for AI assistants, answered where the question is asked: {@link open} a signed snapshot, ask it as somebody.
 *
 * On a client the answers decide what to show. Whatever serves data must check again; it can with the same package.
 * @module wicketgate
 */
import { runtime } from "./core/checking.js";
import type { Buffer, WasmModule } from "./lib/platform.js";
import type { WasmSource } from "./core/runtime.js";

/** Loads the WebAssembly module ahead of the first {@link open}: from where the package finds it, or from `source`. */
export function init(source?: WasmSource | Promise<WasmSource>): Promise<void> {
  return runtime.init(source);
}

/** Loads it at once from a compiled module or from bytes, so that {@link openSync} can be used. */
export function initSync(module: WasmModule | Buffer): void {
  runtime.initSync(module);
}

export { open, openHead, openSync } from "./snapshot/snapshot.js";
export * from "./public-types.js";
export type { WasmSource } from "./core/runtime.js";
