// Turns the measurements into Markdown: one table per size, the workspace, and the thresholds.

import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { barRow, barTable } from "./bars.mjs";
import { MIB, factor, integer, mebibytes, ms, ns, percent, row, rule } from "./format.mjs";
import { samples } from "./samples.mjs";
import { median, ratio, spread } from "./stats.mjs";

// Differences of heap sizes smaller than this are noise.
const RESOLUTION = MIB / 4;
const CASL = ["casl-ids-jose", "casl-conditions-jose"];
const COLUMNS = [
  ["bytes", "bytes shipped"],
  ["cold", "cold start to first decision"],
  ["early", "first 1,000 `can`, each"],
  ["can", "warm `can`"],
  ["list", "`list`"],
  ["memory", "memory"],
  ["wire", "on the wire"],
];

/** The whole report. */
export function report(results) {
  const parts = [heading(results)];
  for (const size of results.options.sizes) parts.push(sizeTable(results, size));
  if (results.chromiumCold) parts.push(chromiumTable(results));
  if (results.workspace) parts.push(workspaceTable(results.workspace));
  if (results.peers.some(({ id }) => id === "wicketgate")) parts.push(bars(results));
  return `${parts.join("\n\n")}\n`;
}

function heading({ environment, sizes, options }) {
  const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
  const versions = Object.entries(dependencies)
    .filter(([name]) => /casl|jose|cedar|biscuit|esbuild/.test(name))
    .map(([name, version]) => `${name} ${version}`);
  const rows = Object.entries(sizes).map(([size, { users, teams, assistants, visible, facts }]) =>
    row([size, integer(users), integer(teams), integer(assistants), integer(visible), `${(facts / MIB).toFixed(1)} MiB`]),
  );
  return [
    `# Measurements${options.quick ? " (quick)" : ""}`,
    "",
    `${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the end; Node ${environment.node}; ` +
      `${versions.join(", ")}${environment.build ? `, wicketgate ${environment.build}` : ""}. ` +
      `${environment.rebuilt ? "**The package was rebuilt meanwhile; measured is what was there at the start.** " : ""}` +
      `${options.rounds} alternating rounds (${options.coldRounds} fresh processes each for the cold start); ` +
      "medians, ± half the distance between the quartiles. Every answer was compared with the naive evaluator's.",
    "",
    row(["size", "users", "teams", "assistants", "visible to the measured user", "facts as JSON"]),
    rule(6),
    ...rows,
  ].join("\n");
}

function sizeTable(results, size) {
  const base = "wicketgate";
  const lines = results.peers.map((peer) =>
    row([peer.title, ...COLUMNS.map(([measure]) => cell(results, measure, size, peer, base))]),
  );
  return [
    `## ${size}, member snapshot of a plain user`,
    "",
    "How many times Wicketgate's figure each peer needs: above 1 Wicketgate needs less.",
    "",
    row(["", ...COLUMNS.map(([, title]) => title)]),
    rule(COLUMNS.length + 1),
    ...lines,
  ].join("\n");
}

function cell(results, measure, size, { id, measures }, base) {
  if (!measures.includes(measure === "early" ? "cold" : measure)) return "";
  if (measure === "early" && !measures.includes("can")) return "";
  const failure = results.failures[measure]?.[size]?.[id];
  if (failure) return failure;
  const own = samples(results, measure, size, id);
  if (!own) return "";
  if (measure === "memory" && own[0] < RESOLUTION) return `< ${mebibytes(RESOLUTION)}`;
  const reference = samples(results, measure, size, base);
  const times = id !== base && reference ? `**${factor(ratio(own, reference))}** ` : "";
  return `${times}${amount(measure, median(own))}${own.length > 1 ? ` ±${percent(spread(own))}` : ""}`;
}

function chromiumTable({ chromiumCold: { version, reports }, peers }) {
  const own = reports.wicketgate?.map(({ total }) => total);
  const lines = peers
    .filter(({ id }) => reports[id])
    .map(({ id, title }) => {
      const totals = reports[id].map(({ total }) => total);
      const times = own && id !== "wicketgate" ? `**${factor(ratio(totals, own))}** ` : "";
      return row([title, `${times}${ms(median(totals))} ±${percent(spread(totals))}`]);
    });
  return [
    `## Cold start of M in headless Chromium ${version}`,
    "",
    "The same bundles, fetched from a local server in a fresh context; the snapshot is in memory.",
    "",
    row(["", "cold start to first decision"]),
    rule(2),
    ...lines,
  ].join("\n");
}

function workspaceTable({ size, payload, runs, chromium, asked }) {
  const line = (title, list) => {
    const [open, total, wasm] = ["open", "total", "wasm"].map((key) => list.map((entry) => entry[key]));
    const memory = wasm[0] ? `${mebibytes(Math.max(...wasm))}, ${factor(Math.max(...wasm) / payload)} the payload` : "";
    const peak = list[0].peak ? mebibytes(median(list.map((entry) => entry.peak))) : "";
    const cells = [title, `${ms(median(open))} ±${percent(spread(open))}`, ms(median(total)), memory, peak];
    return row(cells);
  };
  return [
    `## Opening the workspace snapshot of ${size} (${mebibytes(payload)} of payload)`,
    "",
    row(["", "open", "with loading the code and a first decision", "peak wasm memory", "peak of the process"]),
    rule(5),
    line("Wicketgate, Node", runs["wicketgate-workspace"]),
    ...(chromium ? [line(`Wicketgate, headless Chromium ${chromium.version}`, chromium.reports)] : []),
    line("floor: jose verifies, `JSON.parse`; decides nothing; Node", runs.parse),
    "",
    `${integer(asked)} questions by anybody about anything were answered right${chromium ? " in both" : ""}. ` +
      "None of the other peers has a document of a whole organization from which anybody's answers follow.",
  ].join("\n");
}

function bars(results) {
  const { can, bytes, workspace, chromiumCold } = results;
  const lines = [];
  const of = (measure, size, id) => samples(results, measure, size, id);
  const compare = (title, own, others, show, limits) => {
    const measured = others.filter(([, list]) => list).sort((a, b) => median(a[1]) - median(b[1]));
    if (!own || !measured.length) return lines.push(barRow(title, limits));
    const [id, best] = measured[0];
    const detail = `${show(median(own))} against ${show(median(best))}, ${id}`;
    lines.push(barRow(title, { ...limits, value: ratio(own, best), detail }));
  };
  const against = (title, measure, size, ids, limits) =>
    compare(
      title,
      of(measure, size, "wicketgate"),
      ids.map((id) => [id, of(measure, size, id)]),
      (value) => amount(measure, value),
      limits,
    );
  for (const size of ["M", "L"]) {
    const list = (ids) => ids.map((id) => [id, can[size]?.[id]]);
    const warm = (title, ids, limits) => compare(title, can[size]?.wicketgate, list(ids), ns, limits);
    warm(`warm \`can\`, ${size}, against the JS Map floor`, ["map", "map-bits"], { most: 2 });
    warm(`warm \`can\`, ${size}, against CASL's fastest idiom`, CASL, { most: 1, below: true });
  }
  against("first 1,000 `can`, M, against CASL per-id + jose", "early", "M", ["casl-ids-jose"], { most: 1, stretch: 0.5 });
  against("cold start, M, against CASL conditions + jose", "cold", "M", ["casl-conditions-jose"], { most: 1.25, stretch: 1 });
  against("… against the same with only the rules signed ¹", "cold", "M", ["casl-rules-jose"], { most: 1 });
  const inChromium = (id) => chromiumCold?.reports[id]?.map(({ total }) => total);
  compare(
    "cold start, M, in Chromium, against CASL conditions + jose",
    inChromium("wicketgate"),
    [["casl-conditions-jose", inChromium("casl-conditions-jose")]],
    ms,
    { most: 1.4, stretch: 1.2 },
  );
  const { wasm, javascript } = results.page ?? {};
  lines.push(
    barRow("bytes that a page loads to check with a member snapshot, brotli", {
      value: wasm + javascript || undefined,
      most: 53_000,
      stretch: 48_000,
      show: integer,
      detail: `${integer(wasm)} of WebAssembly, ${integer(javascript)} of JavaScript; the bundled peer has ${integer(bytes.wicketgate.brotli)}`,
    }),
  );
  against("`list`, M, against CASL's fastest filter", "list", "M", CASL, { most: 1 });
  wireBars(results, lines);
  if (workspace) workspaceBars(workspace, compare, lines);
  return [
    barTable(lines),
    "",
    "¹ Less work: the page brings the one assistant it asks about, unsigned. Everybody else can answer for any id.",
    "² Less work: answers one capability only.",
  ].join("\n");
}

function wireBars({ wire, named }, lines) {
  const own = wire.M?.wicketgate;
  const token = wire.M?.["casl-ids-jose"];
  for (const [title, made] of [
    ["the same content, no names", own],
    ["with the names of things, which the token lacks", named?.M],
  ]) {
    const detail = `${integer(made?.brotli)} of ${integer(made?.raw)} bytes against ${integer(token?.brotli)} of ${integer(token?.raw)}; brotli 11 of uncompressed`;
    lines.push(
      barRow(`member snapshot on the wire, M, against the CASL per-id + jose token: ${title}`, {
        value: made && token && made.brotli / token.brotli,
        most: 1,
        detail,
      }),
    );
  }
}

function workspaceBars({ size, payload, runs, chromium }, compare, lines) {
  const opened = (list) => list.map(({ open }) => open);
  const floor = [["jose and `JSON.parse`", opened(runs.parse)]];
  compare(
    `opening the workspace of ${size}, Node, against jose's verification and \`JSON.parse\``,
    opened(runs["wicketgate-workspace"]),
    floor,
    ms,
    {
      most: 1.3,
      stretch: 1,
    },
  );
  for (const [title, list] of [
    ["Node", runs["wicketgate-workspace"]],
    ["Chromium", chromium?.reports],
  ]) {
    const value = list && Math.max(...list.map(({ wasm }) => wasm)) / payload;
    const detail = list && `of the payload; opened in ${ms(median(opened(list)))}`;
    lines.push(barRow(`peak WebAssembly memory of opening it, ${title}`, { value, most: 2.4, detail }));
  }
}

function amount(measure, value) {
  if (measure === "can" || measure === "early") return ns(value);
  if (measure === "list") return value < 1_000 ? ns(value * 1_000) : ms(value / 1_000);
  if (measure === "cold") return ms(value);
  if (measure === "memory") return mebibytes(value);
  return `${integer(value)} B`;
}
