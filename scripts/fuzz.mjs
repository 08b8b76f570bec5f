#!/usr/bin/env node
// Runs the fuzz targets: all, or TARGET; for TIME seconds altogether (default 600). Inputs that reach new code are kept in
// `target/fuzz/found` from run to run. With --keep, a minimal set of them is put into `fuzz/corpus`.
//
// Coverage comes from passes of the stable compiler. It has no address sanitizer, but there is no unsafe code for one to check.
import { spawnSync } from "node:child_process";
import { isUtf8 } from "node:buffer";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seeds } from "./fuzz-seeds.mjs";
import { cxx, hostTriple } from "./tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = join(root, "target/fuzz");
/** Length limit of inputs in the repository: people must be able to read one that breaks something. */
const LONGEST_KEPT = 1024;
/** Length limit of the targets' inputs, `LONGEST` in `fuzz/src/lib.rs`. */
const LONGEST = 64 << 10;

const coverage = ["level=4", "inline-8bit-counters", "pc-table", "trace-compares"].map(
  (pass) => `-Cllvm-args=-sanitizer-coverage-${pass}`,
);
const flags = ["--cfg fuzzing", "-Cpasses=sancov-module", ...coverage, "-Ccodegen-units=1"].join(" ");

function run(command, args, options) {
  const result = spawnSync(command, args, { stdio: "inherit", cwd: root, ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

function folder(...names) {
  const path = join(built, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

const files = (path) =>
  readdirSync(path)
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());

/** The inputs in the repository. */
function corpus(target) {
  const path = join(root, `fuzz/corpus/${target}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
}

const triple = hostTriple();
const all = readdirSync(join(root, "fuzz/fuzz_targets")).map((file) => file.replace(/\.rs$/, ""));
const wanted = process.env.TARGET ? process.env.TARGET.split(",") : all;
for (const target of wanted) {
  if (all.includes(target)) continue;
  console.error(`error: there is no target ${target}: ${all.join(", ")}`);
  process.exit(1);
}
const seconds = Math.max(1, Math.floor(Number(process.env.TIME ?? 600) / wanted.length));

// A named target keeps these flags away from build scripts.
const build = ["build", "--quiet", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", triple, "--target-dir", built];
const bins = wanted.flatMap((target) => ["--bin", target]);
if (run("cargo", [...build, ...bins], { env: { ...process.env, CXX: cxx(), RUSTFLAGS: flags } }) !== 0) process.exit(1);

let failed = false;
for (const target of wanted) {
  const program = join(built, triple, "release", target);
  const [found, crashes] = [folder("found", target), folder("crashes", target)];
  const [given, kept] = [folder("seeds", target), folder("kept", target)];
  for (const [name, input] of seeds(target)) writeFileSync(join(given, name), input);
  for (const [n, input] of corpus(target).entries()) writeFileSync(join(kept, `${n}`), input);
  const folders = [found, kept, given, join(root, "fuzz/regressions", target)].filter(existsSync);
  const options = [
    `-max_total_time=${seconds}`,
    `-max_len=${LONGEST}`,
    "-timeout=60",
    "-rss_limit_mb=4096",
    `-dict=${join(root, "fuzz/json.dict")}`,
  ];
  console.log(`fuzzing ${target} for ${seconds} s`);
  const log = join(built, `${target}.log`);
  const result = spawnSync(program, [...folders, ...options, `-artifact_prefix=${crashes}/`], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  writeFileSync(log, `${result.stdout}${result.stderr}`);
  const last = /#(\d+)\s+DONE\s+cov: (\d+).*/.exec(result.stderr);
  if (result.status === 0 && last) {
    console.log(`  ${last[1]} inputs, ${last[2]} places reached, ${files(found).length} inputs found`);
  } else {
    failed = true;
    console.error(result.stderr.split("\n").slice(-40).join("\n"));
    console.error(
      `error: ${target} broke: the input is in target/fuzz/crashes/${target}, the whole output in target/fuzz/${target}.log`,
    );
  }
  if (process.argv.includes("--keep") && !failed) keep(program, target, [kept, found]);
}
process.exit(failed ? 1 : 0);

/** Puts into the repository a minimal set of short inputs that reach code which the seeds do not reach. */
function keep(program, target, folders) {
  const merged = join(built, "merged", target);
  rmSync(merged, { recursive: true, force: true });
  mkdirSync(merged, { recursive: true });
  // The merge skips coverage that the first folder already has.
  for (const [name, input] of seeds(target)) writeFileSync(join(merged, `seed-${name}`), input);
  const options = ["-set_cover_merge=1", "-use_counters=0", "-use_cmp=0", `-max_len=${LONGEST_KEPT}`];
  if (run(program, [merged, ...folders, ...options], { stdio: "ignore" }) !== 0) throw new Error(`${target} could not be merged`);
  const found = files(merged)
    .filter((file) => !file.includes("/seed-"))
    .map((file) => readFileSync(file))
    .filter(isUtf8);
  const inputs = found.map(String).sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
  mkdirSync(join(root, "fuzz/corpus"), { recursive: true });
  writeFileSync(join(root, `fuzz/corpus/${target}.json`), `[\n${inputs.map((input) => JSON.stringify(input)).join(",\n")}\n]\n`);
  console.log(`  ${inputs.length} inputs are kept in fuzz/corpus/${target}.json`);
}
