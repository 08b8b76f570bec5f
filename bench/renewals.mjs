// How long a command, a read and a question of the gate wait while the snapshots of 1,500 public assistants are renewed after a change of the
// plan. authority.mjs runs it; it also runs alone: `node renewals.mjs`.

import { fileURLToPath } from "node:url";
import { ms, row, rule } from "./format.mjs";
import { signedIn } from "./http.mjs";
import { startObjects } from "./object.mjs";
import { median } from "./stats.mjs";
import { SIZES, world } from "./world.mjs";

const OBJECT = "acme";
const OPEN = 1_500;

/** Milliseconds that each request took, at rest and during the renewals, and the time of all renewals. */
export async function measureRenewals({ note }) {
  note(`authority: ${OPEN} renewals`);
  const objects = await startObjects("http");
  try {
    const { facts } = world(SIZES.M);
    for (const assistant of facts.assistants.slice(0, OPEN)) assistant.accessibility = "public";
    const member = await signedIn(objects, facts);
    let names = 0;
    const { team } = JSON.parse(
      await member.send("direct", "/v1/commands", JSON.stringify({ type: "create_team", name: "Travel" })),
    ).result;
    const command = () => JSON.stringify({ type: "edit_team", team, name: `Travel ${(names += 1)}` });
    const kinds = {
      command: () => member.send("direct", "/v1/commands", command()),
      read: () => member.send("direct", "/v1/session"),
      head: () => member.send("direct", "/v1/head"),
    };
    const rest = await askUntil(kinds, (rounds) => rounds >= 50);
    const start = performance.now();
    await objects.call(OBJECT, "setPlan", { withholds: ["assistant.chat"] });
    const planned = performance.now() - start;
    let written = false;
    const all = objects.gateWritten(OBJECT).then(() => {
      written = true;
      return performance.now() - start;
    });
    const during = await askUntil(kinds, () => written);
    const total = await all;
    member.end();
    return { rest, during, planned, total };
  } finally {
    await objects.end();
  }
}

/** Asks each kind again and again, the next time when the last answer has come. */
async function askUntil(kinds, done) {
  const lanes = Object.entries(kinds).map(async ([kind, ask]) => {
    const times = [];
    do {
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
    } while (!done(times.length));
    return [kind, times];
  });
  return Object.fromEntries(await Promise.all(lanes));
}

/** The table. */
export function renewalTable({ rest, during, planned, total }) {
  const names = { command: "a command", read: "`GET /v1/session`", head: "`GET /v1/head`, signed" };
  return [
    `## Requests while ${OPEN.toLocaleString("en-US")} gate snapshots are renewed`,
    "",
    `The change of the plan is answered after ${ms(planned)}, and all snapshots are written after ${ms(total)}.`,
    "",
    row(["", "at rest", "during the renewals", "the longest"]),
    rule(4),
    ...Object.entries(names).map(([kind, name]) =>
      row([name, ms(median(rest[kind])), ms(median(during[kind])), `**${ms(Math.max(...during[kind]))}**`]),
    ),
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const note = (line) => process.stderr.write(`${line}\n`);
  process.stdout.write(`${renewalTable(await measureRenewals({ note }))}\n`);
}
