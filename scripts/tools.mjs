// Finds the tools that are not npm packages, and installs missing ones if possible.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const root = new URL("..", import.meta.url);
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "wicketgate");

/** Ends the program with one line. */
function fail(line) {
  console.error(`error: ${line}`);
  process.exit(1);
}

export function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of names) for (const folder of folders) if (existsSync(join(folder, name))) return join(folder, name);
  return undefined;
}

function output(command, ...args) {
  const result = spawnSync(command, args, { encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The version of a crate in Cargo.lock. */
function locked(crate) {
  const lock = readFileSync(new URL("Cargo.lock", root), "utf8");
  return new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`).exec(lock)?.[1] ?? fail(`Cargo.lock has no ${crate}`);
}

/** Rust in the version of rust-toolchain.toml, and its wasm32 target. */
export function rust() {
  if (output("cargo", "--version") === undefined) {
    if (onPath("rustup", "rustup.exe") === undefined)
      fail("Rust is missing: install it from https://rustup.rs, then run this again");
    console.log("installing the Rust of rust-toolchain.toml");
    const installed = spawnSync("rustup", ["toolchain", "install"], { stdio: ["ignore", "inherit", "ignore"], cwd: root });
    if (installed.status !== 0 || output("cargo", "--version") === undefined)
      fail("the Rust of rust-toolchain.toml is missing and rustup could not install it: rustup toolchain install");
  }
  const sysroot = output("rustc", "--print", "sysroot");
  if (sysroot !== undefined && existsSync(join(sysroot, "lib/rustlib/wasm32-unknown-unknown"))) return;
  console.log("adding Rust's wasm32 target");
  const added = spawnSync("rustup", ["target", "add", "wasm32-unknown-unknown"], { stdio: "inherit", cwd: root });
  if (added.status !== 0)
    fail("Rust's wasm32 target is missing and rustup could not add it: rustup target add wasm32-unknown-unknown");
}

/** Another Rust version than that of rust-toolchain.toml, with its wasm32 target. */
export function rustOf(version) {
  if (output("rustc", `+${version}`, "--version") === undefined) console.log(`installing Rust ${version}, once`);
  const options = ["--profile", "minimal", "--target", "wasm32-unknown-unknown", "--no-self-update"];
  const installed = spawnSync("rustup", ["toolchain", "install", version, ...options], { stdio: "ignore", cwd: root });
  if (installed.status !== 0)
    fail(`Rust ${version} is missing and rustup could not install it: rustup toolchain install ${version}`);
}

/** rustfmt and clippy, which minimal installations leave out. */
export function lints() {
  for (const [program, component] of [
    ["fmt", "rustfmt"],
    ["clippy", "clippy"],
  ]) {
    if (output("cargo", program, "--version") !== undefined) continue;
    console.log(`adding Rust's ${component}`);
    const added = spawnSync("rustup", ["component", "add", component], { stdio: "inherit", cwd: root });
    if (added.status !== 0) fail(`${component} is missing and rustup could not add it: rustup component add ${component}`);
  }
}

/** A program of cargo in exactly this version, from PATH or the cache; installed there if it is missing. Ends the program if it is `needed` and cannot be installed. */
function cargoTool(crate, version, program, minutes, { needed = true } = {}) {
  const version_ = (path) => output(path, "--version")?.split(" ").includes(version);
  const found = onPath(program);
  if (found !== undefined && version_(found)) return found;
  const folder = join(cache, "tools", `${crate}-${version}`);
  const cached = join(folder, "bin", program);
  if (existsSync(cached)) return cached;
  console.log(`installing ${crate} ${version}, once (about ${minutes} minutes)`);
  const installed = spawnSync("cargo", ["install", crate, "--version", version, "--root", folder, "--quiet"], {
    stdio: "inherit",
    cwd: homedir(),
  });
  if (installed.status === 0) return cached;
  return needed ? fail(`${crate} could not be installed: cargo install ${crate} --version ${version}`) : undefined;
}

/** The wasm-bindgen CLI in the crate's version. */
export const wasmBindgen = () => cargoTool("wasm-bindgen-cli", locked("wasm-bindgen"), "wasm-bindgen", 5);
/** The folder of `wasm-bindgen-test-runner`, which is installed with it. */
export const wasmBindgenFolder = () => join(wasmBindgen(), "..");

/** The tool that checks licences, sources and duplicates of crates. */
export const cargoDeny = () => cargoTool("cargo-deny", "0.20.2", "cargo-deny", 5);

/** The tool that makes mutants. */
export const cargoMutants = () => cargoTool("cargo-mutants", "27.1.0", "cargo-mutants", 5);

/** Rust's name of this machine's platform. */
export const hostTriple = () =>
  /^host: (.+)$/m.exec(output("rustc", "-vV") ?? "")?.[1] ?? fail("rustc does not say what machine this is");

/** A C++ compiler for the fuzzing engine: CXX, or on PATH, or Debian's package. */
export function cxx() {
  const found = () => onPath("c++", "clang++", "g++");
  return (
    process.env.CXX ??
    found() ??
    (install("a C++ compiler", "g++") ? found() : undefined) ??
    fail("a C++ compiler is missing: install g++ or clang, or set CXX")
  );
}

/** Chrome or Chromium: CHROME, or on PATH, or Debian's package. */
export function chrome() {
  return process.env.CHROME ?? browser("chromium", "google-chrome", "google-chrome-stable", "chrome");
}

/** The WebDriver of Chromium. */
export function chromedriver() {
  return process.env.CHROMEDRIVER ?? browser("chromedriver");
}

function browser(...names) {
  const found = onPath(...names);
  if (found !== undefined) return found;
  if (install("Chromium and its driver", "chromium", "chromium-driver")) return onPath(...names) ?? fail(`${names[0]} is missing`);
  return fail(`${names[0]} is missing: install Chromium and chromedriver, or set CHROME and CHROMEDRIVER`);
}

/** Firefox and its WebDriver: FIREFOX and GECKODRIVER, or on PATH, or Debian's package and cargo's. Nothing if they cannot be installed. */
export function firefox() {
  const program = process.env.FIREFOX ?? optional("Firefox", ["firefox-esr", "firefox"], "firefox-esr");
  if (program === undefined) return undefined;
  const driver =
    process.env.GECKODRIVER ?? onPath("geckodriver") ?? cargoTool("geckodriver", "0.37.1", "geckodriver", 4, { needed: false });
  return driver && { program, driver };
}

/** The WebDriver of WebKitGTK: WEBKITDRIVER, or on PATH, or Debian's package. Nothing if it cannot be installed. */
export function webkit() {
  const driver = process.env.WEBKITDRIVER ?? optional("WebKitGTK's driver", ["WebKitWebDriver"], "webkit2gtk-driver", "xvfb");
  return driver && { driver };
}

/** A program whose tests are skipped if it is missing. */
function optional(what, names, ...packages) {
  return onPath(...names) ?? (install(what, ...packages) ? onPath(...names) : undefined);
}

/** Installs Debian packages, if possible. */
function install(what, ...packages) {
  if (onPath("apt-get") === undefined || process.getuid?.() !== 0) return false;
  console.log(`installing ${what}`);
  const apt = (...args) => spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  apt("update", "-qq");
  return apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
}
