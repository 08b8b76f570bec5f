// Measures the gate: the cost of a decision, the influence of the organization's size, passes per second, and bytes.
// run.mjs runs it at its end; it also runs alone: `node gate.mjs [--quick]`. Markdown on stdout, progress on stderr.

import { readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { barRow, barTable } from "./bars.mjs";
import { brotli } from "./build.mjs";
import { factor, integer, percent, row, rule } from "./format.mjs";
import { measureDecisions } from "./gate-decisions.mjs";
import { measurePasses } from "./gate-throughput.mjs";
import { median, ratio, spread } from "./stats.mjs";

const FULL = { decisions: { rounds: 21, budget: 60 }, passes: { rounds: 9, seconds: 2 } };
const QUICK = { decisions: { rounds: 5, budget: 30 }, passes: { rounds: 3, seconds: 1 } };
const WIDGET = 3 * 1024;
/** How many times as many answers the constant may give. */
const PASSES = 2;
const SAME = 0.1;

const TASKS = {
  verify: "`jose.jwtVerify` of the gate snapshot",
  link: "`gate.admit`, a link key",
  origin: "`gate.admit`, a site",
  stranger: "`gate.admit`, a site that has not asked before",
  "stranger and pass": "… and `issuePass`: a signature",
  "verify, rotating": "`jose.jwtVerify`, in turn",
  "link, rotating": "`gate.admit`, a link key, in turn",
  "origin, rotating": "`gate.admit`, a site, in turn",
  "link, not remembered": "`gate.admit` that opens the snapshot first",
  answer: "`gate.passResponse`, a site, the signature remembered",
  "answer, stranger": "`gate.passResponse`, a site that has not asked before",
};
const KINDS = {
  constant: "a Worker that returns `ok`",
  sameSize: "a Worker that returns an answer of the same size",
  oneKey: "`/v1/pass`, one link key",
  manySites: "`/v1/pass`, one assistant, 500 sites in turn",
  manyAssistants: "`/v1/pass`, 500 assistants in turn, each with its key",
};
const COMPARED = ["link", "origin", "link, rotating", "origin, rotating", "link, not remembered"];

/** Takes all measurements. */
export async function measureGate({ quick, note }) {
  const plan = quick ? QUICK : FULL;
  const decisions = await measureDecisions({ ...plan.decisions, note });
  const passes = await measurePasses({ ...plan.passes, note });
  return { decisions, passes, bytes: await bytes() };
}

/** The tables, and the thresholds. */
export function gateReport({ decisions, passes, bytes }) {
  const parts = ["# The gate", decisionTable(decisions), sizeTable(decisions), passTable(passes), byteTable(bytes)];
  return `${[...parts, bars({ decisions, passes, bytes })].join("\n\n")}\n`;
}

function decisionTable({ bytes, ...runtimes }) {
  const names = Object.keys(runtimes);
  const lines = Object.entries(TASKS).map(([task, title]) =>
    row([
      title,
      ...names.map((runtime) => {
        const measured = runtimes[runtime]["small, 100"];
        if (!measured[task]) return "";
        const against = task.endsWith("rotating") ? "verify, rotating" : "verify";
        const times = `${micro(measured[task])} ±${percent(spread(measured[task]))}`;
        return task === against ? times : `${times}, **${factor(ratio(measured[task], measured[against]))}**`;
      }),
    ]),
  );
  return [
    "## One decision on a warm isolate",
    "",
    `Organization of 100 assistants, a gate snapshot of ${integer(bytes)} bytes. Bold: the time against \`jose.jwtVerify\` of that snapshot. "In turn": over 100 assistants.`,
    "",
    row(["", ...names]),
    rule(names.length + 1),
    ...lines,
  ].join("\n");
}

function sizeTable({ bytes: _, ...runtimes }) {
  const lines = Object.entries(runtimes).flatMap(([runtime, worlds]) =>
    COMPARED.map((task) => {
      const [small, large, more] = ["small, 100", "large, 100", "large, 500"].map((world) => worlds[world][task]);
      return row([
        runtime,
        TASKS[task],
        micro(small),
        micro(large),
        `**${ratio(large, small).toFixed(3)}**`,
        task.includes(",") ? micro(more) : "",
      ]);
    }),
  );
  return [
    "## The same in an organization of 100 and of 100,000 assistants",
    "",
    row(["", "", "100", "100,000", "ratio", "100,000, over 500 in turn"]),
    rule(6),
    ...lines,
  ].join("\n");
}

function passTable(passes) {
  const perSecond = (rounds) => rounds.map((round) => round.perSecond);
  const each = (rounds) => rounds.map(({ server, perSecond }) => (server / perSecond) * 1e9);
  const lines = Object.entries(passes).map(([kind, rounds]) =>
    row([
      KINDS[kind],
      `${integer(median(perSecond(rounds)))} ±${percent(spread(perSecond(rounds)))}`,
      ...["constant", "sameSize"].map((against) =>
        kind === against ? "" : `**${ratio(perSecond(rounds), perSecond(passes[against])).toFixed(2)}**`,
      ),
      micro(each(rounds)),
      percent(median(rounds.map(({ server }) => server))),
      percent(median(rounds.map(({ share }) => share))),
    ]),
  );
  return [
    "## Passes a second",
    "",
    row([
      "",
      "answers a second",
      "against `ok`",
      "against the same size",
      "processor time of each",
      "workerd, of one core",
      "who asks, of one core",
    ]),
    rule(7),
    ...lines,
  ].join("\n");
}

function byteTable(bytes) {
  return [
    "## Bytes",
    "",
    row(["", "minified", "brotli 11"]),
    rule(3),
    ...Object.entries(bytes).map(([name, { raw, brotli }]) => row([name, integer(raw), integer(brotli)])),
  ].join("\n");
}

function bars({ decisions: { bytes: _, ...runtimes }, passes, bytes }) {
  const lines = [];
  for (const [runtime, worlds] of Object.entries(runtimes)) {
    const measured = worlds["small, 100"];
    const against = (task, peer, limits) => {
      const detail = `${micro(measured[task])} against ${micro(measured[peer])}`;
      const value = ratio(measured[task], measured[peer]);
      lines.push(barRow(`${TASKS[task]}, against \`jose.jwtVerify\`, ${runtime}`, { value, detail, ...limits }));
    };
    against("link", "verify", { most: 1 });
    against("origin", "verify", { most: 1 });
    against("link, not remembered", "verify, rotating", { most: 1.5, stretch: 1 });
  }
  for (const [runtime, worlds] of Object.entries(runtimes)) {
    const values = COMPARED.map((task) => ratio(worlds["large, 100"][task], worlds["small, 100"][task]));
    lines.push(
      barRow(`a decision among 100,000 assistants against one among 100, off by, ${runtime}`, {
        value: Math.max(...values.map((value) => Math.abs(value - 1))),
        most: SAME,
        show: percent,
        detail: values.map((value) => value.toFixed(3)).join(", "),
      }),
    );
  }
  for (const kind of ["oneKey", "manySites", "manyAssistants"]) {
    const perSecond = (rounds) => rounds.map((round) => round.perSecond);
    lines.push(
      barRow(`\`ok\` against ${KINDS[kind]}`, {
        value: ratio(perSecond(passes.constant), perSecond(passes[kind])),
        most: PASSES,
      }),
    );
  }
  lines.push(barRow("`widget.js`, brotli", { value: bytes["`widget.js`"].brotli, most: WIDGET, show: integer }));
  return barTable(lines);
}

/** Bytes that a browser loads, and bytes that the library adds to a Worker. */
async function bytes() {
  const weighed = async (options) => {
    const { outputFiles } = await build({
      bundle: true,
      minify: true,
      write: false,
      legalComments: "none",
      logLevel: "error",
      ...options,
    });
    return { raw: outputFiles[0].contents.length, brotli: brotli(outputFiles[0].contents) };
  };
  const browser = (name) =>
    weighed({
      entryPoints: [fileURLToPath(new URL(`../edge/gate/browser/${name}.ts`, import.meta.url))],
      format: "iife",
      target: "es2020",
    });
  const library = (contents) =>
    weighed({
      stdin: { contents, resolveDir: import.meta.dirname },
      format: "esm",
      target: "es2022",
      conditions: ["workerd", "worker", "browser"],
      external: ["*.wasm"],
    });
  const wasm = await readFile(fileURLToPath(import.meta.resolve("wicketgate/wicketgate.wasm")));
  return {
    "`widget.js`": await browser("widget"),
    "script of the frame": await browser("frame"),
    "script of the share page": await browser("share"),
    "`wicketgate/pass` with jose": await library(`export { verifyPass } from "wicketgate/pass";`),
    "`wicketgate/gate` with jose, without the WebAssembly file": await library(
      `export { Gate, authoritySource, keyValueSource, remoteKeys } from "wicketgate/gate";`,
    ),
    "the WebAssembly file, which checking alone needs, too": { raw: wasm.length, brotli: brotli(wasm) },
  };
}

function micro(times) {
  const value = median(times) / 1_000;
  return `${value < 100 ? value.toPrecision(3) : integer(value)} µs`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const quick = process.argv.includes("--quick");
  const note = (text) => process.stderr.write(`${text}\n`);
  const measured = await measureGate({ quick, note });
  process.stdout.write(
    `${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the end; Node ${process.version}.\n\n`,
  );
  process.stdout.write(gateReport(measured));
}
