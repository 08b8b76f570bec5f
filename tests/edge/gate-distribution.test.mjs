// The authority writes gate snapshots to a store that refuses some of them. The others must not wait for those.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const entryPoint = fileURLToPath(new URL("../../edge/authority/object/gate-snapshots.ts", import.meta.url));
const {
  outputFiles: [{ text }],
} = await build({ entryPoints: [entryPoint], bundle: true, format: "esm", write: false });
const { GateSnapshots } = await import(`data:text/javascript,${encodeURIComponent(text)}`);

/** `count` assistants, all due, and a store that accepts all but the refused ones. */
function distribution(count, refused) {
  const rows = new Map(Array.from({ length: count }, (_, place) => [`a${String(place).padStart(3, "0")}`, { due: 0, change: 1 }]));
  const table = {
    due: (now, limit) =>
      [...rows]
        .filter(([, { due }]) => due <= now)
        .sort(([, one], [, other]) => one.due - other.due)
        .slice(0, limit)
        .map(([assistant, { change }]) => ({ assistant, change })),
    postpone({ assistant, change }, due) {
      const row = rows.get(assistant);
      if (row.change === change) row.due = due;
    },
  };
  const written = new Set();
  let puts = 0;
  const store = {
    async put(name) {
      puts += 1;
      if (refused(name.slice("gate:acme:".length))) throw new Error("the store refuses");
      written.add(name);
    },
  };
  const snapshots = new GateSnapshots(store, table, { organization: () => "acme", isPublic: () => true, sign: () => "a snapshot" });
  return { snapshots, written, puts: () => puts };
}

test("an assistant that cannot be written does not hold up others", async () => {
  const { snapshots, written } = distribution(120, (assistant) => assistant === "a000");
  await assert.rejects(snapshots.publish(), /refuses/);
  assert.equal(written.size, 119);
});

test("more of them than fit into one run do not either", async () => {
  const { snapshots, written } = distribution(120, (assistant) => assistant < "a060");
  for (let run = 0; run < 3; run++) await assert.rejects(snapshots.publish(), /refuses/);
  assert.equal(written.size, 60);
});

test("a store that refuses everything is not asked again and again", async () => {
  const { snapshots, puts } = distribution(120, () => true);
  await assert.rejects(snapshots.publish(), /refuses/);
  assert.equal(puts(), 50);
});

test("the next run writes what did not fit into this one", async () => {
  const { snapshots, written } = distribution(520, () => false);
  assert.equal(await snapshots.publish(), true);
  assert.equal(written.size, 500);
  assert.equal(await snapshots.publish(), false);
  assert.equal(written.size, 520);
});
