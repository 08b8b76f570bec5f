// The Angular adapter as a package: partially compiled, for applications from version 17 on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { linker } from "../lib/angular.mjs";
import { bytesOf } from "../lib/bundled.mjs";

const BUDGET = 2000;

test("its directive is declared, not compiled, and needs no newer linker than version 17 has", () => {
  const text = readFileSync(fileURLToPath(import.meta.resolve("wicketgate/angular")), "utf8");
  assert.match(text, /ɵɵngDeclareDirective\(/);
  assert.doesNotMatch(text, /ɵɵdefineDirective|__decorate/);
  const needed = [...text.matchAll(/minVersion: "(\d+)\./g)].map(([, major]) => Number(major));
  assert.ok(needed.length > 0 && Math.max(...needed) <= 17, `${needed}`);
  assert.deepEqual(
    [...text.matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from),
    ["@angular/core", "./observer.js", "@angular/core"],
  );
});

test(`adds at most ${BUDGET} bytes, linked`, async (t) => {
  const length = await bytesOf("wicketgate/angular", [linker]);
  t.diagnostic(`${length} bytes, brotli 11`);
  assert.ok(length <= BUDGET, `${length} bytes`);
});
