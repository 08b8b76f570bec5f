// The tarball itself: what is in it, and what linters of packages say.
import assert from "node:assert/strict";
import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { bin, pack, root, run } from "../lib/consumer.mjs";

let folder, packed, manifest;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wicketgate-pack-"));
  packed = await pack(folder);
  manifest = JSON.parse(await readFile(join(root, "pkg/package.json"), "utf8"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("holds what it exports, one WebAssembly file a module, and nothing else", () => {
  const exported = Object.values(manifest.exports).flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)));
  for (const path of exported) assert.ok(packed.files.includes(path.replace("./", "")), `${path} is missing`);
  assert.deepEqual(packed.files.filter((path) => path.endsWith(".wasm")).sort(), ["dist/authority.wasm", "dist/wicketgate.wasm"]);
  assert.deepEqual(packed.files.filter((path) => !/^(dist\/.+\.(js|d\.ts|wasm)|docs\/[a-z-]+\.(md|json)|package\.json|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE)$/.test(path)), []);
  assert.deepEqual(Object.keys(manifest.dependencies), ["jose"]);
});

test("publint has nothing to say", async () => {
  const file = await readFile(packed.tarball);
  const tarball = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
  const { messages, pkg } = await publint({ pack: { tarball }, level: "suggestion", strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg, { color: false })), []);
});

test("are the types wrong? no", async () => {
  // It ends with an error if it has found one.
  const output = await run(bin("attw"), [packed.tarball, "--profile", "esm-only", "--format", "ascii", "--no-color", "--no-emoji",
    "--exclude-entrypoints", "wicketgate.wasm", "authority.wasm", "package.json"]);
  for (const name of ["authority/manual", "gate", "gate/manual", "hono", "pass"]) assert.match(output, new RegExp(`"wicketgate/${name}"\\s+node16 \\(from ESM\\): OK`));
});
