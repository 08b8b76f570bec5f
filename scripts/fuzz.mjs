#!/usr/bin/env node
// Runs the fuzz targets: all, or TARGET; for TIME seconds altogether (600 unless said otherwise). What is found is kept in
// `target/fuzz/found` from one run to the next. With --keep, what reaches something new is put into `fuzz/corpus`, as little as does.
//
// Coverage comes from passes that the stable compiler has; address sanitizer, which it lacks, has nothing to find where there is no
// unsafe code.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seeds } from "./fuzz-seeds.mjs";
import { cxx, hostTriple } from "./tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = join(root, "target/fuzz");
/** Longest input kept in the repository: it is read by people when it breaks something. */
const LONGEST_KEPT = 4096;
/** Longest input that the targets take, `LONGEST` in `fuzz/src/lib.rs`. */
const LONGEST = 64 << 10;

const coverage = ["level=4", "inline-8bit-counters", "pc-table", "trace-compares"].map((pass) => `-Cllvm-args=-sanitizer-coverage-${pass}`);
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

const files = (path) => readdirSync(path).map((name) => join(path, name)).filter((file) => statSync(file).isFile());

const triple = hostTriple();
const all = readdirSync(join(root, "fuzz/fuzz_targets")).map((file) => file.replace(/\.rs$/, ""));
const wanted = process.env.TARGET ? process.env.TARGET.split(",") : all;
for (const target of wanted) {
  if (all.includes(target)) continue;
  console.error(`error: there is no target ${target}: ${all.join(", ")}`);
  process.exit(1);
}
const seconds = Math.max(1, Math.floor(Number(process.env.TIME ?? 600) / wanted.length));

// With a target named, the flags are not those of build scripts.
const build = ["build", "--quiet", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target", triple, "--target-dir", built];
const bins = wanted.flatMap((target) => ["--bin", target]);
if (run("cargo", [...build, ...bins], { env: { ...process.env, CXX: cxx(), RUSTFLAGS: flags } }) !== 0) process.exit(1);

let failed = false;
for (const target of wanted) {
  const program = join(built, triple, "release", target);
  const [found, given, crashes] = [folder("found", target), folder("seeds", target), folder("crashes", target)];
  for (const [name, input] of seeds(target)) writeFileSync(join(given, name), input);
  const kept = join(root, "fuzz/corpus", target);
  const folders = [found, kept, given, join(root, "fuzz/regressions", target)].filter((path) => path === found || exists(path));
  const options = [`-max_total_time=${seconds}`, `-max_len=${LONGEST}`, "-timeout=60", "-rss_limit_mb=4096", `-dict=${join(root, "fuzz/json.dict")}`];
  console.log(`fuzzing ${target} for ${seconds} s`);
  const log = join(built, `${target}.log`);
  const result = spawnSync(program, [...folders, ...options, `-artifact_prefix=${crashes}/`], { cwd: root, encoding: "utf8", maxBuffer: 1 << 30 });
  writeFileSync(log, `${result.stdout}${result.stderr}`);
  const last = /#(\d+)\s+DONE\s+cov: (\d+).*/.exec(result.stderr);
  if (result.status === 0 && last) {
    console.log(`  ${last[1]} inputs, ${last[2]} places reached, ${files(found).length} inputs found`);
  } else {
    failed = true;
    console.error(result.stderr.split("\n").slice(-40).join("\n"));
    console.error(`error: ${target} broke: the input is in target/fuzz/crashes/${target}, the whole output in target/fuzz/${target}.log`);
  }
  if (process.argv.includes("--keep") && !failed) keep(program, target, [found, given]);
}
process.exit(failed ? 1 : 0);

/** Puts into the repository the fewest short inputs that reach what all of these do and the seeds do not. */
function keep(program, target, [found, given]) {
  const [merged, kept] = [join(built, "merged", target), join(root, "fuzz/corpus", target)];
  rmSync(merged, { recursive: true, force: true });
  mkdirSync(merged, { recursive: true });
  mkdirSync(kept, { recursive: true });
  // The first folder is only read from: what the seeds reach is not kept again.
  for (const seed of files(given)) writeFileSync(join(merged, `seed-${seed.split("/").pop()}`), readFileSync(seed));
  const status = run(program, [merged, kept, found, "-merge=1", `-max_len=${LONGEST_KEPT}`], { stdio: "ignore" });
  if (status !== 0) throw new Error(`${target} could not be merged`);
  rmSync(kept, { recursive: true });
  mkdirSync(kept, { recursive: true });
  for (const file of files(merged)) {
    const name = file.split("/").pop();
    if (!name.startsWith("seed-")) writeFileSync(join(kept, name.slice(0, 12)), readFileSync(file));
  }
  console.log(`  ${files(kept).length} inputs are kept in fuzz/corpus/${target}`);
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
