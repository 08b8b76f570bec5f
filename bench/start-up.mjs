// Time from a restart to an object's first answer, by the length of its history.

import { administrator, routine } from "./changes.mjs";
import { SESSION } from "./object.mjs";
import { SIZES, random, world } from "./world.mjs";

/** Commands in one call: whole rounds, and fewer than between two saved states, so that states are saved as in service. */
const CHUNK = 120;
const SIZE = "M";

/**
 * Objects with states of equal size, equally many events after the last saved state, and histories of different lengths. Also one with the
 * most possible events after the saved state, and one that is almost empty. Each sample is a fresh process.
 */
export async function measureStartUp(objects, histories, rounds, note) {
  const { facts } = world(SIZES[SIZE]);
  const commands = routine(facts);
  await objects.found("empty", { id: facts.id, users: [administrator(facts)] });
  const empty = { object: "empty", ...(await objects.call("empty", "stored")), times: [] };

  let tail;
  const grown = [];
  for (const history of histories) {
    const filling = await startFilling(objects, `history ${history}`, facts, commands);
    const until = history - (tail ?? 0);
    while (filling.stored.version < until) {
      await filling.execute(until - filling.stored.version);
      if (filling.stored.version % 6_000 < CHUNK) note(`authority: start-up, ${filling.stored.version} of ${history} events`);
    }
    if (tail === undefined) {
      tail = filling.stored.after;
    } else {
      await filling.toNextState();
      while (filling.stored.after < tail) await filling.execute(tail - filling.stored.after);
    }
    grown.push({ object: filling.object, ...filling.stored, times: [] });
  }

  const filling = await startFilling(objects, "farthest", facts, commands);
  await filling.toNextState();
  const due = ({ afterSize, after, state }) => afterSize * (1 + CHUNK / after) > state;
  while (filling.stored.after === 0 || !due(filling.stored)) await filling.execute(CHUNK);
  const farthest = { object: filling.object, ...filling.stored, times: [] };

  const draw = random(11);
  for (let round = 0; round < rounds; round++) {
    note(`authority: start-up, restarts ${round + 1} of ${rounds}`);
    for (const { object, times } of draw.shuffle([empty, ...grown, farthest])) {
      await objects.stop();
      await objects.start();
      const start = performance.now();
      await objects.call(object, "head", SESSION);
      times.push(performance.now() - start);
    }
  }
  return { empty, histories: grown, farthest };
}

/** A new object, and a function that adds to its history. */
async function startFilling(objects, object, facts, commands) {
  await objects.found(object, facts);
  let done = 0;
  const filling = {
    object,
    stored: await objects.call(object, "stored"),
    async execute(wanted) {
      const requests = Array.from({ length: Math.min(CHUNK, wanted) }, () => ({ command: commands[done++ % commands.length] }));
      await objects.call(object, "repeat", "execute", SESSION, requests);
      filling.stored = await objects.call(object, "stored");
    },
    async toNextState() {
      const { saved } = filling.stored;
      while (filling.stored.saved === saved) await filling.execute(CHUNK);
    },
  };
  return filling;
}
