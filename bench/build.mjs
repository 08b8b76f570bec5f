// Bundles the checking side of every peer as it would be shipped: minified by esbuild, with its WebAssembly file beside it; once for Node
// (to run) and once for browsers (to weigh). The server side is bundled too, because Node 20 cannot load every peer as published.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));

/** The output folder of a run. */
export const OUT = join(HERE, "out");

// By path, because not every package exports its file.
const MODULES = join(HERE, "node_modules");
const WASM = {
  cedar: () => join(MODULES, "@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm"),
  biscuit: () => join(MODULES, "@biscuit-auth/biscuit-wasm/module/biscuit_bg.wasm"),
  wicketgate: () => fileURLToPath(import.meta.resolve("wicketgate/wicketgate.wasm")),
};

/** Bundles one peer for every platform; returns the bytes a browser loads, raw and brotli 11. */
export async function bundle(peer) {
  const library = Object.keys(WASM).find((name) => peer.startsWith(name));
  for (const platform of ["node", "browser", "server"]) {
    const folder = join(OUT, platform);
    const server = platform === "server";
    // The client's exports alone: esbuild removes the server half of the peer's file.
    const contents = `export ${server ? "*" : "{ open }"} from "./peers/${peer}.mjs";`;
    await mkdir(folder, { recursive: true });
    await build({
      stdin: { contents, resolveDir: HERE },
      outfile: join(folder, `${peer}.mjs`),
      bundle: true,
      format: "esm",
      platform: server ? "node" : platform,
      target: "es2022",
      external: server ? ["wicketgate", "wicketgate/*"] : [],
      minify: true,
      // A production build, as for pages: without it, libraries check and warn for developers.
      define: { "process.env.NODE_ENV": '"production"' },
      legalComments: "none",
      logLevel: "error",
      plugins: [wasmImports(platform === "browser" ? "browser" : "node")],
    });
    if (library) await copyFile(WASM[library](), join(folder, `${library}.wasm`));
  }
  const files = [await readFile(join(OUT, "browser", `${peer}.mjs`))];
  if (library) files.push(await readFile(join(OUT, "browser", `${library}.wasm`)));
  return {
    raw: files.reduce((sum, file) => sum + file.length, 0),
    brotli: files.reduce((sum, file) => sum + brotli(file), 0),
  };
}

/** Bundles a Worker of the measurements, as edge/build.mjs bundles the real ones. @returns the file */
export async function bundleWorker(name) {
  const outfile = join(OUT, name, "worker.js");
  await build({
    entryPoints: [join(HERE, `${name}-worker.mjs`)],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*", ...builtinModules],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "warning",
  });
  return outfile;
}

/** Identifies the measured build of Wicketgate: the start of its module's digest. */
export async function wicketgateBuild() {
  return createHash("sha256")
    .update(await readFile(WASM.wicketgate()))
    .digest("hex")
    .slice(0, 12);
}

/** The size in bytes after brotli at its highest quality. */
export function brotli(data) {
  const bytes = Buffer.from(data);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

/** The size on the wire: headers are not compressed. */
export function weigh({ body, header = "" }) {
  return { raw: Buffer.from(body).length + header.length, brotli: brotli(body) + header.length };
}

// Packages for bundlers import their .wasm file as a module. Node and browsers cannot do that, so it becomes a module that instantiates the
// file, as the bundlers' own plugins do.
const wasmImports = (platform) => ({
  name: "wasm-imports",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^#wasm$/ }, () => ({ path: join(HERE, `wasm-${platform}.mjs`) }));
    onLoad({ filter: /biscuit_bg\.wasm$/ }, async ({ path }) => {
      const module = new WebAssembly.Module(await readFile(path));
      const sources = [...new Set(WebAssembly.Module.imports(module).map((entry) => entry.module))];
      const names = WebAssembly.Module.exports(module).map((entry) => entry.name);
      const contents = [
        `import { wasm } from "#wasm";`,
        ...sources.map((source, i) => `import * as m${i} from ${JSON.stringify(source)};`),
        `const source = await wasm("biscuit.wasm");`,
        `const imports = { ${sources.map((source, i) => `${JSON.stringify(source)}: m${i}`)} };`,
        `const { instance } = source instanceof Uint8Array`,
        `  ? await WebAssembly.instantiate(source, imports)`,
        `  : await WebAssembly.instantiateStreaming(source, imports);`,
        `export const { ${names} } = instance.exports;`,
      ].join("\n");
      return { contents, loader: "js", resolveDir: dirname(path) };
    });
  },
});

/** Writes a file into the output folder, with the folders it needs. */
export async function put(name, data) {
  const path = join(OUT, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, data);
  return path;
}
