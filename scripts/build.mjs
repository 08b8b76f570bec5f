#!/usr/bin/env node
// Builds the npm package: Rust → WebAssembly → bindings → smaller WebAssembly → JavaScript and types in pkg/dist.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { declareForCommonJs } from "./declarations.mjs";
import { crates, notices } from "./notices.mjs";
import { wasmBindgen } from "./tools.mjs";
import { withImportModule, withoutSection, withoutTexts, withTraps } from "./wasm.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}pkg/dist`;
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
const node = (script, ...args) => run(process.execPath, `${root}node_modules/${script}`, ...args);

/** Removes a pattern from the generated JavaScript. Fails if it is missing, because then the generator has changed. */
function takeOut(file, pattern, instead = "") {
  const text = readFileSync(file, "utf8");
  const without = text.replaceAll(pattern, instead);
  if (without === text) throw new Error(`${file} does not contain ${pattern}: check what wasm-bindgen writes now`);
  writeFileSync(file, without);
}

/** Renames imports and exports in the generated JavaScript to their short names in the module. */
function rename(file, { imports, exports }) {
  for (const [, name, letters] of imports) takeOut(file, ` ${name}: function(`, ` ${letters}: function(`);
  const [known, text] = [new Map(exports), readFileSync(file, "utf8")];
  writeFileSync(
    file,
    text.replaceAll(/\bwasm\.(\w+)/g, (_, name) => `wasm.${known.get(name)}`),
  );
}

/** Changes a file. */
const rewrite = (file, change) => writeFileSync(file, change(readFileSync(file)));

/**
 * The functions of the standard library in which a panic and a failed allocation end, and those that format. In the checking module all that
 * they do is to make a message that nobody gets, then trap: our own messages are joined without them. With a trap at once, wasm-opt removes
 * their callees too.
 */
const PANICS = [/_4core9panicking/, /_3std9panicking/, /_4core3fmt/, /alloc18handle_alloc_error/];
/** The texts of those messages: places in source files, and the beginnings and ends of sentences. */
const PANIC_TEXTS = [
  /[\w./-]+\.rs(?!\w)/g,
  /index out of bounds: the len is | but the index is /g,
  /copy_from_slice: source slice length \(|\) does not match destination slice length \(/g,
  /(insertion|removal) index \(is |\) should be <=? len \(is /g,
  /assertion failed: [\w.()]+|mid > len|capacity overflow|attempt to divide by zero/g,
  /(?<=\0)0001020304\d{190}/g,
];

/** Parts of the generated JavaScript to remove: support for platforms older than ours, and code that the package has itself. */
const LEFT_OUT = [
  /if \(!\('encodeInto' in cachedTextEncoder\)\) \{[\s\S]*?\n\}\n\n/g,
  /if \(Symbol\.dispose\) \w+\.prototype\[Symbol\.dispose\] = \w+\.prototype\.free;\n/g,
  / {4}if \(realloc === undefined\) \{[\s\S]*?\n {4}\}\n\n/g,
  /wasmModule, wasmInstance, /g,
  / {4}wasm(Instance = instance|Module = module);\n/g,
  /(?<= +let ptr0, len0.*;\n) +try \{\n|(?<=len\d+ = WASM_VECTOR_LEN;\n) +\} catch \(e\) \{\n(?: +if \(ptr\d+\).*\n)+ +throw e;\n +\}\n/g,
];

rmSync(dist, { recursive: true, force: true });
mkdirSync(`${dist}/wasm`, { recursive: true });

// Panic messages contain source paths: without this machine's folders.
const sources = `${process.env.CARGO_HOME || `${homedir()}/.cargo`}/registry/src`;
// No reference types: WebKit in Safari 16.0 to 16.3 miscounts a table of references, and traps for ever after some thousand opens.
const rustflags = [`--remap-path-prefix=${sources}=.`, "-Ctarget-feature=-reference-types"];
const flags = ["--config", `target.wasm32-unknown-unknown.rustflags=${JSON.stringify(rustflags)}`];

for (const [name, features] of [
  ["wicketgate", []],
  ["authority", ["--features", "authority"]],
]) {
  console.log(`building ${name}.wasm`);
  const target = `${root}target/${name}`;
  run(
    "cargo",
    "build",
    "--quiet",
    "--release",
    "--lib",
    "--target",
    "wasm32-unknown-unknown",
    "--target-dir",
    target,
    ...flags,
    ...features,
  );
  // Cargo's own file stays as it is: cargo does not make it again while nothing changes.
  const module = `${target}/${name}.wasm`;
  // With the section `target_features`, wasm-bindgen follows the features of the compiled standard library.
  const compiled = withoutSection(readFileSync(`${target}/wasm32-unknown-unknown/release/wicketgate.wasm`), "target_features");
  writeFileSync(module, name === "wicketgate" ? withTraps(compiled, PANICS) : compiled);
  run(wasmBindgen(), "--target", "web", "--omit-default-module-path", "--out-name", name, "--out-dir", `${dist}/wasm`, module);
  // The package loads and instantiates the module itself (src/core/runtime.ts), asynchronously if possible and for any realm.
  const glue = `${dist}/wasm/${name}.js`;
  for (const part of LEFT_OUT) takeOut(glue, part);
  // A memory that has grown has a new buffer. Comparing buffers detects that in every engine.
  takeOut(
    glue,
    /(\w+)\.buffer\.detached === true \|\| \(\1\.buffer\.detached === undefined && (\1\.buffer !== wasm\.memory\.buffer)\)/g,
    "$2",
  );
  // The package's own classes already guarantee the type.
  if (name === "wicketgate") takeOut(glue, / +_assertClass\(.*\n|function _assertClass[\s\S]*?\n\}\n\n/g);
  takeOut(
    glue,
    /async function __wbg_load\([\s\S]*$/g,
    "export { __wbg_get_imports as imports, __wbg_finalize_init as started };\n",
  );
  const started = "export function imports(): object;\nexport function started(instance: object): unknown;\n";
  takeOut(glue.replace(".js", ".d.ts"), /export type InitInput = [\s\S]*$/g, started);
  // The options that compress best: flattened code, two passes, no inlining of long functions that are called once, no shared
  // subexpressions (repetition compresses better than locals). It also leaves less to compile before the first answer.
  const shrink = ["--flatten", "--rereloop", "-Oz", "--one-caller-inline-max-function-size=20", "-Oz", "--skip-pass=local-cse"];
  // Repeated until nothing changes, for the module that pages download.
  if (name === "wicketgate") shrink.push("--converge");
  // The WebAssembly features that the modules may use; any other fails.
  shrink.push("--enable-bulk-memory-opt", "--enable-mutable-globals", "--enable-nontrapping-float-to-int", "--enable-sign-ext");
  shrink.push("--strip-debug", "--strip-producers", "--strip-target-features", "--minify-imports-and-exports-and-modules");
  // wasm-opt shortens the names of imports only from modules that begin with `wasi_`.
  rewrite(`${dist}/wasm/${name}_bg.wasm`, (bytes) => withImportModule(bytes, `./${name}_bg.js`, `wasi_${name}_bg`));
  const wasmOpt = [
    `${root}node_modules/binaryen/bin/wasm-opt`,
    ...shrink,
    `${dist}/wasm/${name}_bg.wasm`,
    "-o",
    `${dist}/${name}.wasm`,
  ];
  // One map of names for each repetition: the first one renames, the others must keep the names.
  const printed = execFileSync(process.execPath, wasmOpt, { encoding: "utf8" });
  const [names, ...repeated] = printed.split(/\n(?=\{\n)/).map((map) => JSON.parse(map));
  const kept = ({ imports, exports }) => [...imports.map((item) => item.slice(1)), ...exports].every(([from, to]) => from === to);
  if (!repeated.every(kept)) throw new Error("wasm-opt has renamed imports or exports a second time");
  rename(glue, names);
  takeOut(glue, `"./${name}_bg.js": import0`, "a: import0");
  if (name === "wicketgate") rewrite(`${dist}/${name}.wasm`, (bytes) => withoutTexts(bytes, PANIC_TEXTS));
  rmSync(`${dist}/wasm/${name}_bg.wasm`);
  const text = readFileSync(`${dist}/${name}.wasm`).toString("base64");
  writeFileSync(
    `${dist}/wasm/${name}-bytes.js`,
    `import { decoded } from "../lib/base64.js";\n/** The content of ${name}.wasm. */\nexport const bytes = () => decoded("${text}");\n`,
  );
  writeFileSync(
    `${dist}/wasm/${name}-bytes.d.ts`,
    `/** The content of ${name}.wasm. */\nexport declare const bytes: () => Uint8Array<ArrayBuffer>;\n`,
  );
  rmSync(`${dist}/wasm/${name}_bg.wasm.d.ts`);
}

console.log("compiling the TypeScript");
node("typescript/bin/tsc", "-p", "pkg");
// The Angular directive, partially compiled, as Angular's compiler expects it from packages.
node("@angular/compiler-cli/bundles/src/bin/ngc.js", "-p", "pkg/tsconfig.angular.json");
declareForCommonJs();
// Copied from the repository, because the crate ships it too.
writeFileSync(`${root}THIRD-PARTY-NOTICES.txt`, notices(crates()));
const documents = [
  "README.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "LICENSE",
  "THIRD-PARTY-NOTICES.txt",
  "docs/package.md",
  "docs/rules.md",
  "docs/snapshot-format.md",
  "docs/authority.md",
  "docs/gate.md",
  "docs/browsers.md",
  "docs/example-snapshot.json",
];
for (const file of documents) cpSync(`${root}${file}`, `${root}pkg/${file}`);
