// The download of a page that only checks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { fileURLToPath } from "node:url";
import { bundledForPage } from "../lib/bundled.mjs";

/** Most kilobytes of a checking module and its JavaScript, brotli 11. */
const BUDGETS = [
  ["member.wasm", "for a member snapshot", 53],
  // 1.4 KB of it open with the platform's Ed25519, for Workers.
  ["wicketgate.wasm", "for every snapshot", 59.7],
];
const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
    .length;
const { outputFiles, metafile } = await bundledForPage('export * from "wicketgate";', {
  splitting: true,
  outdir: "/",
  metafile: true,
});

/** The chunks that the page's first one imports, and it. */
function loaded(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: imported, kind } of metafile.outputs[path].imports) if (kind !== "dynamic-import") loaded(imported, found);
  return found;
}
const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.includes("stdin"));
const chunks = loaded(entry);
const contents = (path) => outputFiles.find((file) => basename(file.path) === basename(path)).contents;
const javascript = [...chunks].reduce((sum, path) => sum + brotli(contents(path)), 0);
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

for (const [file, what, budget] of BUDGETS)
  test(`the checking module ${what} and its JavaScript are at most ${budget} KB`, (t) => {
    const wasm = brotli(readFileSync(fileURLToPath(import.meta.resolve(`wicketgate/${file}`))));
    const sum = wasm + javascript;
    t.diagnostic(`wasm ${kilobytes(wasm)} KB + JavaScript ${kilobytes(javascript)} KB = ${kilobytes(sum)} KB, brotli 11`);
    assert.ok(sum <= budget * 1000, `${kilobytes(sum)} KB`);
  });

test("the bytes of the modules as JavaScript are loaded only if their files are missing", () => {
  const bytes = Object.keys(metafile.outputs).filter((path) => /-bytes-\w+\.js$/.test(path));
  assert.equal(bytes.length, 2);
  assert.ok(bytes.every((path) => !chunks.has(path)));
});
