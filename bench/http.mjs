// Processor time of workerd for a command over HTTP, compared with an insert and with a constant of the object over the same way, in
// alternating batches. authority.mjs runs it; it also runs alone: `node http.mjs [--quick]`.

import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { routine } from "./changes.mjs";
import { ms, percent, row, rule } from "./format.mjs";
import { ORIGIN, startObjects } from "./object.mjs";
import { median, ratio, spread } from "./stats.mjs";
import { workerdSeconds } from "./workerd.mjs";
import { random, SIZES, world } from "./world.mjs";

const FULL = { rounds: 7, batch: 1_200 };
const QUICK = { rounds: 3, batch: 600 };
/** The object that the authority's Worker uses: the organization's id. */
const OBJECT = "acme";
const WAYS = { entry: "with Miniflare's own Worker in front", direct: "directly" };
const PATHS = { command: "/v1/commands", insert: "/insert", constant: "/constant" };
const BAR = 3;

/** Milliseconds of processor time for each request, by way, kind and round. */
export async function measureHttp({ quick, note }) {
  const { rounds, batch } = quick ? QUICK : FULL;
  const objects = await startObjects("http");
  try {
    const { facts } = world(SIZES.S);
    const member = await signedIn(objects, facts);
    const commands = routine(facts, { rounds: batch / 12 }).map((command) => JSON.stringify(command));
    for (const command of commands.slice(0, 12)) await member.send("entry", PATHS.command, command);
    await objects.call(OBJECT, "copy", 12);
    const kinds = Object.keys(WAYS).flatMap((way) => Object.keys(PATHS).map((kind) => ({ way, kind, times: [] })));
    const draw = random(23);
    // The first round is a warm-up.
    for (let round = -1; round < rounds; round++) {
      note(`authority: commands over HTTP, round ${round + 1} of ${rounds}`);
      for (const { way, kind, times } of draw.shuffle([...kinds])) {
        const before = await workerdSeconds();
        for (const command of commands) await member.send(way, PATHS[kind], command);
        const used = (await workerdSeconds()) - before;
        if (round >= 0) times.push((used * 1_000) / commands.length);
      }
    }
    member.end();
    return Object.fromEntries(
      Object.keys(WAYS).map((way) => [
        way,
        Object.fromEntries(kinds.filter((one) => one.way === way).map(({ kind, times }) => [kind, times])),
      ]),
    );
  } finally {
    await objects.end();
  }
}

/** An administrator of a new organization, with a session and one connection for each way. */
export async function signedIn(objects, facts) {
  const token = randomBytes(32).toString("base64url");
  await objects.found(OBJECT, facts, createHash("sha256").update(token).digest("base64url"));
  const agent = new Agent({ keepAlive: true });
  const headers = { "Content-Type": "application/json", Origin: ORIGIN, Cookie: `__Host-wicketgate-session=${token}` };
  return {
    /** Posts a body, or gets if there is none. @param more headers; with some, on a connection of its own @returns the body of the answer */
    async send(way, path, body, more) {
      const url = new URL(path, objects.urls()[way]);
      const asked = request(url, { agent: more ? false : agent, headers: { ...headers, ...more }, method: body === undefined ? "GET" : "POST" });
      asked.end(body);
      const [answer] = await once(asked, "response");
      const given = await text(answer);
      if (answer.statusCode !== 200) throw new Error(`${path}: ${given}`);
      return given;
    },
    end: () => agent.destroy(),
  };
}

/** The table. */
export function httpTable(measured) {
  const cell = (times) => `${ms(median(times))} ±${percent(spread(times))}`;
  return [
    "## Processor time of a command over HTTP",
    "",
    row(["", "a command", "an insert", "a constant", "command / constant", "command / insert"]),
    rule(6),
    ...Object.entries(measured).map(([way, { command, insert, constant }]) =>
      row([
        WAYS[way],
        ...[command, insert, constant].map(cell),
        `**${ratio(command, constant).toFixed(2)}×**`,
        `${ratio(command, insert).toFixed(2)}×`,
      ]),
    ),
  ].join("\n");
}

/** The cells of the row among the thresholds. */
export function httpBar({ entry, direct }, verdict) {
  const [value, without] = [entry, direct].map(({ command, constant }) => ratio(command, constant));
  const measured = `${value.toFixed(2)}; without Miniflare's Worker ${without.toFixed(2)}`;
  return ["processor time of a command over HTTP against a constant of the object", `≤ ${BAR}`, measured, verdict(value <= BAR)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const measured = await measureHttp({
    quick: process.argv.includes("--quick"),
    note: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${httpTable(measured)}\n`);
}
