// Waiting for a condition, instead of for a time.
import assert from "node:assert/strict";

/** The time between two attempts, in milliseconds. */
const INTERVAL = 5;

/** Waits until a condition holds. Fails with its name after `seconds`. */
export function until(condition, name, seconds = 10) {
  return eventually(async () => assert.ok(await condition(), `waited ${seconds} s in vain: ${name}`), seconds);
}

/** Repeats an assertion until it holds. Fails with its last error after `seconds`. */
export async function eventually(assertion, seconds = 10) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}
