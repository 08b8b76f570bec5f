// Bundles of the package for pages, minified, and what they weigh.
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

/** Bytes of an adapter with the observer, after brotli 11. `plugins` of esbuild do the work of the framework's compiler on packages. */
export async function bytesOf(adapter, plugins = []) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve(adapter))],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    plugins,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"', ngDevMode: "false" },
    external: ["react", "vue", "svelte", "svelte/*", "@angular/*", "wicketgate", "wicketgate/*"],
  });
  return brotliCompressSync(outputFiles[0].contents).length;
}

/** Bundles a program that imports the package, as a page would have it. `options` of esbuild come on top. */
export function bundledForPage(contents, options = {}) {
  return build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    ...options,
  });
}
