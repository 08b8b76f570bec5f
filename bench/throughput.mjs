// Acknowledged commands per second, compared with bare inserts into the same database.

import { routine } from "./changes.mjs";
import { SESSION } from "./object.mjs";
import { SIZES, random, world } from "./world.mjs";

/** Commands in a batch: whole rounds, so that a batch leaves the organization unchanged. */
const BATCH = 132;
const IN_FLIGHT = [1, 32];

/** Founds an object of each size and alternates batches of commands and of bare inserts of the same events. */
export async function measureThroughput(objects, sizes, rounds, note) {
  const draw = random(5);
  const measured = [];
  for (const size of sizes) {
    note(`authority: throughput, ${size}`);
    const { facts } = world(SIZES[size]);
    await objects.found(size, facts);
    const requests = routine(facts)
      .slice(0, BATCH)
      .map((command) => ({ command }));
    const kinds = IN_FLIGHT.map((inFlight) => ({ inFlight, requests: () => requests }));
    if (size === "M") {
      const open = routine(facts, { open: true })
        .slice(0, BATCH)
        .map((command) => ({ command }));
      let keys = 0;
      const keyed = () => requests.map((request) => ({ ...request, idempotency: { key: `key ${(keys += 1)}`, body: "a digest" } }));
      kinds.push({ inFlight: 1, title: "each with an idempotency key", requests: keyed });
      kinds.push({ inFlight: 1, title: "about public assistants, also written for the gate", requests: () => open });
    }
    const lines = kinds.map((kind) => ({ size, ...kind, commands: [], bare: [], inside: [], bareInside: [] }));
    // The first round is a warm-up.
    for (let round = -1; round < rounds; round++) {
      for (const line of draw.shuffle([...lines])) {
        const batch = line.requests();
        const commands = await objects.time(size, "execute", batch, line.inFlight);
        await objects.gateWritten(size);
        line.bytes = await objects.call(size, "copy", BATCH);
        const bare = await objects.time(size, "bare", batch, line.inFlight);
        const inside = await timed(() => objects.call(size, "repeat", "execute", SESSION, line.requests()));
        await objects.gateWritten(size);
        const bareInside = await timed(() => objects.call(size, "repeat", "bare", SESSION, batch));
        if (round < 0) continue;
        for (const [name, time] of Object.entries({ commands, bare, inside, bareInside })) line[name].push(time / BATCH);
      }
    }
    measured.push(...lines.map(({ requests: _, ...line }) => line));
  }
  return measured;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
