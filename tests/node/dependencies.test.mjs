// docs/dependencies.md has an entry for each direct dependency and for nothing else, and deny.toml allows the licences that notices allow.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isAllowed } from "../../scripts/notices.mjs";
import { root } from "../lib/consumer.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const OURS = /^(wicketgate|@wicketgate\/.+)$/;

function crates(path) {
  const tables = read(path).split(/^(?=\[)/m);
  return tables
    .filter((table) => /^\[(?:target\..+\.)?(?:dev-|build-)?dependencies\]$/m.test(table))
    .flatMap((table) => [...table.matchAll(/^([\w-]+) = /gm)].map(([, name]) => name));
}

function packages(folder) {
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(read(`${folder}/package.json`));
  return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
}

test("each direct dependency has its entry, and each entry is a dependency", () => {
  const entries = [...read("docs/dependencies.md").matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name);
  const used = [
    ...["Cargo.toml", "fuzz/Cargo.toml"].flatMap(crates),
    ...[".", "pkg", "edge", "www", "demo", "docs", "tests", "bench"].flatMap(packages),
  ].filter((name) => !OURS.test(name));
  assert.ok(used.length > 50);
  assert.deepEqual([...new Set(entries)].sort(), [...new Set(used)].sort());
});

test("the licences of deny.toml are those of the notices", () => {
  const [, list] = /^allow = \[([^\]]*)\]/m.exec(read("deny.toml"));
  const allowed = [...list.matchAll(/"([^"]+)"/g)].map(([, id]) => id);
  const [, notices] = /const ALLOWED = new Set\(\[([^\]]*)\]\)/.exec(read("scripts/notices.mjs"));
  assert.deepEqual(
    allowed,
    [...notices.matchAll(/"([^"]+)"/g)].map(([, id]) => id),
  );
  assert.ok(allowed.every(isAllowed));
});
