// Measures the authority: the cost of a change for its readers, commands per second and over HTTP, the start of the object, and what waits
// for the renewal of gate snapshots.
// run.mjs runs it at its end; it also runs alone: `node authority.mjs [--quick]`. Markdown on stdout, progress on stderr.

import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { measureDeltas } from "./deltas.mjs";
import { factor, integer, mebibytes, ms, percent, row, rule } from "./format.mjs";
import { httpBar, httpTable, measureHttp } from "./http.mjs";
import { startObjects } from "./object.mjs";
import { measureRenewals, renewalTable } from "./renewals.mjs";
import { measureStartUp } from "./start-up.mjs";
import { median, ratio, spread } from "./stats.mjs";
import { measureThroughput } from "./throughput.mjs";

const FULL = {
  deltas: [
    { size: "S", rounds: 7 },
    { size: "M", rounds: 5 },
    { size: "L", rounds: 1, onlyLast: true },
  ],
  batches: 7,
  histories: [1_000, 10_000, 100_000],
  restarts: 7,
};
const QUICK = {
  deltas: [
    { size: "S", rounds: 3 },
    { size: "M", rounds: 2 },
  ],
  batches: 3,
  histories: [1_000, 10_000],
  restarts: 3,
};
const READERS = { workspace: "whole organization", admin: "member, an administrator", member: "member, an ordinary one" };
const SHARE = 0.01;
const APPLY = 1 / 20;
const THROUGHPUT = 1 / 4;

/** Takes all measurements. */
export async function measureAuthority({ quick, note }) {
  const plan = quick ? QUICK : FULL;
  const deltas = [];
  for (const { size, ...how } of plan.deltas) {
    note(`authority: deltas, ${size}`);
    deltas.push(await measureDeltas(size, how));
  }
  const http = await measureHttp({ quick, note });
  const renewals = await measureRenewals({ note });
  const objects = await startObjects();
  try {
    const throughput = await measureThroughput(objects, ["S", "M"], plan.batches, note);
    const startUp = await measureStartUp(objects, plan.histories, plan.restarts, note);
    return { deltas, throughput, startUp, http, renewals };
  } finally {
    await objects.end();
  }
}

/** The tables, and the thresholds. */
export function authorityReport({ deltas, throughput, startUp, http, renewals }) {
  const parts = [
    "# The authority",
    deltaTable(deltas),
    changeTable(deltas.find(({ size }) => size === "M")),
    throughputTable(throughput),
    httpTable(http),
    startUpTable(startUp),
    renewalTable(renewals),
    bars({ deltas, throughput, startUp, http }),
  ];
  return `${parts.join("\n\n")}\n`;
}

function deltaTable(deltas) {
  const lines = deltas.flatMap(({ size, scopes, head }) => [
    ...scopes.map(({ name, full, changes, times }) => {
      const sizes = Object.values(changes).flat();
      const compressed = full.brotli === undefined ? "" : `${integer(full.brotli)} → ${both(sizes, full, "brotli")}`;
      return row([
        size,
        READERS[name],
        `${integer(full.raw)} → ${both(sizes, full, "raw")}`,
        compressed,
        less(times.issueFull, times.issueDelta),
        less(times.open, times.apply),
        less(times.openAsk, times.applyAsk),
      ]);
    }),
    row([size, "floor: verifying one signature (`openHead`)", "", "", "", `${ms(median(head))} ±${percent(spread(head))}`, ""]),
  ]);
  return [
    "## One change, as a delta instead of the full snapshot",
    "",
    "Full snapshot → delta. Bytes: the median change and, in brackets, the largest.",
    "",
    row(["size", "reader", "bytes", "bytes, brotli 11", "issuing", "`open` → `apply`", "… with a first `can`"]),
    rule(7),
    ...lines,
  ].join("\n");
}

function changeTable({ scopes }) {
  const kinds = Object.keys(scopes[0].changes);
  const lines = kinds.map((kind) =>
    row([
      `\`${kind.split(",")[0]}\`${kind.slice(kind.split(",")[0].length)}`,
      ...scopes.map(({ changes, full }) => {
        const raw = median(changes[kind].map((change) => change.raw));
        return `${integer(raw)} (${share(raw / full.raw)}), ${integer(median(changes[kind].map(({ brotli }) => brotli)))}`;
      }),
    ]),
  );
  const facts = scopes.map(({ times }) => `${ms(median(times.facts))} → ${ms(median(times.factsFollowed))}`);
  return [
    "### M, change by change",
    "",
    "Bytes of the delta (share of the full snapshot), and after brotli; signature included. The ordinary member is the one in question.",
    "",
    row(["", ...scopes.map(({ name }) => READERS[name])]),
    rule(scopes.length + 1),
    ...lines,
    row(["`facts()` of a full snapshot → of one that followed all of these", ...facts]),
  ].join("\n");
}

function throughputTable(lines) {
  const perSecond = (times) => `${integer(1_000 / median(times))}/s ±${percent(spread(times))}`;
  return [
    "## Durable commands on one object",
    "",
    row([
      "organization",
      "in flight",
      "commands",
      "bare inserts of the same bytes",
      "ratio",
      "without the wait for the disk and the call: command, insert",
    ]),
    rule(6),
    ...lines.map(({ size, title, inFlight, commands, bare, inside, bareInside }) =>
      row([
        `${size}${title ? `, ${title}` : ""}`,
        inFlight,
        perSecond(commands),
        perSecond(bare),
        `**${ratio(bare, commands).toFixed(2)}**`,
        `${micro(inside)}, ${micro(bareInside)}`,
      ]),
    ),
  ].join("\n");
}

function startUpTable({ empty, histories, farthest }) {
  const line = ({ version, after, afterSize, saved, state, times }) => [
    integer(version),
    `${integer(after)}, ${mebibytes(afterSize)}`,
    saved === null ? "none" : mebibytes(state),
    `${ms(median(times))} ±${percent(spread(times))}`,
  ];
  return [
    "## First answer of an object after a restart",
    "",
    "The last line is as far from its saved state as an object of this size gets.",
    "",
    row(["events", "of them after the saved state", "saved state", "first answer", "less that of an almost empty object"]),
    rule(5),
    row([...line(empty), ""]),
    ...[...histories, farthest].map((object) => row([...line(object), ms(median(object.times) - median(empty.times))])),
  ].join("\n");
}

function bars({ deltas, throughput, startUp, http }) {
  const verdict = (met) => (met ? "met" : "**missed**");
  const { scopes, head } = deltas.find(({ size }) => size === "M");
  const lines = scopes.flatMap(({ name, full, changes, times }) => {
    const sizes = Object.values(changes).flat();
    const [raw, brotli] = ["raw", "brotli"].map((form) => median(sizes.map((change) => change[form])) / full[form]);
    const largest = Math.max(...sizes.map((change) => change.raw)) / full.raw;
    return [
      row([
        `bytes of one change, M, ${READERS[name]}`,
        "≤ 1 %",
        `${share(raw)}; brotli ${share(brotli)}; the largest ${share(largest)}`,
        verdict(raw <= SHARE),
      ]),
      row([
        `\`apply\` against \`open\`, M, ${READERS[name]}`,
        "≤ 1/20",
        `${fraction(times.open, times.apply)} (a signature alone: ${fraction(times.open, head)})`,
        verdict(median(times.apply) <= median(times.open) * APPLY),
      ]),
    ];
  });
  for (const { size, title, inFlight, commands, bare } of throughput) {
    if (title) continue;
    const value = ratio(bare, commands);
    lines.push(
      row([
        `durable commands against bare inserts, ${size}, ${inFlight} in flight`,
        "≥ 1/4",
        value.toFixed(2),
        verdict(value >= THROUGHPUT),
      ]),
    );
  }
  lines.push(row(httpBar(http, verdict)));
  const [shortest, longest] = [startUp.histories[0], startUp.histories.at(-1)];
  const growth = ratio(longest.times, shortest.times);
  const detail = `${factor(growth)} of that with ${integer(shortest.version)} (${ms(median(longest.times))} against ${ms(median(shortest.times))}; fastest ${ms(Math.min(...longest.times))} against ${ms(Math.min(...shortest.times))})`;
  lines.push(row([`start-up with ${integer(longest.version)} events`, "reported; does not grow", detail, ""]));
  return ["## Against the bars", "", row(["", "bar", "measured", ""]), rule(4), ...lines].join("\n");
}

/** The median and the maximum of sizes. */
function both(sizes, full, form) {
  const list = sizes.map((size) => size[form]);
  return `${integer(median(list))} (${integer(Math.max(...list))}), **${share(median(list) / full[form])}** (${share(Math.max(...list) / full[form])})`;
}

function less(full, delta) {
  return `${ms(median(full))} → ${ms(median(delta))}, **${fraction(full, delta)}**`;
}

function fraction(full, delta) {
  const times = median(full) / median(delta);
  return `1/${times < 100 ? times.toPrecision(3) : integer(times)}`;
}

function share(value) {
  return `${(value * 100).toPrecision(2)} %`;
}

function micro(times) {
  return `${integer(median(times) * 1_000)} µs`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const quick = process.argv.includes("--quick");
  const note = (text) => process.stderr.write(`${text}\n`);
  const measured = await measureAuthority({ quick, note });
  process.stdout.write(
    `${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the end; Node ${process.version}.\n\n`,
  );
  process.stdout.write(authorityReport(measured));
}
