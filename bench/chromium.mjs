// Cold starts in headless Chromium: the snapshot is in memory, the code comes from a local server.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { watchMemories } from "./watch.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/** Flags of a browser without a window that does nothing in the background. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TYPES = { mjs: "text/javascript", wasm: "application/wasm", json: "application/json" };

/** The browser: the environment's CHROME, or the first one on the PATH. */
export function findChromium() {
  if (process.env.CHROME) return process.env.CHROME;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

/**
 * Runs jobs in turn, each round in a new browser context, so that nothing is cached. A job
 * names its bundle in `folder` and its files: `given` (JSON), `payload` (bytes, optional) and
 * `questions` (JSON, optional; asked in the last round). Returns the reports of each job.
 */
export async function runInChromium({ folder, jobs, rounds }) {
  const files = {};
  for (const { bundle, ...own } of jobs) {
    for (const [kind, path] of Object.entries(own)) files[`/${bundle}/${kind}`] = path;
  }
  const server = serve(folder, files);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  const reports = Object.fromEntries(jobs.map(({ bundle }) => [bundle, []]));
  try {
    // Round 0 is a warm-up: a browser starts some parts only once.
    for (let round = 0; round <= rounds; round++) {
      for (const { bundle, payload, questions } of round % 2 ? jobs : jobs.toReversed()) {
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.addInitScript(`globalThis.wasmMemories = (${watchMemories})();`);
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        const job = { bundle, payload: Boolean(payload), questions: Boolean(questions) && round === rounds };
        const report = await page.evaluate(measure, job);
        if (round > 0) reports[bundle].push(report);
        await context.close();
      }
    }
    return { version: browser.version(), reports };
  } finally {
    await browser.close();
    server.close();
  }
}

// Runs in the page.
async function measure(job) {
  const path = `/${job.bundle}`;
  const { first, ...given } = await (await fetch(`${path}/given`)).json();
  if (job.payload) given.snapshot.payload = new Uint8Array(await (await fetch(`${path}/payload`)).arrayBuffer());
  const start = performance.now();
  const { open } = await import(`${path}.mjs`);
  const loaded = performance.now();
  const peer = await open(given);
  const opened = performance.now();
  const allowed = peer.can(first.capability, first.id);
  const total = performance.now() - start;
  const wasm = globalThis.wasmMemories().reduce((sum, bytes) => sum + bytes, 0);
  let wrong;
  if (job.questions) {
    const askers = new Map();
    const asked = await (await fetch(`${path}/questions`)).json();
    wrong = asked.filter(({ user, capability, id, allowed }) => {
      if (!askers.has(user)) askers.set(user, peer.as(user));
      return askers.get(user).can(capability, id) !== allowed;
    }).length;
  }
  return { allowed, wrong, load: loaded - start, open: opened - loaded, total, wasm };
}

function serve(folder, files) {
  return createServer((request, response) => {
    const name = new URL(request.url, "http://localhost").pathname;
    if (name === "/") return response.setHeader("content-type", "text/html").end("<!doctype html>");
    const path = files[name] ?? join(folder, name.replaceAll("..", ""));
    if (!existsSync(path)) return response.writeHead(404).end();
    response.setHeader("content-type", TYPES[name.split(".").at(-1)] ?? "application/octet-stream");
    createReadStream(path).pipe(response);
  });
}
