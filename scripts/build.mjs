#!/usr/bin/env node
// Builds the npm package: Rust → WebAssembly → bindings → smaller WebAssembly → JavaScript and types in pkg/dist.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { declareForCommonJs } from "./declarations.mjs";
import { rewriteGlue } from "./glue.mjs";
import { crates, notices } from "./notices.mjs";
import { wasmBindgen } from "./tools.mjs";
import { shortNames, withNames, withoutSection, withoutTexts, withTraps } from "./wasm.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}pkg/dist`;
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
const node = (script, ...args) => run(process.execPath, `${root}node_modules/${script}`, ...args);

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

rmSync(dist, { recursive: true, force: true });
mkdirSync(`${dist}/wasm`, { recursive: true });

// Panic messages contain source paths: without this machine's folders.
const sources = `${process.env.CARGO_HOME || `${homedir()}/.cargo`}/registry/src`;
// No reference types: WebKit in Safari 16.0 to 16.3 miscounts a table of references, and traps for ever after some thousand opens.
const rustflags = [`--remap-path-prefix=${sources}=.`, "-Ctarget-feature=-reference-types"];

/** Options of wasm-opt for the modules that pages download: the ones that compress best. */
const SHRINK = [
  // Flattened code, two passes, no inlining of long functions that are called once, no shared subexpressions (repetition compresses better than
  // locals). They also leave less to compile before the first answer.
  ...["--flatten", "--rereloop", "-Oz", "--one-caller-inline-max-function-size=20", "-Oz", "--skip-pass=local-cse"],
];
/** Options of wasm-opt for the module of servers, where a command takes half as long as with the others. */
const SPEED = ["-O3"];
/** Options of wasm-opt for every module. */
const COMMON = [
  // The WebAssembly features that the modules may use; any other fails.
  ...["--enable-bulk-memory-opt", "--enable-mutable-globals", "--enable-nontrapping-float-to-int", "--enable-sign-ext"],
  ...["--strip-debug", "--strip-producers", "--strip-target-features"],
];

/** Compiles the crate and binds it to JavaScript. @returns the module with the names that the compiler and wasm-bindgen give */
function compiled(name, { features = [], cfg = [], profile = [], traps = false }, out) {
  console.log(`building ${name}.wasm`);
  const target = `${root}target/${name}`;
  const config = `target.wasm32-unknown-unknown.rustflags=${JSON.stringify([...rustflags, ...cfg.flatMap((each) => ["--cfg", each])])}`;
  const cargo = ["build", "--quiet", "--release", "--lib", "--target", "wasm32-unknown-unknown", "--target-dir", target];
  const settings = [config, ...profile].flatMap((setting) => ["--config", setting]);
  run("cargo", ...cargo, ...settings, ...features.flatMap((feature) => ["--features", feature]));
  // With the section `target_features`, wasm-bindgen follows the features of the compiled standard library.
  const plain = withoutSection(readFileSync(`${target}/wasm32-unknown-unknown/release/wicketgate.wasm`), "target_features");
  // Cargo's own file stays as it is: cargo does not make it again while nothing changes.
  const module = `${target}/${name}.wasm`;
  writeFileSync(module, traps ? withTraps(plain, PANICS) : plain);
  run(wasmBindgen(), "--target", "web", "--omit-default-module-path", "--out-name", name, "--out-dir", out, module);
  return readFileSync(`${out}/${name}_bg.wasm`);
}

/** Makes a module smaller or faster. */
function optimized(module, name, options) {
  const [before, after] = [`${root}target/${name}/before.wasm`, `${root}target/${name}/after.wasm`];
  writeFileSync(before, module);
  node("binaryen/bin/wasm-opt", ...options, ...COMMON, before, "-o", after);
  return readFileSync(after);
}

/** Writes a module, and a file of JavaScript with its bytes. */
function put(name, module) {
  writeFileSync(`${dist}/${name}.wasm`, module);
  const text = module.toString("base64");
  writeFileSync(
    `${dist}/wasm/${name}-bytes.js`,
    `import { decoded } from "../lib/base64.js";\n/** The content of ${name}.wasm. */\nexport const bytes = () => decoded("${text}");\n`,
  );
  writeFileSync(
    `${dist}/wasm/${name}-bytes.d.ts`,
    `/** The content of ${name}.wasm. */\nexport declare const bytes: () => Uint8Array<ArrayBuffer>;\n`,
  );
}

// The modules that pages download: repeated until nothing changes.
const PAGE = { traps: true, options: [...SHRINK, "--converge"] };
const SERVER = { features: ["authority"], profile: ["profile.release.opt-level=3"], options: SPEED };
let wholeNames;
for (const [name, { options, ...how }] of [
  ["wicketgate", PAGE],
  ["member", { ...PAGE, cfg: ["member_module"] }],
  ["authority", SERVER],
]) {
  const out = `${root}target/${name}/bindings`;
  const module = compiled(name, how, out);
  // The module for member snapshots has the JavaScript of the whole one, and so its names.
  const names = name === "member" ? wholeNames : shortNames(module);
  if (name === "wicketgate") wholeNames = names;
  const small = withNames(optimized(module, name, options), names);
  put(name, how.traps ? withoutTexts(small, PANIC_TEXTS) : small);
  if (name === "member") continue;
  for (const end of ["js", "d.ts"]) cpSync(`${out}/${name}.${end}`, `${dist}/wasm/${name}.${end}`);
  rewriteGlue(`${dist}/wasm/${name}.js`, names, { factory: name === "wicketgate" });
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
