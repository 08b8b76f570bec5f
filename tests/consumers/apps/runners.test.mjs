// Test runners: checks in Node and in their simulated browsers.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { app } from "../../lib/app.mjs";
import { root } from "../../lib/consumer.mjs";

test("Vitest: Node, jsdom and happy-dom, with no configuration", async () => {
  const project = await app("vitest");
  try {
    const { numPassedTests, numTotalTests } = JSON.parse(await project.run("node_modules/.bin/vitest", "run", "--reporter=json"));
    assert.deepEqual([numPassedTests, numTotalTests], [3, 3]);
  } finally {
    await project.remove();
  }
});

describe("Jest, with the lines that docs/package.md prints", () => {
  let project;
  before(async () => {
    const [, config] = /^```cjs\n(\/\/ jest\.config\.cjs\n[\s\S]*?)^```$/m.exec(
      await readFile(join(root, "docs/package.md"), "utf8"),
    );
    assert.ok(config.trim().split("\n").length <= 6);
    project = await app("jest");
    await project.write("jest.config.cjs", config);
  });
  after(() => project?.remove());

  for (const [modules, files, ...flags] of [
    ["CommonJS", "**/*.test.js"],
    ["ECMAScript modules", "**/*.test.mjs", "--experimental-vm-modules"],
  ]) {
    test(`${modules}: Node and jsdom`, async () => {
      const { numPassedTests, numTotalTests } = JSON.parse(
        await project.run("node", ...flags, "node_modules/jest/bin/jest.js", "--json", "--testMatch", files),
      );
      assert.deepEqual([numPassedTests, numTotalTests], [2, 2]);
    });
  }
});
