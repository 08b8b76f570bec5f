// All vectors, every fixture of opening, and the deltas, in Firefox, WebKitGTK and a Chromium of 2022.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
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
  assert.ok(passed > fixtures + 100, `only ${passed} ran`);
  return agent;
}

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
