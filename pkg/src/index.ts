/**
 * Permission checks for AI assistants, answered locally: {@link open} a signed snapshot, take a principal of it, ask.
 *
 * On a client the answers decide what to show. A service that returns data must check again; it can use the same package.
 * @module wicketgate
 */
import { forMembers, runtime } from "./core/checking.js";
import type { Buffer, WasmModule } from "./lib/platform.js";
import type { WasmSource } from "./core/runtime.js";

/**
 * Loads the WebAssembly module before the first {@link open}: from `source`, or from the place where the package finds it by itself. Calls at the
 * same time share one attempt; after a failure, the next call tries again.
 *
 * With `"member"`, a page loads the smaller module for member snapshots, which `open` loads for them; elsewhere the whole module. Call it before
 * fetching the snapshot: both are then on their way at the same time.
 * @throws {WicketgateError} `load_failed`; `not_initialized` in `wicketgate/manual` without a source.
 * @example
 * ```ts
 * await init(); // openSync works from here on
 * ```
 * @example
 * ```ts
 * init("member").catch(() => {}); // `open` reports a failure
 * const snapshot = await open(await fetchSnapshot(), { keys });
 * ```
 */
export function init(source?: WasmSource | Promise<WasmSource> | "member"): Promise<void> {
  return source === "member" ? forMembers().init() : runtime.init(source);
}

/**
 * Loads the WebAssembly module synchronously, from a compiled module or its bytes, so that {@link openSync} works.
 * @throws {WicketgateError} `load_failed`
 * @example
 * ```ts
 * initSync(readFileSync(fileURLToPath(import.meta.resolve("wicketgate/wicketgate.wasm"))));
 * ```
 */
export function initSync(module: WasmModule | Buffer): void {
  runtime.initSync(module);
}

export { roleBound, type RoleBound } from "./snapshot/principal.js";
export { open, openHead, openSync } from "./snapshot/snapshot.js";
export * from "./public-types.js";
export type { WasmSource } from "./core/runtime.js";
