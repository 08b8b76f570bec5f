// All vectors, every fixture of opening, with and without the engine's Ed25519, and the deltas, in Chromium, Firefox, WebKitGTK and a
// Chromium of 2022, which has no Ed25519.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "../lib/browser.mjs";
import { ENGINES, OLD_CHROMIUM } from "../lib/engines.mjs";
import { serveSuites } from "../lib/suites.mjs";

let suites;
before(async () => (suites = await serveSuites()));
after(() => suites?.stop());

const fixtures = JSON.parse(readFileSync(new URL("../fixtures/opening.json", import.meta.url), "utf8")).length;

async function assertAll(context, reported) {
  const { passed, failed, complaints, agent } = await reported;
  context.diagnostic(`${passed} passed: ${agent}`);
  assert.deepEqual([failed, complaints], [[], []]);
  assert.ok(passed > 2 * fixtures + 80, `only ${passed} ran`);
  return agent;
}

test("Chromium", async (context) => {
  const browser = await launch();
  try {
    const reported = suites.report();
    await (await browser.newPage()).goto(suites.url);
    await assertAll(context, reported);
  } finally {
    await browser.close();
  }
});

for (const { name, skip, start } of ENGINES) {
  test(name, { skip }, async (context) => {
    const browser = await start();
    try {
      const reported = suites.report();
      await browser.goto(suites.url);
      await assertAll(context, reported);
    } finally {
      await browser.close();
    }
  });
}

test(OLD_CHROMIUM.name, { skip: OLD_CHROMIUM.skip }, async (context) => {
  const reported = suites.report();
  const agent = await OLD_CHROMIUM.during(suites.url, () => assertAll(context, reported));
  assert.match(agent, /Chrome\/103\./);
});
