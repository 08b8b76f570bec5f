// What the tests of Node that also run in pages use of `node:test`: they run one after another, and what they found is told at the end.
const queue = [];

export function test(name, run) {
  queue.push([name, run]);
}

/** Runs them all. @returns how many passed, and what the others said */
export async function runAll() {
  const failed = [];
  for (const [name, run] of queue) {
    try {
      await run();
    } catch (error) {
      failed.push(`${name}: ${error?.stack ?? error}`);
    }
  }
  return { passed: queue.length - failed.length, failed };
}
