// The part of `node:test` that the Node tests use which also run in pages. Tests run one after another.
const queue = [];

export function test(name, run) {
  queue.push([name, run]);
}

/** Runs all tests. @returns the number of passed tests, and the messages of the failed ones */
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
