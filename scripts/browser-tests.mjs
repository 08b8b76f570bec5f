#!/usr/bin/env node
// The wasm-bindgen tests in headless Chrome and Firefox, with the runner that `wasm-pack test --headless` calls.
import { spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { chrome, chromedriver, firefox, wasmBindgenFolder } from "./tools.mjs";

chrome();
const path = [wasmBindgenFolder()];
const found = firefox();
// The driver looks for the browser on PATH.
if (found) path.push(dirname(found.program));
const args = ["test", "--target", "wasm32-unknown-unknown", "--test", "browser"];
// The runner looks for unnamed drivers on PATH and uses the first kind that it finds.
const { CHROMEDRIVER: _, GECKODRIVER: __, ...others } = process.env;

for (const [name, driver] of [
  ["Chrome", { CHROMEDRIVER: chromedriver() }],
  ["Firefox", found && { GECKODRIVER: found.driver }],
]) {
  if (!driver) {
    console.log(`${name}: skipped, it is not installed`);
    continue;
  }
  console.log(`${name}:`);
  const env = { ...others, ...driver, PATH: [...path, process.env.PATH].join(delimiter) };
  const { status } = spawnSync("cargo", args, { stdio: "inherit", env, cwd: fileURLToPath(new URL("..", import.meta.url)) });
  if (status !== 0) process.exit(status ?? 1);
}
