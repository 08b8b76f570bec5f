// The tarball: its files, and the findings of package linters.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { crates, isAllowed, notices, packages } from "../../scripts/notices.mjs";
import { bin, pack, root, run } from "../lib/consumer.mjs";

const AT_THE_ROOT = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "THIRD-PARTY-NOTICES.txt"];

/** Files of a folder with this ending, without subfolders. */
const sources = (folder, end) => readdirSync(join(root, folder)).filter((name) => name.endsWith(end));

let folder, packed, manifest;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wicketgate-pack-"));
  packed = await pack(folder);
  manifest = JSON.parse(await readFile(join(root, "pkg/package.json"), "utf8"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("contains its exports, one WebAssembly file for each module, and nothing else", () => {
  const paths = (target) => (typeof target === "string" ? [target] : Object.values(target).flatMap(paths));
  const exported = paths(manifest.exports);
  for (const path of exported) assert.ok(packed.files.includes(path.replace("./", "")), `${path} is missing`);
  assert.deepEqual(
    packed.files.filter((path) => path.endsWith(".wasm")).sort(),
    ["authority", "member", "wicketgate"].map((name) => `dist/${name}.wasm`),
  );
  const compiled = readdirSync(join(root, "pkg/src"), { recursive: true })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .flatMap((path) => [".js", ".d.ts"].map((end) => `dist/${path.replace(/\.ts$/, end)}`));
  // The two checking modules have one file of bindings.
  const glue = ["authority", "authority-bytes", "wicketgate", "wicketgate-bytes", "member-bytes"]
    .flatMap((name) => [`dist/wasm/${name}.js`, `dist/wasm/${name}.d.ts`])
    .concat(["authority", "member", "wicketgate"].map((name) => `dist/${name}.wasm`));
  const declared = [...compiled, ...glue].filter(
    (path) => path.endsWith(".d.ts") && !/^dist\/(entry\/|angular\.|svelte\.)/.test(path),
  );
  const forCommonJs = declared.map((path) => path.replace("dist/", "dist/cjs-types/").replace(/\.d\.ts$/, ".d.cts"));
  const documents = [
    "authority.md",
    "browsers.md",
    "example-snapshot.json",
    "gate.md",
    "package.md",
    "rules.md",
    "snapshot-format.md",
  ].map((name) => `docs/${name}`);
  assert.deepEqual(
    [...packed.files].sort(),
    [...compiled, ...glue, ...forCommonJs, ...documents, ...AT_THE_ROOT, "package.json"].sort(),
  );
  assert.deepEqual(Object.keys(manifest.dependencies), ["jose"]);
});

test("the crate contains its sources and documents, from a built tree too", async () => {
  const listed = (await run("cargo", ["package", "--list", "--allow-dirty", "--offline"], { cwd: root })).trim().split("\n");
  const code = readdirSync(join(root, "src"), { recursive: true })
    .filter((path) => path.endsWith(".rs"))
    .map((path) => `src/${path}`);
  const documents = sources("docs", ".md").map((name) => `docs/${name}`);
  const cargo = ["Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];
  assert.deepEqual(
    listed.filter((path) => path !== ".cargo_vcs_info.json").sort(),
    ["build.rs", ...code, ...documents, "docs/example-snapshot.json", ...AT_THE_ROOT, ...cargo].sort(),
  );
});

describe("third-party notices", () => {
  const names = (text) =>
    [...text.matchAll(/^={80}\n([\s\S]*?)\n-{80}$/gm)].flatMap(([, title]) => title.split("\n")).map((line) => line.split(" (")[0]);
  const read = (path) => readFile(join(root, path), "utf8");

  test("match the lock file, in the repository and so in the crate, and in the tarball", async () => {
    const text = await read("THIRD-PARTY-NOTICES.txt");
    assert.equal(text, notices(crates()), "run `node scripts/build.mjs`");
    assert.equal(await read("pkg/THIRD-PARTY-NOTICES.txt"), text);
    for (const name of ["curve25519-dalek", "ed25519-dalek", "subtle", "serde_json", "wasm-bindgen", "Rust standard library"]) {
      assert.ok(
        names(text).some((one) => one.startsWith(name)),
        name,
      );
    }
    assert.match(text, /Redistributions in binary form must reproduce the above copyright/);
  });

  test("are beside the console and the Workers, with the packages that these contain", async () => {
    for (const [path, ...expected] of [
      ["www/dist/third-party-notices.txt", "react", "react-dom", "react-aria-components", "wouter", "curve25519-dalek"],
      ["edge/dist/authority/third-party-notices.txt", "hono", "nodemailer", "oauth4webapi", "curve25519-dalek"],
      ["edge/dist/gate/third-party-notices.txt", "hono", "jose", "curve25519-dalek"],
    ]) {
      const found = names(await read(path));
      for (const name of expected)
        assert.ok(
          found.some((one) => one.startsWith(`${name} `)),
          `${path}: ${name}`,
        );
    }
  });

  test("stop the build if a licence is not allowed, or its text is missing", async () => {
    for (const allowed of ["MIT", "Apache-2.0 OR GPL-3.0-only", "(MIT OR Apache-2.0) AND Unicode-3.0", "MIT/Apache-2.0"])
      assert.ok(isAllowed(allowed), allowed);
    for (const not of ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "(MIT OR Apache-2.0) AND SSPL-1.0", "UNLICENSED"])
      assert.ok(!isAllowed(not), not);
    const made = join(folder, "node_modules", "made");
    await mkdir(made, { recursive: true });
    const of = async (license, files = {}) => {
      await writeFile(join(made, "package.json"), JSON.stringify({ name: "made", version: "1.0.0", license }));
      for (const [name, text] of Object.entries(files)) await writeFile(join(made, name), text);
      return packages([join(made, "index.js")]);
    };
    await assert.rejects(of("GPL-3.0-only"), {
      message: "made 1.0.0: its licence may not be shipped: GPL-3.0-only",
    });
    await assert.rejects(of("MIT"), { message: "made 1.0.0: the text of its licence is missing (MIT)" });
    assert.deepEqual((await of("MIT", { LICENSE: "Copyright somebody\r\n" }))[0].texts, ["Copyright somebody"]);
  });
});

test("publint finds nothing", async () => {
  const file = await readFile(packed.tarball);
  const tarball = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
  const { messages, pkg } = await publint({ pack: { tarball }, level: "suggestion", strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

test("are-the-types-wrong finds nothing", async () => {
  // It exits with an error if it finds one. `require` loads ECMAScript modules (Node 20.19 and newer); they are declared so that older settings of TypeScript accept that.
  const output = await run(bin("attw"), [
    packed.tarball,
    "--profile",
    "esm-only",
    "--ignore-rules",
    "false-cjs",
    "--format",
    "ascii",
    "--no-color",
    "--no-emoji",
    "--exclude-entrypoints",
    "wicketgate.wasm",
    "member.wasm",
    "authority.wasm",
    "package.json",
  ]);
  for (const name of ["authority/manual", "gate", "gate/manual", "hono", "pass", "where"])
    assert.match(output, new RegExp(`"wicketgate/${name}"\\s+node16 \\(from ESM\\): OK`));
});
