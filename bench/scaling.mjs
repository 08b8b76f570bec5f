// Computes how often copies in memory must be read again, for docs/scaling.md: `node scaling.mjs`. Arithmetic, no measurement.

import { integer, row, rule } from "./format.mjs";

const ASSISTANTS = 1_000_000;
const REQUESTS = 100_000;
const MONTH = 30 * 24 * 3_600;
const DOLLARS_PER_READ = 0.5 / 1e6;
const ISOLATES = [100, 1_000, 10_000];
/** Zipf's exponent: the share of the n-th most requested assistant falls with n to this power. */
const SPREADS = { "one assistant": undefined, "Zipf 1.2": 1.2, "Zipf 1": 1, "Zipf 0.8": 0.8, "all alike": 0 };
const AGES = [10, 60];

/** Requests per second of each assistant. */
function rates(power) {
  if (power === undefined) return [REQUESTS];
  const weights = Float64Array.from({ length: ASSISTANTS }, (_, i) => (i + 1) ** -power);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (weight / all) * REQUESTS);
}

/** Reads per second: the first request after `age` seconds reads the copy again. Requests come at random, to a random isolate. */
function reads(rates, isolates, age) {
  return rates.reduce((sum, rate) => sum + rate / (1 + (rate / isolates) * age), 0);
}

const lines = Object.entries(SPREADS).flatMap(([title, power]) => {
  const each = rates(power);
  return AGES.map((age) =>
    row([
      title,
      `${age} s`,
      ...ISOLATES.map((isolates) => {
        const perSecond = reads(each, isolates, age);
        return `${integer(perSecond)}/s, $${integer(perSecond * MONTH * DOLLARS_PER_READ)}`;
      }),
    ]),
  );
});
process.stdout.write(
  `${[
    `Reads of the store a second, and their price a month, for ${integer(REQUESTS)} requests a second over ${integer(ASSISTANTS)} assistants.`,
    "",
    row(["requests go to", "`revalidateAfter`", ...ISOLATES.map((isolates) => `${integer(isolates)} isolates`)]),
    rule(ISOLATES.length + 2),
    ...lines,
  ].join("\n")}\n`,
);
