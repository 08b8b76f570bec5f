// The worked example of docs/snapshot-format.md: other implementations test against it, so it must hold here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open } from "wicketgate";

const { jwks, token, detached, now, questions } = JSON.parse(
  readFileSync(new URL("../../docs/example-snapshot.json", import.meta.url), "utf8"),
);
const text = readFileSync(new URL("../../docs/snapshot-format.md", import.meta.url), "utf8");

test("the page shows this token", () => {
  const unwrapped = text.replace(/\s/g, "");
  for (const segment of token.split(".")) assert.ok(unwrapped.includes(segment), segment.slice(0, 20));
});

for (const [form, snapshot] of Object.entries({ token, detached })) {
  test(`${form}: every answer is as written`, async () => {
    const opened = await open(snapshot, { keys: jwks, now });
    assert.ok(questions.length > 10);
    for (const { as, can, on, allowed } of questions) {
      assert.equal(opened.as(as).can(can, on), allowed, JSON.stringify({ as, can, on }));
    }
  });
}
