// The download of a page that only checks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

// 1.2 KB of it are the exports for the platform's Ed25519 (src/bindings/pending.rs), which no page uses.
const BUDGET = 60.6;
const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
    .length;

test(`the checking module and its JavaScript are at most ${BUDGET} KB`, async (t) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: 'export * from "wicketgate";', resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    splitting: true,
    outdir: "/",
    metafile: true,
  });
  // The chunk with the module's bytes is loaded only if the file is missing.
  const lazy = (name) =>
    Object.values(metafile.outputs).every(({ imports }) =>
      imports.every(({ path, kind }) => !`/${path}`.endsWith(name) || kind === "dynamic-import"),
    );
  const [loaded, unloaded] = [[], []];
  for (const { path, contents } of outputFiles) (path.endsWith("/stdin.js") || !lazy(path) ? loaded : unloaded).push(contents);
  assert.equal(unloaded.length, 1);
  const javascript = loaded.reduce((sum, contents) => sum + brotli(contents), 0);
  const wasm = brotli(readFileSync(fileURLToPath(import.meta.resolve("wicketgate/wicketgate.wasm"))));
  const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
  t.diagnostic(
    `wasm ${kilobytes(wasm)} KB + JavaScript ${kilobytes(javascript)} KB = ${kilobytes(wasm + javascript)} KB, brotli 11`,
  );
  assert.ok(wasm + javascript <= BUDGET * 1000, `${kilobytes(wasm + javascript)} KB`);
});
