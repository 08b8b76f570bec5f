// The cost of a gate decision, compared with verifying one token with jose, in organizations of two sizes, in Node and in workerd.

import { startWorker } from "./workerd.mjs";
import { ORGANIZATIONS, material } from "./gate-material.mjs";
import { prepareTasks } from "./gate-tasks.mjs";
import { random } from "./world.mjs";

/** Assistants in turn: all of the small organization, and more of the large one. */
const ROTATIONS = { small: [100], large: [100, 500] };
/** Tasks that need Requests run in Node alone: a Worker cannot make them in one request and use them in another. */
const NODE_ONLY = ["answer", "answer, stranger"];

/** Nanoseconds of every task in every round, for each runtime: `{ node: { "small, 100": { verify: […], … }, … }, … }`. */
export async function measureDecisions({ rounds, budget, note }) {
  const made = {};
  for (const [name, size] of Object.entries(ORGANIZATIONS)) {
    note(`gate: making the ${name} organization`);
    made[name] = await material(size, Math.max(...ROTATIONS[name]));
  }
  const results = { bytes: made.small.tokens[made.small.visitors[0].assistant].length };
  for (const [runtime, start] of Object.entries({ node: startNode, workerd: startWorkerd })) {
    const runner = await start();
    try {
      results[runtime] = await measure(runtime, runner, made, { rounds, budget, note });
    } finally {
      await runner.stop();
    }
  }
  return results;
}

async function measure(runtime, runner, made, { rounds, budget, note }) {
  const draw = random(13);
  const lines = [];
  for (const [world, rotations] of Object.entries(ROTATIONS)) {
    for (const rotating of rotations) {
      for (const task of await runner.prepare(world, rotating, made[world])) lines.push({ world, rotating, task, times: [] });
    }
  }
  // The rounds after the first two, which are a warm-up for the compiler.
  for (const line of lines) {
    const few = 200;
    await runner.time(line, few);
    line.count = Math.max(few, Math.round((few * budget) / (await runner.time(line, few))));
  }
  for (let round = -2; round < rounds; round++) {
    note(`gate: decisions in ${runtime}, round ${round + 1} of ${rounds}`);
    for (const line of draw.shuffle([...lines])) {
      const time = await runner.time(line, line.count);
      if (round >= 0) line.times.push((time / line.count) * 1e6);
    }
  }
  const results = {};
  for (const { world, rotating, task, times } of lines) (results[`${world}, ${rotating}`] ??= {})[task] = times;
  return results;
}

async function startNode() {
  const tasks = {};
  return {
    async prepare(world, rotating, given) {
      const prepared = await prepareTasks(given, rotating);
      tasks[`${world} ${rotating}`] = prepared;
      return Object.keys(prepared);
    },
    async time({ world, rotating, task }, count) {
      const { prepare, run } = tasks[`${world} ${rotating}`][task];
      const input = prepare?.(count);
      const start = performance.now();
      await run(count, input);
      return performance.now() - start;
    },
    async stop() {},
  };
}

async function startWorkerd() {
  const { send, stop } = await startWorker("gate");
  return {
    async prepare(world, rotating, given) {
      await send({ world, rotating, material: given });
      return Object.keys(await prepareTasks(given, rotating)).filter((task) => !NODE_ONLY.includes(task));
    },
    async time({ world, rotating, task }, count) {
      const start = performance.now();
      await send({ world, rotating, task, count });
      return performance.now() - start;
    },
    stop,
  };
}
