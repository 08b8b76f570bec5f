// The access matrix of the console with 2,000 people × 5,000 assistants, in Chromium: time until the first cells are painted, and script time
// per frame during scrolling. Needs the built console and Workers (`node demo/build.mjs`). Run nothing else on the machine.
//
//   node bench/matrix.mjs
import { detach, issue } from "wicketgate/authority";
import { ISSUER, startDemonstration } from "../tests/edge/demonstration.mjs";
import { launchBrowser, openWindow, signIn } from "../tests/page/browser.mjs";
import { SIZES, world } from "./world.mjs";

const ROUNDS = 5;
/** Frames in each direction. */
const FRAMES = 240;
/** Pixels per frame: a fast wheel. */
const SPEED = 90;
const DIRECTIONS = { down: [0, SPEED], across: [SPEED, 0], both: [SPEED, SPEED] };
const CATEGORIES = ["devtools.timeline", "v8.execute"];
/** Events of a trace that are script time, with garbage collection. */
const SCRIPT = new Set(["FunctionCall", "RunMicrotasks", "EvaluateScript", "v8.callFunction", "MinorGC", "MajorGC"]);

const { facts } = world(SIZES.M);
const [demo, browser] = await Promise.all([startDemonstration(), launchBrowser()]);
try {
  const { payload, signature } = await signed();
  console.log(
    `${facts.users.length} people × ${facts.assistants.length} assistants; the snapshot has ${(payload.length / 1e6).toFixed(1)} MB`,
  );
  const window = await openWindow(browser, { reducedMotion: "no-preference" });
  const { page } = window;
  await signIn(page, demo.url, "gina");
  // Stands in for the authority's answer, because founding such a large organization is not measured.
  await page.route("**/v1/workspace", (route) =>
    route.fulfill({ body: payload, headers: { "Content-Type": "application/json", "Wicketgate-Signature": signature } }),
  );

  await page.addInitScript(watchForCells);
  const starts = [];
  for (let round = 0; round < ROUNDS; round++) {
    // From another page of the console, so that loading the console is not measured.
    await page.goto(`${demo.url}/assistants`);
    await page.getByRole("heading", { level: 1, name: "Assistants" }).waitFor();
    await page.getByRole("link", { name: "Access matrix" }).click();
    await page.waitForFunction(() => globalThis.cellsPainted !== undefined);
    starts.push(
      await page.evaluate(() => {
        const { responseEnd } = performance.getEntriesByName(`${location.origin}/v1/workspace`).at(-1);
        return { all: globalThis.cellsPainted - globalThis.clicked, own: globalThis.cellsPainted - responseEnd };
      }),
    );
  }
  report(
    "from the click to the first cells",
    starts.map(({ all }) => all),
  );
  report(
    "  of that after the snapshot had arrived",
    starts.map(({ own }) => own),
  );

  for (const [asked, label] of [
    ["assistant.view", "one right"],
    ["relation", "strongest relation"],
  ]) {
    await page.getByLabel("What is asked").selectOption(asked);
    for (const [direction, step] of Object.entries(DIRECTIONS)) {
      await browser.startTracing(page, { categories: CATEGORIES });
      await page.evaluate(scroll, { step, frames: FRAMES });
      const { traceEvents } = JSON.parse(await browser.stopTracing());
      report(`script a frame, ${label}, scrolling ${direction}`, scriptPerFrame(traceEvents));
    }
  }
  await window.close();
} finally {
  await browser.close();
  await demo.stop();
}

async function signed() {
  return detach(
    await issue(facts, {
      key: demo.signingKey,
      scope: "overview",
      version: 1,
      issuer: ISSUER,
      audience: "wicketgate-console",
      expiresIn: 3600,
    }),
  );
}

// Runs in the page.
function watchForCells() {
  addEventListener("click", () => (globalThis.clicked = performance.now()), { capture: true });
  const observer = new MutationObserver(() => {
    if (!document.querySelector("[role=gridcell]")) return;
    observer.disconnect();
    // The second animation frame comes after the first paint.
    requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.cellsPainted = performance.now())));
  });
  observer.observe(document, { childList: true, subtree: true });
}

// Runs in the page.
async function scroll({ step: [x, y], frames }) {
  const grid = document.querySelector("[role=grid]");
  grid.scrollTo(0, 0);
  for (let frame = 0; frame < frames; frame++) {
    await new Promise((done) => requestAnimationFrame(done));
    grid.scrollBy({ left: x, top: y, behavior: "instant" });
  }
}

/** Milliseconds of script between two animation frames, in their thread. */
function scriptPerFrame(events) {
  const ticks = events.filter(({ name }) => name === "FireAnimationFrame");
  const { pid, tid } = ticks[0];
  const starts = [...new Set(ticks.filter((one) => one.tid === tid && one.pid === pid).map(({ ts }) => ts))].sort((a, b) => a - b);
  const work = events
    .filter((one) => one.pid === pid && one.tid === tid && one.ph === "X" && SCRIPT.has(one.name))
    .sort((a, b) => a.ts - b.ts);
  const spent = starts.map(() => 0);
  let [frame, until] = [0, 0];
  for (const { ts, dur = 0 } of work) {
    // Skips events inside an event that is already counted.
    const own = Math.max(0, ts + dur - Math.max(ts, until));
    until = Math.max(until, ts + dur);
    while (frame + 1 < starts.length && starts[frame + 1] <= ts) frame++;
    if (ts >= starts[0]) spent[frame] += own / 1000;
  }
  return spent.slice(0, -1);
}

function report(what, values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))].toFixed(1);
  console.log(`${what}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, most ${at(1)} ms (${sorted.length})`);
}
