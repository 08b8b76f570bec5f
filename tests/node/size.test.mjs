// What a page that only checks downloads.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const BUDGET = 60;
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;

test(`the checking module and its JavaScript are at most ${BUDGET} KB`, async (t) => {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "wicketgate";', resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true, minify: true, write: false, format: "esm", platform: "browser", target: "es2022",
  });
  const javascript = brotli(outputFiles[0].contents);
  const wasm = brotli(readFileSync(fileURLToPath(import.meta.resolve("wicketgate/wicketgate.wasm"))));
  const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
  t.diagnostic(`wasm ${kilobytes(wasm)} KB + JavaScript ${kilobytes(javascript)} KB = ${kilobytes(wasm + javascript)} KB, brotli 11`);
  assert.ok(wasm + javascript <= BUDGET * 1000, `${kilobytes(wasm + javascript)} KB`);
});
