// Every fault that opening must find, through the package: the fixtures that the Rust tests write.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { WicketgateError } from "wicketgate";
import { WAYS } from "../lib/ways.mjs";

const fixtures = JSON.parse(readFileSync(new URL("../fixtures/opening.json", import.meta.url), "utf8"));

test("there is a fixture for every step", () => {
  assert.ok(fixtures.length > 200);
});

for (const { name, code, path, token, signature, keys, options, now } of fixtures) {
  for (const [way, open] of Object.entries(WAYS)) {
    test(`${name}: ${code ?? "opens"}, ${way}`, async () => {
      const opening = open(signature === null ? token : { payload: token, signature }, { keys, now, ...options });
      if (code === null) {
        const snapshot = await opening;
        assert.equal(snapshot.organization, "acme");
        snapshot.free();
        return;
      }
      await assert.rejects(opening, (error) => {
        assert.ok(error instanceof WicketgateError, String(error));
        assert.equal(error.code, code);
        assert.equal(error.path, path ?? undefined);
        return true;
      });
    });
  }
}
