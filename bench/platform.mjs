// Measures opening with the core alone and with the platform's Ed25519, in Node and in workerd: `node platform.mjs [--quick]`.
// The results are in docs/decisions/0014-platform-ed25519.md. Markdown on stdout.

import { Directory, generateKeyPair } from "wicketgate/authority";
import { startWorker } from "./workerd.mjs";
import { integer, percent, row, rule } from "./format.mjs";
import { material } from "./gate-material.mjs";
import { openRepeatedly } from "./platform-tasks.mjs";
import { median, ratio, spread } from "./stats.mjs";
import { SIZES, world } from "./world.mjs";

const [ROUNDS, MILLISECONDS] = process.argv.includes("--quick") ? [5, 100] : [21, 250];
const WAYS = ["core", "platform"];

/** The measured tokens, each with the keys that verify it. */
async function tokens() {
  const gate = await material({ users: 50, teams: 5, assistants: 100 }, 1);
  const made = { "gate snapshot": { token: Object.values(gate.tokens)[0], keys: gate.keys } };
  const { publicKey, privateKey } = await generateKeyPair();
  const claims = { key: privateKey, issuer: "https://authority.acme.example", audience: "measured", expiresIn: 36_000 };
  for (const [size, options] of Object.entries(SIZES)) {
    const { facts, subject } = world(options);
    const { directory } = await Directory.found(facts);
    const add = (name, token, head = false) => (made[name] = { token, keys: { keys: [publicKey] }, head });
    if (size === "S") add("head", directory.headToken(claims), true);
    if (size !== "L") add(`member, ${size}`, directory.snapshot({ ...claims, scope: { member: subject } }));
    add(`workspace, ${size}`, directory.snapshot({ ...claims, scope: "workspace" }));
    directory.free();
  }
  return made;
}

const RUNTIMES = {
  Node: async (made) => ({ run: (name, way, count) => openRepeatedly({ ...made[name], way, count }), async stop() {} }),
  async workerd(made) {
    const { send, stop } = await startWorker("platform");
    for (const [name, given] of Object.entries(made)) await send({ name, ...given });
    return { run: (name, way, count) => send({ name, way, count }), stop };
  },
};

/** Milliseconds of one opening in every round, wall time and this process's processor time, by token and way. The ways alternate. */
async function measure({ run }, made) {
  const results = {};
  for (const name of Object.keys(made)) {
    const times = (results[name] = { core: [], platform: [], cpu: { core: [], platform: [] } });
    await run(name, "core", 1);
    const start = performance.now();
    await run(name, "core", 3);
    const count = Math.max(3, Math.round((3 * MILLISECONDS) / (performance.now() - start)));
    // The rounds after the first two, which are a warm-up for the compiler.
    for (let round = -2; round < ROUNDS; round++) {
      for (const way of round % 2 ? WAYS : WAYS.toReversed()) {
        const [began, used] = [performance.now(), process.cpuUsage()];
        await run(name, way, count);
        const [wall, { user, system }] = [performance.now() - began, process.cpuUsage(used)];
        if (round < 0) continue;
        times[way].push(wall / count);
        times.cpu[way].push((user + system) / 1000 / count);
      }
    }
  }
  return results;
}

const made = await tokens();
const milliseconds = (times) => `${median(times).toPrecision(3)} ms ±${percent(spread(times))}`;
for (const [runtime, start] of Object.entries(RUNTIMES)) {
  const runner = await start(made);
  try {
    const lines = Object.entries(await measure(runner, made)).map(([name, { core, platform, cpu }]) =>
      row([
        name,
        integer(made[name].token.length),
        milliseconds(core),
        milliseconds(platform),
        `**${ratio(platform, core).toFixed(2)}**`,
        // In workerd the work is another process's, on one thread: its wall time is its processor time.
        runtime === "Node" ? ratio(cpu.platform, cpu.core).toFixed(2) : "",
      ]),
    );
    const head = row([runtime, "bytes", "core", "platform", "wall time", "processor time"]);
    process.stdout.write(`${[head, rule(6), ...lines].join("\n")}\n\n`);
  } finally {
    await runner.stop();
  }
}
