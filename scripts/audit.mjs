#!/usr/bin/env node
// Checks the crates' licences and sources, and that no crate is there twice (deny.toml).
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cargoDeny } from "./tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const checked = spawnSync(cargoDeny(), ["--log-level", "error", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = checked.status ?? 1;
