// An organization of 100,000 assistants and 20,000 people through `POST /v1/reconcile`, and again: `node reconcile.mjs [--size=M]`.

import { fileURLToPath } from "node:url";
import { row, rule } from "./format.mjs";
import { signedIn } from "./http.mjs";
import { startObjects } from "./object.mjs";
import { SIZES, world } from "./world.mjs";

const KINDS = { roles: "role", users: "user", teams: "team", projects: "project", assistants: "assistant" };

/** The facts as lines. Invited people are active: facts invite nobody. */
function linesOf(facts) {
  const lines = [];
  for (const [list, kind] of Object.entries(KINDS)) {
    for (const fact of facts[list]) {
      lines.push(JSON.stringify({ kind, ...fact, ...(fact.status === "invited" && { status: "active" }) }));
    }
  }
  return lines;
}

/** Seconds and the result of the first and the second run. */
export async function measureReconcile({ size = "L", note }) {
  const { facts } = world(SIZES[size]);
  const [admin] = facts.users;
  const objects = await startObjects("http");
  try {
    const member = await signedIn(objects, { id: facts.id, users: [admin] });
    const body = linesOf(facts).join("\n");
    const runs = [];
    for (const run of ["import", "again"]) {
      note(`reconcile: ${run}, ${(body.length / 1e6).toFixed(1)} MB`);
      const start = performance.now();
      const answer = await member.send("direct", `/v1/reconcile?kinds=${Object.keys(KINDS)}`, body, {
        "Content-Type": "application/x-ndjson",
      });
      const { result, problem } = JSON.parse(answer.trim().split("\n").at(-1));
      if (problem) throw new Error(JSON.stringify(problem));
      runs.push({ run, seconds: (performance.now() - start) / 1000, ...result });
      note(`reconcile: ${result.total} commands in ${runs.at(-1).seconds.toFixed(1)} s`);
    }
    member.end();
    return runs;
  } finally {
    await objects.end();
  }
}

/** The table. */
export function reconcileTable(runs) {
  return [
    "## An organization through reconcile",
    "",
    row(["run", "lines", "commands", "seconds"]),
    rule(4),
    ...runs.map(({ run, lines, total, seconds }) =>
      row([run, lines.toLocaleString("en-US"), total.toLocaleString("en-US"), seconds.toFixed(1)]),
    ),
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, size = "L"] = /^--size=(\w)$/.exec(process.argv.find((arg) => arg.startsWith("--size=")) ?? "") ?? [];
  const runs = await measureReconcile({ size, note: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`${reconcileTable(runs)}\n`);
}
