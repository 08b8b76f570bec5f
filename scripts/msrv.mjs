#!/usr/bin/env node
// Compiles everything with the lowest Rust that Cargo.toml promises (`rust-version`): the crate with its tests, natively, and both
// WebAssembly modules.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rustOf } from "./tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [, version] = /^rust-version = "([^"]+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
const WASM = ["--target", "wasm32-unknown-unknown"];

rustOf(version);
for (const options of [["--all-targets", "--features", "authority"], [], WASM, [...WASM, "--features", "authority"]]) {
  // In its own folder, so that builds of the other Rust version are not thrown away.
  const args = [`+${version}`, "check", "--quiet", "--locked", "--target-dir", "target/msrv", ...options];
  console.log(`cargo ${args.join(" ")}`);
  const checked = spawnSync("cargo", args, { cwd: root, stdio: "inherit" });
  if (checked.status !== 0) process.exit(checked.status ?? 1);
}
console.log(`msrv: compiles with Rust ${version}`);
