// Measures a visit: from the navigation to the first verified decision, on slow and fast networks, with an empty cache and again with a warm
// one. run.mjs runs it; it also runs alone: `node visit.mjs [--quick]`. Markdown on stdout, progress on stderr.

import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { barRow, barTable } from "./bars.mjs";
import { FLAGS, findChromium } from "./chromium.mjs";
import { factor, ms, percent, row, rule } from "./format.mjs";
import { median, ratio, spread } from "./stats.mjs";
import { buildPages } from "./visit-pages.mjs";
import { servePages } from "./visit-server.mjs";
import { random } from "./world.mjs";

const LIBRARIES = ["wicketgate", "casl-conditions-jose", "casl-ids-jose"];
const TITLES = {
  wicketgate: "Wicketgate",
  "casl-conditions-jose": "CASL conditions + jose",
  "casl-ids-jose": "CASL per-id + jose",
};
const PEER = "casl-conditions-jose";
const NETWORKS = {
  "1.6 Mbit/s, 150 ms": { latency: 150, down: 1.6, up: 0.75 },
  "9 Mbit/s, 60 ms": { latency: 60, down: 9, up: 1.5 },
  "not throttled": null,
};
const TIMED = "9 Mbit/s, 60 ms";
/** Without links, as the documentation has it; with links, the page names what it will fetch. */
const LINKS = ["plain", "hinted"];

/** Takes all measurements: `{ version, chromium: { network: { "library plain": { first: […], again: […] } } }, engines: { … } }`. */
export async function measureVisits({ quick, note }) {
  const rounds = quick ? 3 : 9;
  note("visits: building the pages");
  const pages = await buildPages(LIBRARIES);
  const site = await servePages(pages);
  try {
    const { version, times } = await inChromium(site, rounds, note);
    const engines = await inOtherEngines(site, rounds, note);
    return { version, rounds, chromium: times, engines, loaded: site.loaded };
  } finally {
    site.close();
  }
}

async function inChromium(site, rounds, note) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  const draw = random(17);
  const times = {};
  const visit = async (page, network, library, links) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    if (network) {
      const bytes = (megabits) => (megabits * 1e6) / 8;
      const { latency, down, up } = network;
      const conditions = { offline: false, latency, downloadThroughput: bytes(down), uploadThroughput: bytes(up) };
      await session.send("Network.emulateNetworkConditions", conditions);
    }
    return site.visit(library, links, (url) => page.goto(url, { waitUntil: "commit" }));
  };
  try {
    // Round 0 is a warm-up: a browser starts some parts only once.
    for (let round = 0; round <= rounds; round++) {
      for (const [name, network] of Object.entries(NETWORKS)) {
        note(`visits: Chromium, ${name}, round ${round} of ${rounds}`);
        // In the warm-up, the visit without links comes first: it shows which WebAssembly file a link has to name.
        const all = LINKS.flatMap((links) => LIBRARIES.map((library) => [library, links]));
        for (const [library, links] of round === 0 ? all : draw.shuffle(all)) {
          const context = await browser.newContext();
          const first = await visit(await context.newPage(), network, library, links);
          const again = await visit(await context.newPage(), network, library, links);
          await context.close();
          if (round === 0) continue;
          const line = ((times[name] ??= {})[`${library} ${links}`] ??= { first: [], again: [] });
          line.first.push(first);
          line.again.push(again);
        }
      }
    }
    return { version: browser.version(), times };
  } finally {
    await browser.close();
  }
}

/** Firefox and WebKitGTK through their drivers, which cannot throttle. Every visit has a path of its own, so nothing of it is cached. */
async function inOtherEngines(site, rounds, note) {
  const { ENGINES } = await import("../tests/lib/engines.mjs");
  const draw = random(19);
  const results = {};
  for (const { name, skip, start } of ENGINES) {
    if (skip) {
      results[name] = { skip };
      continue;
    }
    const browser = await start();
    const times = {};
    try {
      for (let round = 0; round <= rounds; round++) {
        note(`visits: ${name}, round ${round} of ${rounds}`);
        for (const library of draw.shuffle([...LIBRARIES])) {
          const path = site.freshPath();
          const first = await site.visit(library, "plain", (url) => browser.goto(url), path);
          const again = await site.visit(library, "plain", (url) => browser.goto(url), path);
          if (round === 0) continue;
          const line = (times[`${library} plain`] ??= { first: [], again: [] });
          line.first.push(first);
          line.again.push(again);
        }
      }
      results[name] = { times };
    } finally {
      await browser.close();
    }
  }
  return results;
}

/** The tables, and the thresholds. */
export function visitReport({ version, chromium: networks, engines, loaded }) {
  const lines = Object.entries(networks).flatMap(([network, times]) =>
    LINKS.flatMap((links) => LIBRARIES.map((library) => line(network, times, library, links))),
  );
  for (const [engine, { skip, times }] of Object.entries(engines)) {
    if (skip) lines.push(row([`${engine}, not measured: ${skip}`, "", "", "", ""]));
    else lines.push(...LIBRARIES.map((library) => line(`${engine}, not throttled`, times, library, "plain")));
  }
  const bars = Object.entries(networks).flatMap(([network, times]) =>
    LINKS.map((links) => {
      const [own, peer] = ["wicketgate", PEER].map((library) => times[`${library} ${links}`].first);
      const limits = network === TIMED && links === "plain" ? { most: 1.2, stretch: 1.05 } : {};
      return barRow(
        `from navigation to the first decision, Chromium, ${network}${links === "plain" ? "" : ", `preload` links"}, against ${TITLES[PEER]}`,
        { value: ratio(own, peer), ...limits, detail: `${ms(median(own))} against ${ms(median(peer))}` },
      );
    }),
  );
  return `${[
    `# A visit of a page`,
    "",
    `M, headless Chromium ${version} where no other engine is named. In brackets: against Wicketgate; above 1 Wicketgate needs less. Wicketgate's page loads ${loaded.wicketgate.join(", ")}.`,
    "",
    row(["network", "page", "links", "first visit, empty cache", "second visit"]),
    rule(5),
    ...lines,
    "",
    barTable(bars),
  ].join("\n")}\n`;
}

function line(network, times, library, links) {
  const own = times[`${library} ${links}`];
  const base = times[`wicketgate ${links}`];
  const cell = (visit) => {
    const against = library === "wicketgate" ? "" : ` (${factor(ratio(own[visit], base[visit]))})`;
    return `${ms(median(own[visit]))} ±${percent(spread(own[visit]))}${against}`;
  };
  return row([network, TITLES[library], links === "plain" ? "" : "`preload`", cell("first"), cell("again")]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const note = (text) => process.stderr.write(`${text}\n`);
  const measured = await measureVisits({ quick: process.argv.includes("--quick"), note });
  process.stdout.write(
    `${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the end; Node ${process.version}.\n\n`,
  );
  process.stdout.write(visitReport(measured));
}
