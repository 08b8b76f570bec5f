// Turns the measurements into Markdown: one table per size, the workspace, and the thresholds.

import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { MIB, factor, integer, mebibytes, ms, ns, percent, row, rule } from "./format.mjs";
import { median, ratio, spread } from "./stats.mjs";

const BROWSER_LIMIT = 60_000;
// Differences of heap sizes smaller than this are noise.
const RESOLUTION = MIB / 4;
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
      `${versions.join(", ")}${environment.build ? `, wicketgate.wasm ${environment.build}` : ""}. ` +
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

function samples({ bytes, wire, cold, can, list, memory }, measure, size, id) {
  const all = {
    bytes: () => bytes[id] && [bytes[id].brotli],
    wire: () => wire[size]?.[id] && [wire[size][id].brotli],
    cold: () => cold[size]?.[id]?.map(({ total }) => total),
    early: () => cold[size]?.[id]?.map(({ early }) => early),
    can: () => can[size]?.[id],
    list: () => list[size]?.[id],
    memory: () => memory[size]?.[id] && [memory[size][id].total],
  };
  return all[measure]();
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
    "The same bundles, fetched from a local server in a fresh context; for information, the bar is taken in Node.",
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
  const lines = [];
  const add = (title, value, limit, detail) =>
    lines.push(
      row([title, limit, value === undefined ? "not measured" : detail, value === undefined ? "" : value ? "met" : "**missed**"]),
    );
  for (const size of ["M", "L"]) canBars(results, size, add);
  const gate = (measure, size, id) => samples(results, measure, size, id);
  const compare = (title, measure, size, others, limit = 1) => {
    const own = gate(measure, size, "wicketgate");
    const measured = others.map((id) => [id, gate(measure, size, id)]).filter(([, list]) => list);
    if (!own || !measured.length) return add(title, undefined, `≤ ${limit}×`);
    const [id, best] = measured.sort((a, b) => median(a[1]) - median(b[1]))[0];
    const value = ratio(own, best);
    add(
      title,
      value <= limit,
      `≤ ${limit}×`,
      `${factor(value)} (${amount(measure, median(own))} against ${amount(measure, median(best))}, ${id})`,
    );
  };
  compare("cold start, M, against CASL conditions + jose", "cold", "M", ["casl-conditions-jose"]);
  compare("… against the same with only the rules signed ¹", "cold", "M", ["casl-rules-jose"]);
  const bytes = results.bytes.wicketgate;
  add(
    "bytes a browser loads",
    bytes.brotli <= BROWSER_LIMIT,
    "≤ 60 KB",
    `${integer(bytes.brotli)} bytes (${integer(bytes.raw)} uncompressed)`,
  );
  compare("`list`, M, against CASL's fastest filter", "list", "M", ["casl-ids-jose", "casl-conditions-jose"]);
  wireBars(results, add);
  if (results.workspace) workspaceBars(results.workspace, add);
  return [
    "## Against the bars",
    "",
    row(["", "bar", "measured", ""]),
    rule(4),
    ...lines,
    "",
    "¹ Less work: the page brings the one assistant it asks about, unsigned. Everybody else can answer for any id.",
    "² Less work: answers one capability only.",
  ].join("\n");
}

function canBars({ can }, size, add) {
  const all = can[size];
  const fastest = (ids) => ids.filter((id) => all?.[id]).sort((a, b) => median(all[a]) - median(all[b]))[0];
  const floor = fastest(["map", "map-bits"]);
  const casl = fastest(["casl-ids-jose", "casl-conditions-jose"]);
  for (const [title, other, limit] of [
    ["the JS Map floor", floor, 2],
    ["CASL's fastest idiom", casl, 1],
  ]) {
    const name = `warm \`can\`, ${size}, against ${title}`;
    const bar = limit === 1 ? "< 1×" : `≤ ${limit}×`;
    if (!other || !all.wicketgate) {
      add(name, undefined, bar);
      continue;
    }
    const value = ratio(all.wicketgate, all[other]);
    const detail = `${factor(value)} (${ns(median(all.wicketgate))} against ${ns(median(all[other]))}, ${other})`;
    add(name, limit === 1 ? value < 1 : value <= limit, bar, detail);
  }
}

function wireBars({ wire, named }, add) {
  const own = wire.M?.wicketgate;
  const token = wire.M?.["casl-ids-jose"];
  for (const [title, made] of [
    ["the same content, no names", own],
    ["with the names of things, which the token lacks", named?.M],
  ]) {
    const name = `member snapshot on the wire, M, against the CASL per-id + jose token: ${title}`;
    if (!made || !token) {
      add(name, undefined, "≤ 1×");
      continue;
    }
    const sizes = `${integer(made.brotli)} of ${integer(made.raw)} bytes against ${integer(token.brotli)} of ${integer(token.raw)}`;
    add(name, made.brotli <= token.brotli, "≤ 1×", `${factor(made.brotli / token.brotli)} (${sizes}; brotli 11 of uncompressed)`);
  }
}

function workspaceBars({ size, payload, runs, chromium }, add) {
  for (const [title, list] of [
    ["Node", runs["wicketgate-workspace"]],
    ["Chromium", chromium?.reports],
  ]) {
    const name = `workspace snapshot ${size} opened in ${title}: peak wasm memory`;
    if (!list) {
      add(name, undefined, "≤ 8×");
      continue;
    }
    const times = Math.max(...list.map(({ wasm }) => wasm)) / payload;
    add(name, times <= 8, "≤ 8× payload", `${factor(times)}, opened in ${ms(median(list.map(({ open }) => open)))}`);
  }
}

function amount(measure, value) {
  if (measure === "can" || measure === "early") return ns(value);
  if (measure === "list") return value < 1_000 ? ns(value * 1_000) : ms(value / 1_000);
  if (measure === "cold") return ms(value);
  if (measure === "memory") return mebibytes(value);
  return `${integer(value)} B`;
}
