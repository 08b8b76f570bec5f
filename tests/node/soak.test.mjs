// A long run in one process, without the flags that a test runner may set: no crash and no wrong answer.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("10^8 checks and 6·10^6 larger questions in one process", { timeout: 180_000 }, async (t) => {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve("../lib/soak.mjs"))], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const [code, signal] = await once(child, "close");
  assert.deepEqual([code, signal], [0, null], output);
  assert.match(output, /done\n$/);
  for (const line of output.trim().split("\n")) t.diagnostic(line);
});
