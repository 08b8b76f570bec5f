/** Node, Deno and Bun: the module is read from beside this file. */
import { readFile } from "node:fs/promises";
import { runtime } from "../core.js";

runtime.provide(async () => new Uint8Array(await readFile(new URL("../wicketgate.wasm", import.meta.url))));
export * from "../index.js";
