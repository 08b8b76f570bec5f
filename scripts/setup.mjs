#!/usr/bin/env node
// Installs the tools for building; with --lint those for linting, with --test those for testing. Skips tools that are there.
import { chrome, chromedriver, firefox, lints, rust, wasmBindgen, webkit } from "./tools.mjs";

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`error: Node 20 or newer is needed, this is ${process.version}`);
  process.exit(1);
}
rust();
wasmBindgen();
if (process.argv.includes("--lint")) lints();
if (process.argv.includes("--test")) {
  chrome();
  chromedriver();
  if (!firefox()) console.log("Firefox or geckodriver is missing and could not be installed: its tests are skipped");
  if (!webkit()) console.log("WebKitWebDriver is missing and could not be installed: its tests are skipped");
}
