// Waiting for what others do, instead of for a time.
import assert from "node:assert/strict";

/** How long the next look is put off, in milliseconds. */
const SOON = 5;

/** Waits for a condition, asking often, and gives up with its name. */
export function until(condition, name, seconds = 10) {
  return eventually(async () => assert.ok(await condition(), `waited ${seconds} s in vain: ${name}`), seconds);
}

/** Waits until what is asserted holds, and gives up with what the assertion says. */
export async function eventually(assertion, seconds = 10) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, SOON));
  }
}
