// Commands a second in batches over HTTP, compared with bare inserts of the same texts in one transaction, in alternating rounds:
// `node batches.mjs [--quick]`.

import { fileURLToPath } from "node:url";
import { routine } from "./changes.mjs";
import { percent, row, rule } from "./format.mjs";
import { signedIn } from "./http.mjs";
import { startObjects } from "./object.mjs";
import { median, spread } from "./stats.mjs";
import { SIZES, world } from "./world.mjs";

/** The object that the authority's Worker uses: the organization's id. */
const OBJECT = "acme";
const BATCH = 1_000;
const FULL = { rounds: 9 };
const QUICK = { rounds: 4 };
/** Rounds before the measured ones: the runtime compiles code as it is used, and the times stay the same after about ten batches. */
const WARM_UP = 12;
const BAR = 1 / 4;

/** Commands a second, by round. */
export async function measureBatches({ quick, note }) {
  const { rounds } = quick ? QUICK : FULL;
  const objects = await startObjects("http");
  try {
    const { facts } = world(SIZES.S);
    const member = await signedIn(objects, facts);
    // Whole rounds end where they began, so that the batch can be sent again.
    const commands = routine(facts, { rounds: Math.floor(BATCH / 12) });
    while (commands.length < BATCH) commands.push(commands.find(({ type }) => type === "edit_team"));
    const body = JSON.stringify({ atomic: true, commands: commands.map((command) => ({ command })) });
    const times = { batch: [], inserts: [] };
    for (let round = -WARM_UP; round < rounds; round++) {
      note(`authority: batches, round ${round + WARM_UP + 1} of ${rounds + WARM_UP}`);
      let start = performance.now();
      await member.send("direct", "/v1/commands/batch", body);
      const batch = performance.now() - start;
      await objects.call(OBJECT, "copy", BATCH);
      start = performance.now();
      await objects.call(OBJECT, "bareAll");
      const inserts = performance.now() - start;
      if (round < 0) continue;
      times.batch.push((BATCH * 1_000) / batch);
      times.inserts.push((BATCH * 1_000) / inserts);
    }
    member.end();
    return times;
  } finally {
    await objects.end();
  }
}

/** The table. */
export function batchesTable({ batch, inserts }) {
  const cell = (times) => `${Math.round(median(times)).toLocaleString("en-US")} ±${percent(spread(times))}`;
  return [
    `## Commands a second in batches of ${BATCH.toLocaleString("en-US")}`,
    "",
    row(["commands in batches", "bare inserts of the same texts", "commands / inserts"]),
    rule(3),
    row([cell(batch), cell(inserts), `**${(median(batch) / median(inserts)).toFixed(2)}** (bar ${BAR})`]),
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const measured = await measureBatches({
    quick: process.argv.includes("--quick"),
    note: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${batchesTable(measured)}\n`);
}
