// Memory: freed objects return it, other objects return it when they are collected, and freed objects throw.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { transformSync } from "esbuild";
import { copy } from "../lib/instances.mjs";
import { fails } from "../lib/fails.mjs";
import { watchMemory } from "../lib/wasm-memory.mjs";
import { NOW, acme, keys, signed } from "../lib/world.mjs";

const watch = watchMemory();
const { entry } = copy();
const { open, openSync, init } = await entry("entry/node.js");
const { openWithPlatform } = await entry("gate/platform.js");
await init();
watch.stop();
const { memory } = watch;
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const options = { keys, now: NOW };
const facts = acme();
for (let n = 0; n < 50; n++)
  facts.assistants.push({ id: `more${n}`, project: "faq", owner: "vic", accessibility: "public", name: `Assistant ${n}` });
const token = await signed(facts);
const newer = await signed({ ...facts, assistants: [] }, { version: 2 });
const broken = `${token.slice(0, -8)}AAAAAAAA`;

function ask(snapshot, older) {
  const made = [snapshot.as({ user: "vic" }), snapshot.as(), snapshot.as({ link: "x" })];
  for (const principal of made) {
    principal.can("assistant.edit", "helper");
    principal.check("assistant.edit", "draft");
    principal.check("no.such", "draft");
    principal.capabilities("site");
    principal.canAssignRole("vic", "user");
  }
  made[0].list("assistant.view");
  snapshot.whoCan("assistant.edit", "helper");
  if (older !== undefined) snapshot.diff(older);
  return made;
}

/** Runs it `rounds` times after warming up, and returns the growth of the memory in bytes. */
async function growth(rounds, round, { collected = false } = {}) {
  const many = async (count) => {
    for (let n = 0; n < count; n++) {
      await round(n);
      if (n % 100 !== 0) continue;
      if (collected) collect();
      await new Promise(setImmediate); // Finalizers run between turns.
    }
  };
  await many(500);
  const before = memory.buffer.byteLength;
  await many(rounds);
  return memory.buffer.byteLength - before;
}

describe("the memory stays as it was", () => {
  test("over 10,000 rounds of open, ask, free", async () => {
    assert.equal(
      await growth(10_000, (n) => {
        const snapshot = openSync(token, options);
        if (n % 10 === 0) snapshot.facts();
        for (const principal of ask(snapshot)) principal.free();
        snapshot.free();
      }),
      0,
    );
  });

  test("if principals are not freed: they are collected", async () => {
    assert.equal(
      await growth(
        2000,
        () => {
          const snapshot = openSync(token, options);
          ask(snapshot);
          snapshot.free();
        },
        { collected: true },
      ),
      0,
    );
  });

  test("if nothing is freed", async () => {
    // The order of collection leaves gaps of a few pages. A leak would grow with time.
    const grown = await growth(5000, () => ask(openSync(token, options)), { collected: true });
    assert.ok(grown <= 4 * 65_536, `${grown} bytes`);
  });

  test("if many principals of one snapshot are not freed", async () => {
    const snapshot = openSync(token, options);
    assert.equal(await growth(20_000, () => snapshot.as({ user: "vic" }).can("assistant.edit", "helper"), { collected: true }), 0);
  });

  test("over refused tokens", async () => {
    assert.equal(
      await growth(2000, () => {
        assert.throws(() => openSync(broken, options));
        assert.throws(() => openSync(token, { ...options, organization: "other" }));
      }),
      0,
    );
  });

  test("over tokens opened and refused with the platform's Ed25519", async () => {
    assert.equal(
      await growth(1000, async () => {
        (await openWithPlatform(token, options)).free();
        await assert.rejects(openWithPlatform(broken, options));
        await assert.rejects(openWithPlatform(token, { ...options, organization: "other" }));
      }),
      0,
    );
  });

  test("over one snapshot asked and compared without end", async () => {
    const snapshot = openSync(newer, options);
    const older = openSync(token, options);
    assert.equal(await growth(2000, () => ask(snapshot, older).map((principal) => principal.free())), 0);
  });
});

describe("free", () => {
  const uses = [
    ["can", (principal) => principal.can("assistant.edit", "helper")],
    ["can, of something new", (principal) => principal.can("team.edit", "support")],
    ["check", (principal) => principal.check("assistant.edit", "helper")],
    ["capabilities", (principal) => principal.capabilities("helper")],
    ["list", (principal) => principal.list("assistant.edit")],
    ["canAssignRole", (principal) => principal.canAssignRole("vic", "user")],
  ];

  test("of a principal: it throws, others still answer", async () => {
    const snapshot = await open(token, options);
    const [gone, other] = [snapshot.as({ user: "vic" }), snapshot.as({ user: "vic" })];
    assert.equal(gone.can("assistant.edit", "helper"), true);
    gone.free();
    gone.free();
    for (const [name, use] of uses) assert.throws(() => use(gone), fails("freed"), name);
    for (const [, use] of uses) use(other);
    assert.equal(snapshot.as({ user: "vic" }).can("assistant.edit", "helper"), true);
  });

  test("of a snapshot: it and its principals throw", async () => {
    const snapshot = await open(token, options);
    const asked = snapshot.as({ user: "vic" });
    const fresh = snapshot.as({ user: "vic" });
    const other = await open(token, options);
    assert.equal(asked.can("assistant.edit", "helper"), true);
    snapshot.free();
    snapshot.free();
    for (const principal of [asked, fresh])
      for (const [name, use] of uses) assert.throws(() => use(principal), fails("freed"), name);
    for (const use of [
      () => snapshot.as(),
      () => snapshot.facts(),
      () => snapshot.whoCan("team.create"),
      () => snapshot.diff(other),
      () => other.diff(snapshot),
    ]) {
      assert.throws(use, fails("freed"));
    }
    asked.free();
    assert.equal(snapshot.version, 1, "what it said of itself stays");
    assert.equal(other.as({ user: "vic" }).can("assistant.edit", "helper"), true);
  });

  test("`using` frees at the end of the block, also when it throws", async () => {
    const { code } = transformSync(
      `
      const kept = [];
      { using snapshot = openSync(token, options); using me = snapshot.as({ user: "vic" }); kept.push(snapshot, me, me.can("assistant.edit", "helper")); }
      try { using me = kept.push(openSync(token, options)); } catch {}
      try { using snapshot = openSync(token, options); kept.push(snapshot); throw 1; } catch {}
      return kept;
    `,
      { target: "node20" },
    );
    const [snapshot, me, answer, , thrown] = new Function("openSync", "token", "options", code)(openSync, token, options);
    assert.equal(answer, true);
    assert.throws(() => snapshot.facts(), fails("freed"));
    assert.throws(() => me.can("assistant.edit", "helper"), fails("freed"));
    assert.throws(() => thrown.facts(), fails("freed"));
  });
});
