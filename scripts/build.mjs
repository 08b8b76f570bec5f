#!/usr/bin/env node
// Builds the npm package: Rust → WebAssembly → bindings → smaller WebAssembly → JavaScript and types in pkg/dist.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { crates, notices } from "./notices.mjs";
import { wasmBindgen } from "./tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}pkg/dist`;
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
const node = (script, ...args) => run(process.execPath, `${root}node_modules/${script}`, ...args);

/** Takes something out of the generated JavaScript, wherever it stands. A generator that writes it in another way is looked at again. */
function takeOut(file, pattern, instead = "") {
  const text = readFileSync(file, "utf8");
  const without = text.replaceAll(pattern, instead);
  if (without === text) throw new Error(`${file} does not hold ${pattern}: look at what wasm-bindgen writes now`);
  writeFileSync(file, without);
}

/** Of the generated JavaScript: what loads, what is for platforms that are older than any that this runs on, and what the package has itself. */
const LEFT_OUT = [
  /    if \(!\(module instanceof WebAssembly\.Module\)\) \{\n        module = new WebAssembly\.Module\(module\);\n    \}\n/g,
  /    if \(module !== undefined\) \{\n        if \(Object\.getPrototypeOf\(module\)[^]*?\n    \}\n\n(?=    const imports = __wbg_get_imports\(\);\n    const instance)/g,
  /async function __wbg_load\(module, imports\) \{[^]*?\n\}\n\n/g,
  /let __wbg_init_promise;\n[^]*(?=export \{ initSync)/g,
  /if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?\n\}\n\n/g,
  /if \(Symbol\.dispose\) \w+\.prototype\[Symbol\.dispose\] = \w+\.prototype\.free;\n/g,
  /    if \(realloc === undefined\) \{[^]*?\n    \}\n\n/g,
];

rmSync(dist, { recursive: true, force: true });
mkdirSync(`${dist}/wasm`, { recursive: true });

// Messages of panics name source files: not where they are on this machine.
const sources = `${process.env.CARGO_HOME || `${homedir()}/.cargo`}/registry/src`;
const flags = ["--config", `target.wasm32-unknown-unknown.rustflags=${JSON.stringify([`--remap-path-prefix=${sources}=.`])}`];

for (const [name, features] of [["wicketgate", []], ["authority", ["--features", "authority"]]]) {
  console.log(`building ${name}.wasm`);
  const target = `${root}target/${name}`;
  run("cargo", "build", "--quiet", "--release", "--lib", "--target", "wasm32-unknown-unknown", "--target-dir", target, ...flags, ...features);
  const module = `${target}/wasm32-unknown-unknown/release/wicketgate.wasm`;
  run(wasmBindgen(), "--target", "web", "--omit-default-module-path", "--out-name", name, "--out-dir", `${dist}/wasm`, module);
  // The package loads the module and hands it over compiled. What the generated code would do instead goes by `instanceof`, and so refuses
  // the modules and responses of frames, test runners and sandboxes.
  const glue = `${dist}/wasm/${name}.js`;
  for (const part of LEFT_OUT) takeOut(glue, part);
  takeOut(glue, "export { initSync, __wbg_init as default };", "export { initSync };");
  // What compresses best: from flattened code, twice, without inlining what is called once and long, without sharing subexpressions
  // (repeats compress better than locals). That also leaves less to compile before the first answer.
  const shrink = ["--flatten", "--rereloop", "-Oz", "--one-caller-inline-max-function-size=20", "-Oz", "--skip-pass=local-cse"];
  shrink.push("--strip-debug", "--strip-producers", "--strip-target-features");
  node("binaryen/bin/wasm-opt", ...shrink, `${dist}/wasm/${name}_bg.wasm`, "-o", `${dist}/${name}.wasm`);
  rmSync(`${dist}/wasm/${name}_bg.wasm`);
  rmSync(`${dist}/wasm/${name}_bg.wasm.d.ts`);
}

console.log("compiling the TypeScript");
node("typescript/bin/tsc", "-p", "pkg");
// In the repository, because the crate ships it too.
writeFileSync(`${root}THIRD-PARTY-NOTICES.txt`, notices(crates()));
const documents = ["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "THIRD-PARTY-NOTICES.txt", "docs/rules.md", "docs/snapshot-format.md", "docs/authority.md", "docs/gate.md", "docs/example-snapshot.json"];
for (const file of documents) cpSync(`${root}${file}`, `${root}pkg/${file}`);
