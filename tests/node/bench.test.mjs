// The figures of documents: their marks, and the writer of the measurements.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { documents, filled, missing, parts } from "../../bench/documents.mjs";
import { root } from "../lib/consumer.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const PEERS = ["wicketgate", "casl-conditions-jose", "casl-ids-jose", "cedar", "biscuit", "map"];
const NETWORKS = ["1.6 Mbit/s, 150 ms", "9 Mbit/s, 60 ms"];

const each = (names, value) => Object.fromEntries(names.map((name, i) => [name, value(i + 1)]));

/** The results of a whole run, with simple numbers. */
function wholeRun() {
  const scope = (name) => ({
    name,
    full: { raw: 100_000 },
    changes: { "user.rename": [{ raw: 500 }] },
    times: { open: [80], apply: [2] },
  });
  const perSecond = [{ perSecond: 1_000 }];
  return {
    options: { quick: false, sizes: ["S", "M", "L"], workspace: "L" },
    environment: { node: "v20.20.2", rebuilt: false },
    peers: PEERS.map((id) => ({ id })),
    sizes: { M: { users: 2_000, assistants: 5_000 } },
    bytes: each(PEERS, (i) => ({ brotli: 1_000 * i })),
    wire: { M: each(PEERS, (i) => ({ brotli: 100 * i })) },
    cold: { M: each(PEERS, (i) => [{ total: 10 * i, early: 1_000 * i }]) },
    can: each(["M", "L"], () => each(PEERS, (i) => [40 * i])),
    list: { M: each(PEERS, (i) => [2 * i]) },
    page: { wasm: 45_123, javascript: 6_000 },
    chromiumCold: { reports: each(PEERS, (i) => [{ total: 20 * i }]) },
    visits: {
      version: "156.0.1",
      chromium: each(NETWORKS, () =>
        each(["wicketgate plain", "casl-conditions-jose plain", "wicketgate hinted", "casl-conditions-jose hinted"], (i) => ({
          first: [300 * i],
          again: [100 * i],
        })),
      ),
    },
    workspace: {
      payload: 1_000_000,
      runs: { "wicketgate-workspace": [{ open: 900, wasm: 2_300_000 }], parse: [{ open: 700 }] },
      chromium: { reports: [{ open: 500, wasm: 2_200_000 }] },
    },
    authority: { deltas: ["M", "L"].map((size) => ({ size, scopes: [scope("workspace"), scope("member")] })) },
    gate: {
      decisions: { workerd: { "small, 100": each(["origin", "link", "verify", "link, not remembered"], (i) => [1_000 * i]) } },
      passes: each(["oneKey", "manySites", "manyAssistants", "sameSize", "constant"], () => perSecond),
      bytes: { "`widget.js`": { brotli: 2_600 } },
    },
  };
}

describe("the figures of documents", () => {
  test("each part of the measurements stands in one document", () => {
    const names = documents.flatMap((path) => filled(read(path), wholeRun()).names);
    assert.deepEqual(names.sort(), [...parts].sort());
  });

  test("each mark has an end", () => {
    for (const path of documents) {
      const count = (pattern) => [...read(path).matchAll(pattern)].length;
      assert.equal(count(/<!-- bench: /g), count(/<!-- \/bench -->/g), path);
    }
  });

  test("are those of the run, and writing them twice changes nothing", () => {
    for (const path of documents) {
      const once = filled(read(path), wholeRun()).text;
      assert.equal(filled(once, wholeRun()).text, once);
      assert.doesNotMatch(once, /undefined|NaN|Infinity/, path);
    }
    const readme = filled(read("README.md"), wholeRun()).text;
    assert.match(readme, /\| \*\*Wicketgate\*\* +\| 1,000 +\| 10\.0 ms +\| 40\.0 ns +\| 2\.00 µs \| 100 /);
    assert.match(readme, /\| CASL conditions \+ jose +\| 2\.00× /);
    assert.match(filled(read("docs/measured.md"), wholeRun()).text, /loads 51\.1 KB/);
  });

  for (const [what, change, lacks] of [
    ["with few rounds", ({ options }) => (options.quick = true), /--quick/],
    ["without a size", ({ options }) => (options.sizes = ["S", "M"]), /the size L/],
    ["with another workspace", ({ options }) => (options.workspace = "M"), /the workspace of L/],
    ["without a peer", (results) => results.peers.pop(), /map/],
    ["without a browser", (results) => delete results.visits, /visits/],
    ["whose package was rebuilt", ({ environment }) => (environment.rebuilt = true), /one build/],
  ])
    test(`a run ${what} is refused`, () => {
      const results = wholeRun();
      assert.deepEqual(missing(results), []);
      change(results);
      assert.throws(() => filled(read("README.md"), results), lacks);
    });
});
