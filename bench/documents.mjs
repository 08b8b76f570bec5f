// The figures of documents, written by a whole run: between `<!-- bench: … -->` and `<!-- /bench -->` of README.md and docs/measured.md.

import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { factor, integer, mebibytes, ms, ns } from "./format.mjs";
import { samples } from "./samples.mjs";
import { median, ratio } from "./stats.mjs";

const SIZES = ["S", "M", "L"];
/** The measurements of a whole run beside those of the sizes. */
const PARTS = ["chromiumCold", "workspace", "visits", "authority", "gate", "page"];
const OTHERS = {
  "casl-conditions-jose": "CASL conditions + jose",
  "casl-ids-jose": "CASL per-id + jose",
  cedar: "Cedar (WebAssembly) + jose",
  biscuit: "Biscuit (WebAssembly)",
  map: "a JavaScript `Map` and a bit test",
};
const MEASURES = ["bytes", "cold", "can", "list", "wire"];
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const major = (version) => version.split(".", 1)[0];

/** The documents with figures. */
export const documents = ["README.md", "docs/measured.md"];

/** What a run lacks to be written into documents. Empty: it is whole. */
export function missing(results) {
  const { options, environment, peers } = results;
  return [
    ...(options.quick ? ["the rounds of a run without `--quick`"] : []),
    ...SIZES.filter((size) => !options.sizes.includes(size)).map((size) => `the size ${size}`),
    ...(options.workspace === "L" ? [] : ["the workspace of L"]),
    ...["wicketgate", ...Object.keys(OTHERS)].filter((id) => !peers.some((peer) => peer.id === id)),
    ...PARTS.filter((part) => results[part] === undefined),
    ...(environment.rebuilt ? ["one build of the package from start to end"] : []),
  ];
}

/** The parts of documents by name. */
const TEXTS = {
  libraries: (results) =>
    [
      `Results of \`make bench\` on ${runsOn(results)}: a member snapshot of an organization with ${integer(results.sizes.M.users)} users and ${integer(results.sizes.M.assistants)} assistants. Every library answers the same questions.`,
      "A factor above 1 means that Wicketgate needs less. [All measurements](docs/measured.md).",
      "",
      libraries(results),
    ].join("\n"),
  run: (results) => `The figures come from one run on ${runsOn(results)}.`,
  pages: ({ page, cold, chromiumCold: { reports }, can }) => {
    const [own, conditions] = ["wicketgate", "casl-conditions-jose"];
    const total = (list) => list.map((entry) => entry.total);
    const early = (id) => cold.M[id].map((entry) => entry.early);
    return [
      `- A page loads ${kilobytes(page.wasm + page.javascript)} to check with a member snapshot: ${kilobytes(page.wasm)} of WebAssembly and ${kilobytes(page.javascript)} of JavaScript, both brotli.`,
      `- The first decision of a fresh Node process comes after ${ms(median(total(cold.M[own])))}, ${factor(ratio(total(cold.M[own]), total(cold.M[conditions])))} the time of CASL with conditions and jose; in Chromium, with the snapshot in memory, after ${ms(median(total(reports[own])))}, ${factor(ratio(total(reports[own]), total(reports[conditions])))}.`,
      `- Each of the first 1,000 questions takes ${ns(median(early(own)))}, ${factor(ratio(early(own), early("casl-ids-jose")))} the time of CASL per id. Later questions take ${ns(median(can.M[own]))} for M and ${ns(median(can.L[own]))} for L.`,
    ].join("\n");
  },
  visits: ({ visits: { chromium } }) =>
    table([
      [
        "network",
        "links",
        "Wicketgate, first visit",
        "CASL conditions + jose",
        "Wicketgate, second visit",
        "CASL conditions + jose",
      ],
      ...Object.entries(chromium).flatMap(([network, times]) =>
        ["plain", "hinted"].map((links) => {
          const [own, other] = ["wicketgate", "casl-conditions-jose"].map((library) => times[`${library} ${links}`]);
          const cells = ["first", "again"].flatMap((visit) => [
            ms(median(own[visit])),
            `${ms(median(other[visit]))} (${factor(ratio(other[visit], own[visit]))})`,
          ]);
          return [network, links === "plain" ? "" : "`preload`", ...cells];
        }),
      ),
    ]),
  workspace: ({ workspace: { payload, runs, chromium } }) => {
    const own = runs["wicketgate-workspace"];
    const opened = (list) => list.map(({ open }) => open);
    const memory = Math.max(...[...own, ...chromium.reports].map(({ wasm }) => wasm));
    return `- The workspace of L is ${mebibytes(payload)} of JSON. Opening it takes ${ms(median(opened(own)))} in a fresh Node process and ${ms(median(opened(chromium.reports)))} in Chromium; jose's verification and \`JSON.parse\` alone take ${ms(median(opened(runs.parse)))} in Node. It needs at most ${mebibytes(memory)} of WebAssembly memory, ${factor(memory / payload)} its size.`;
  },
  changes: ({ authority: { deltas } }) => {
    const reader = (size, name) => deltas.find((one) => one.size === size).scopes.find((scope) => scope.name === name);
    const bytes = ({ changes }) => median(Object.values(changes).flatMap((list) => list.map(({ raw }) => raw)));
    const [whole, member, large] = [reader("M", "workspace"), reader("M", "member"), reader("L", "workspace")];
    const faster = ({ times }) => (median(times.open) / median(times.apply)).toPrecision(2);
    return [
      `- The delta of one change has ${integer(bytes(whole))} bytes. The workspace of M has ${kilobytes(whole.full.raw)}. Applying the delta takes ${ms(median(whole.times.apply))}, for L ${ms(median(large.times.apply))}; it is ${faster(whole)} times faster than opening the workspace of M.`,
      `- For the snapshot of an ordinary member of M (${kilobytes(member.full.raw)}), a delta has ${((bytes(member) / member.full.raw) * 100).toPrecision(2)} % of the bytes and is ${faster(member)} times faster. Most of its time is one signature.`,
    ].join("\n");
  },
  gate: ({ gate: { decisions, passes, bytes } }) => {
    const measured = decisions.workerd["small, 100"];
    const time = (task) => `${(median(measured[task]) / 1000).toPrecision(2)} µs`;
    const perSecond = (kind) => passes[kind].map((round) => round.perSecond);
    const kinds = ["oneKey", "manySites", "manyAssistants"];
    const range = (values, show) => {
      const [least, most] = [Math.min(...values), Math.max(...values)].map(show);
      return least === most ? least : `${least} to ${most}`;
    };
    const share = (against) =>
      range(
        kinds.map((kind) => ratio(perSecond(kind), perSecond(against))),
        (value) => value.toFixed(2),
      );
    return [
      `- A decision about a visitor takes ${time("origin")} for an allowed website and ${time("link")} for a link key, in a warm isolate. \`jose.jwtVerify\` takes ${time("verify")} for the same snapshot in the same runtime. A decision that opens the snapshot first takes ${time("link, not remembered")}.`,
      `- \`/v1/pass\` answers ${range(
        kinds.map((kind) => median(perSecond(kind))),
        integer,
      )} requests a second on one core of a local workerd: ${share("sameSize")} of the rate of a Worker that returns a constant of that size, and ${share("constant")} of one that returns \`ok\`.`,
      `- \`widget.js\` has ${kilobytes(bytes["`widget.js`"].brotli)}.`,
    ].join("\n");
  },
};

/** The names of all parts. */
export const parts = Object.keys(TEXTS);

/** The text with its parts as the results have them, and the names of these. Throws if the run is not whole. */
export function filled(text, results) {
  const lacks = missing(results);
  if (lacks.length) throw new Error(`the run is not whole: it lacks ${lacks.join(", ")}`);
  const names = [];
  const whole = text.replaceAll(/(<!-- bench: ([^>]+) -->\n)[\s\S]*?(<!-- \/bench -->)/g, (_, begin, name, end) => {
    if (!Object.hasOwn(TEXTS, name)) throw new Error(`no part of the measurements is named ${name}`);
    names.push(name);
    return `${begin}\n${TEXTS[name](results)}\n\n${end}`;
  });
  return { text: whole, names };
}

/** Writes the results of a whole run into the documents. */
export function writeDocuments(results) {
  for (const name of documents) {
    const path = new URL(`../${name}`, import.meta.url);
    writeFileSync(path, filled(readFileSync(path, "utf8"), results).text);
  }
}

function runsOn({ environment, visits }) {
  const node = environment.node.replace(/^v(\d+\.\d+).*/, "$1");
  return `${cpus().length === 2 ? "two" : cpus().length} cores (Node ${node}, Chromium ${major(visits.version)})`;
}

function libraries(results) {
  const cell = (id, measure) => {
    const [own, base] = [id, "wicketgate"].map((peer) => samples(results, measure, "M", peer));
    if (!own || (id === "map" && measure !== "can" && measure !== "list")) return "";
    const times = ratio(own, base);
    return times < 1 ? `**${factor(times)}**` : factor(times);
  };
  const of = (measure) => median(samples(results, measure, "M", "wicketgate"));
  return table([
    ["library", "bytes, brotli", "cold start to first decision", "warm `can`", "`list`", "on the wire"],
    ["**Wicketgate**", integer(of("bytes")), ms(of("cold")), ns(of("can")), ns(of("list") * 1000), integer(of("wire"))],
    ...Object.entries(OTHERS).map(([id, title]) => [title, ...MEASURES.map((measure) => cell(id, measure))]),
  ]);
}

/** Rows as Markdown, with the columns aligned. */
function table([heading, ...rows]) {
  const widths = heading.map((_, column) => Math.max(3, ...[heading, ...rows].map((cells) => cells[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(heading), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
