#!/usr/bin/env node
// Changes the core in one place at a time, and lists the changes that no Rust test notices. Fails on a change that tests/mutants.json does
// not list with the reason why no test can notice it.
//
// FILE=src/rules/origin.rs: one file, or several, separated by commas. SHARD=1/8: an eighth of all changes. PROPTEST_CASES: more random
// cases. A change that only one case in a thousand notices is noticed by chance.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cargoMutants } from "./tools.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "target");
const output = join(target, "mutants.out");

const files = process.env.FILE?.split(",").flatMap((file) => ["--file", file]) ?? [];
// The tool counts shards from 0.
const [shard, of] = process.env.SHARD?.split("/").map(Number) ?? [];
if (process.env.SHARD && !(shard >= 1 && shard <= of)) {
  console.error(`error: SHARD is \`${process.env.SHARD}\`, expected a fraction such as 1/8`);
  process.exit(1);
}
// Each run builds in its own folder, because tests contain the path of the folder that they were built in.
const env = { PROPTEST_CASES: "24", PROPTEST_RNG_SEED: "7", ...process.env };
const options = [...files, ...(of ? ["--shard", `${shard - 1}/${of}`] : []), "--output", target, "--jobs", "1"];
const { status } = spawnSync(cargoMutants(), ["mutants", ...options], { stdio: "inherit", cwd: root, env });
// Exit status 2: some changes were not noticed. 3: some tests ran for ever, which counts as noticed.
if (![0, 2, 3].includes(status)) process.exit(status ?? 1);

const outcomes = JSON.parse(readFileSync(join(output, "outcomes.json"), "utf8")).outcomes.filter(({ scenario }) => scenario.Mutant);
const listed = JSON.parse(readFileSync(join(root, "tests/mutants.json"), "utf8"));
/** A mutant's identity, independent of its line number: its file, the change and the line's text. */
const named = ({ scenario: { Mutant: mutant } }) => {
  const { line } = mutant.span.start;
  const change = mutant.name.replace(/^.*?:\d+:\d+: /, "");
  return { file: mutant.file, change, line: readFileSync(join(root, mutant.file), "utf8").split("\n")[line - 1].trim() };
};
const same = (one, other) => ["file", "change", "line"].every((field) => one[field] === other[field]);

const survivors = outcomes.filter(({ summary }) => summary === "MissedMutant").map(named);
const unknown = survivors.filter((survivor) => !listed.some((entry) => same(entry, survivor)));
const caught = outcomes.filter(({ summary }) => ["CaughtMutant", "Timeout"].includes(summary));
const noticed = listed.filter(
  (entry) => caught.some((outcome) => same(entry, named(outcome))) && !survivors.some((survivor) => same(entry, survivor)),
);
const viable = survivors.length + caught.length;
console.log(
  `${caught.length} of ${viable} noticed (${((100 * caught.length) / Math.max(viable, 1)).toFixed(1)} %), ${survivors.length - unknown.length} more can change nothing`,
);
for (const entry of noticed) console.log(`no longer needed in tests/mutants.json: ${entry.file}: ${entry.change}`);
for (const { file, change, line } of unknown) console.error(`error: no test notices: ${file}: ${change}: ${line}`);
process.exit(unknown.length > 0 || noticed.length > 0 ? 1 : 0);
