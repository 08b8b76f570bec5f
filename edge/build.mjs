// Bundles each Worker into dist/<name>/worker.js, with the WebAssembly files it imports beside it: the runtime
// compiles those when it loads the Worker (it forbids compiling at run time), and one file serves all who import it.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
export const WORKERS = ["authority", "gate"];

/** Where the built Worker of that name is. */
export function workerFile(name) {
  return join(here, "dist", name, "worker.js");
}

export async function buildWorkers() {
  await Promise.all(WORKERS.map(async (name) => {
    const outdir = dirname(workerFile(name));
    await rm(outdir, { recursive: true, force: true });
    await mkdir(outdir, { recursive: true });
    await build({
      entryPoints: [join(here, name, "worker.ts")],
      outfile: workerFile(name),
      bundle: true,
      format: "esm",
      target: "es2022",
      conditions: ["workerd", "worker", "browser"],
      external: ["cloudflare:*", "node:*", ...builtinModules],
      logLevel: "warning",
      plugins: [wasmBeside(outdir)],
    });
  }));
}

/** Marks the question that the plugin itself asks, so that it does not answer it. */
const RESOLVING = Symbol("resolving");

function wasmBeside(outdir) {
  return {
    name: "wasm-beside",
    setup({ onResolve, resolve }) {
      onResolve({ filter: /\.wasm$/ }, async ({ path: wanted, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === RESOLVING) return undefined;
        const { path, errors } = await resolve(wanted, { importer, resolveDir, kind, pluginData: RESOLVING });
        if (errors.length > 0) return { errors };
        await copyFile(path, join(outdir, basename(path)));
        return { path: `./${basename(path)}`, external: true };
      });
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWorkers();
