// Bundles the checking side of every peer as it would be shipped: minified by esbuild, with its WebAssembly file beside it; once for Node
// (to run) and once for browsers (to weigh). The server side is bundled too, because Node 20 cannot load every peer as published.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));

/** The output folder of a run. */
export const OUT = join(HERE, "out");

// By path, because not every package exports its file.
const MODULES = join(HERE, "node_modules");
const MEMBER = fileURLToPath(import.meta.resolve("wicketgate/member.wasm"));
const WHOLE = fileURLToPath(import.meta.resolve("wicketgate/wicketgate.wasm"));
/** The WebAssembly file of a peer, and its name beside the bundle. */
const WASM = {
  cedar: { name: "cedar.wasm", path: join(MODULES, "@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm") },
  biscuit: { name: "biscuit.wasm", path: join(MODULES, "@biscuit-auth/biscuit-wasm/module/biscuit_bg.wasm") },
  wicketgate: { name: "member.wasm", path: MEMBER },
  "wicketgate-workspace": { name: "wicketgate.wasm", path: WHOLE },
};

/** Bundles one peer for every platform; returns the bytes a browser loads, raw and brotli 11. */
export async function bundle(peer) {
  const module = WASM[peer];
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
    if (module) await copyFile(module.path, join(folder, module.name));
  }
  const files = [await readFile(join(OUT, "browser", `${peer}.mjs`))];
  if (module) files.push(await readFile(module.path));
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
    plugins: [WITHOUT_DOCUMENT],
  });
  return outfile;
}

/** Nobody asks for the OpenAPI documents. */
const WITHOUT_DOCUMENT = {
  name: "without-document",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^openapi-document$/ }, ({ path }) => ({ path, namespace: "without-document" }));
    onLoad({ filter: /.*/, namespace: "without-document" }, () => ({ contents: "export const organizations = {}, apex = {};" }));
  },
};

/** Options of esbuild for a page's production bundle. */
export const FOR_PAGES = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  metafile: true,
};

/** The bytes, brotli 11, of what a page loads before it checks with a member snapshot: the first chunks of the browser entry, the module. */
export async function pageBytes() {
  const { outputFiles, metafile } = await build({
    stdin: { contents: 'export * from "wicketgate";', resolveDir: HERE },
    outdir: OUT,
    ...FOR_PAGES,
    write: false,
    logLevel: "error",
  });
  const outputs = Object.fromEntries(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const [entry] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.includes("stdin"));
  const chunks = initialChunks(outputs, entry);
  const contents = outputFiles.filter(({ path }) => chunks.has(basename(path)));
  return {
    javascript: contents.reduce((sum, file) => sum + brotli(file.contents), 0),
    wasm: brotli(await readFile(MEMBER)),
  };
}

/** The entry and the chunks that it imports statically, by name. `outputs` are those of esbuild's metafile, by name. */
export function initialChunks(outputs, name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const { path, kind } of outputs[name].imports)
    if (kind === "import-statement") initialChunks(outputs, basename(path), found);
  return found;
}

/** Identifies the measured build of Wicketgate: the start of the digest of its checking modules. */
export async function wicketgateBuild() {
  const digest = createHash("sha256");
  for (const path of [MEMBER, WHOLE]) digest.update(await readFile(path));
  return digest.digest("hex").slice(0, 12);
}

/** The size in bytes after brotli at its highest quality. */
export function brotli(data) {
  return compress(data).length;
}

/** Brotli at its highest quality. */
export function compress(data) {
  const bytes = Buffer.from(data);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
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
