// Memory of a large organization in the module for servers. WebAssembly memory never shrinks and grows in the same way each time, so each bound is a
// little above what is needed: it is exceeded if a text is held once more.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { large } from "../../bench/large.mjs";
import { copy } from "../lib/instances.mjs";
import { watchMemory } from "../lib/wasm-memory.mjs";

const NOW = 1_790_000_000;
const SIZE = { users: 2_000, teams: 100, assistants: 10_000 };
const text = JSON.stringify(large(SIZE));
/** Bytes of the organization as JSON. */
const JSON_BYTES = Buffer.byteLength(text);

/** A copy of the package with its own memory. `grown` is how often its memory holds the organization's JSON. */
async function instance() {
  const watch = watchMemory();
  const authority = await copy().entry("entry/authority-node.js");
  await authority.init();
  watch.stop();
  const { memory } = watch;
  const before = memory.buffer.byteLength;
  return { ...authority, grown: () => (memory.buffer.byteLength - before) / JSON_BYTES };
}

const first = await instance();
const founding = await first.Directory.foundInParts(text, { now: NOW });
const events = [...founding.events()];
const founded = founding.directory();
const foundingGrew = first.grown();
const parts = [...founded.pieces.state()];

async function started() {
  const made = await instance();
  return { ...made, directory: await made.Directory.restoreParts(parts) };
}

function within(t, grown, most) {
  t.diagnostic(`${grown.toFixed(2)} times the JSON`);
  assert.ok(grown <= most, `${grown.toFixed(2)} times the JSON, more than ${most}`);
}

describe(`an organization of ${(JSON_BYTES / 2 ** 20).toFixed(1)} MiB of JSON takes, in times of that,`, () => {
  test("founding, in events of bounded length", (t) => {
    within(t, foundingGrew, 2.7);
    assert.ok(events.length > 10 && events.every(({ sealed }) => sealed.length < 300_000));
  });

  test("its saved state, read part by part", async (t) => {
    const { directory, grown } = await started();
    within(t, grown(), 2.4);
    assert.equal(directory.head, founded.head);
    // Saving it takes the room of a part.
    const before = grown();
    assert.deepEqual([...directory.pieces.state()], parts);
    assert.ok(grown() - before < 0.3, `${grown() - before}`);
  });

  test("ten thousand commands", async (t) => {
    const { directory, grown } = await started();
    const assistants = directory.publicAssistants();
    for (let n = 0; n < 10_000; n += 1) {
      const command = { type: "edit_assistant", assistant: assistants[n % assistants.length], name: `Umbenannt – ${n}` };
      directory.execute({ user: "u_admin" }, command, { now: NOW + n });
    }
    within(t, grown(), 3.8);
  });

  test("its administrator's view", async (t) => {
    const { directory, grown } = await started();
    const actor = { user: "u_admin" };
    const pieces = directory.pieces.view(actor, NOW);
    within(t, grown(), 2.5);
    const view = directory.view(actor, NOW);
    assert.equal(Buffer.concat(pieces).toString(), JSON.stringify(view));
    assert.deepEqual(
      directory.pieces.usersInView(actor, NOW),
      view.organization.users.map(({ id }) => id),
    );
  });

  test("its administrator's snapshot and the overview", async (t) => {
    const { directory, generateKeyPair, detach, grown } = await started();
    const { privateKey: key } = await generateKeyPair();
    const options = (scope) => ({ key, issuer: "https://a.example", audience: "c", issuedAt: NOW, expiresIn: 600, scope });
    const made = ["overview", { member: "u_admin" }].map((scope) => directory.pieces.snapshot(options(scope)));
    within(t, grown(), 2.5);
    for (const [n, scope] of ["overview", { member: "u_admin" }].entries()) {
      const { payload, signature } = await detach(directory.snapshot(options(scope)));
      assert.equal(Buffer.concat(made[n].payload).toString(), payload);
      assert.equal(made[n].signature, signature);
    }
  });
});
