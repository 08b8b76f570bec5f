#!/usr/bin/env node
// The wasm-bindgen tests in headless Chrome, with the runner that `wasm-pack test --headless --chrome` calls.
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { chrome, chromedriver, wasmBindgenFolder } from "./tools.mjs";

chrome();
const env = { ...process.env, CHROMEDRIVER: chromedriver(), PATH: `${wasmBindgenFolder()}${delimiter}${process.env.PATH}` };
const args = ["test", "--target", "wasm32-unknown-unknown", "--test", "browser"];
const { status } = spawnSync("cargo", args, { stdio: "inherit", env, cwd: fileURLToPath(new URL("..", import.meta.url)) });
process.exit(status ?? 1);
