// The gate's dependencies fail: the store, the authority, the configuration. It refuses everything that it cannot decide, works on for a
// limited time with its copies, and verifies everything that it reads.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { generateKeyPair } from "wicketgate/authority";
import { askPass, assertRefused, chatWith, factsOf, greeting, link, passFor, startGate } from "../lib/gate.mjs";
import { until } from "../lib/until.mjs";

const SITE = "https://docs.acme.example";
/** Milliseconds, more than twice the time for which a copy is used without asking and a slow store is waited for. */
const GRACE = 5;

let gate;
before(async () => {
  gate = await startGate({ bindings: { GRACE: String(GRACE) } });
});
after(() => gate?.stop());

const ask = (body) => askPass(gate.url, body);
const embedded = (assistant) => ask({ assistant, embedder: SITE });
const now = () => Math.floor(Date.now() / 1000);

/** 503 with `Retry-After`. */
async function assertUndecided(response) {
  await assertRefused(response, 503, "unavailable");
  assert.match(response.headers.get("Retry-After"), /^\d+$/);
}

async function assertFrame(assistant, status) {
  const response = await fetch(`${gate.url}/embed/${assistant}`);
  assert.equal(response.status, status);
  const policy = response.headers.get("Content-Security-Policy");
  assert.equal(policy.endsWith("frame-ancestors 'none'"), status !== 200, policy);
  assert.equal(response.headers.get("Cache-Control"), "no-store");
}

/** Runs `work` while the store or the authority is in a mode. */
async function during(part, mode, work) {
  await gate[part]({ mode });
  try {
    await work();
  } finally {
    await gate[part]({ mode: "up" });
  }
}

describe("the store", () => {
  for (const mode of ["down", "slow"]) {
    test(`${mode}: an assistant without a copy is refused`, async () => {
      await gate.publish(`unknown-${mode}`);
      await during("store", mode, async () => {
        await assertUndecided(await embedded(`unknown-${mode}`));
        await assertFrame(`unknown-${mode}`, 503);
      });
      await until(async () => (await embedded(`unknown-${mode}`)).status === 200, "it opens again");
    });

    test(`${mode}: a copy is used for the grace, and no longer`, async () => {
      const id = `known-${mode}`;
      await gate.publish(id);
      assert.equal((await embedded(id)).status, 200);
      await during("store", mode, async () => {
        const begun = performance.now();
        const answered = [];
        await until(
          async () => {
            const { status } = await embedded(id);
            answered.push({ status, at: performance.now() - begun });
            return status !== 200;
          },
          "the grace ends",
          15,
        );
        assert.equal(answered.at(-1).status, 503);
        assert.ok(answered.at(-1).at <= (GRACE + 4) * 1000, `it ended after ${answered.at(-1).at} ms`);
        // Later than a copy is used without asking: the grace was used.
        assert.ok(answered.at(-2).at > 1500, `it went on for ${answered.at(-2)?.at} ms`);
        await assertFrame(id, 503);
      });
      await until(async () => (await embedded(id)).status === 200, "it opens again");
    });
  }

  test("down: a copy is not used after its own expiry, whatever the grace", async () => {
    await gate.publish("expiring", { issuedAt: now() - 10, expiresIn: 12 });
    assert.equal((await embedded("expiring")).status, 200);
    await during("store", "down", () => until(async () => (await embedded("expiring")).status === 503, "it ends", 3));
  });

  test("slow: one request waits, the others do not", async () => {
    await gate.publish("waiting");
    assert.equal((await embedded("waiting")).status, 200);
    await during("store", "slow", async () => {
      await gate.store();
      // The first request that finds the copy too old asks the store and waits.
      const pending = [];
      await until(async () => {
        pending.push(embedded("waiting"));
        return (await gate.store()).includes("gate:acme:waiting");
      }, "the store is asked");
      const begun = performance.now();
      assert.equal((await embedded("waiting")).status, 200);
      assert.ok(performance.now() - begun < 1000, "the copy is used meanwhile");
      for (const { status } of await Promise.all(pending)) assert.equal(status, 200);
    });
  });

  test("rolled back: a revoked link stays revoked", async () => {
    const { key, fact } = link("l1");
    const before = await gate.sign("rolled", { facts: factsOf("rolled", { links: [fact] }), version: 5 });
    const after = await gate.sign("rolled", { version: 6 });
    await gate.store({ entries: { "gate:acme:rolled": before } });
    assert.equal((await ask({ assistant: "rolled", key })).status, 200);
    await gate.store({ entries: { "gate:acme:rolled": after } });
    await until(async () => (await ask({ assistant: "rolled", key })).status === 404, "the link is taken back");
    await gate.store({ entries: { "gate:acme:rolled": before } });
    await gate.store();
    await until(async () => {
      await assertRefused(await ask({ assistant: "rolled", key }), 404, "refused");
      return (await gate.store()).filter((name) => name === "gate:acme:rolled").length > 0;
    }, "the older one was read");
    await assertRefused(await ask({ assistant: "rolled", key }), 404, "refused");
    assert.equal((await embedded("rolled")).status, 200);
  });

  test("emptied: its assistants are refused", async () => {
    await gate.publish("emptied");
    assert.equal((await embedded("emptied")).status, 200);
    await during("store", "absent", async () => {
      await until(async () => (await embedded("emptied")).status === 404, "it is gone");
      await assertFrame("emptied", 404);
    });
  });

  const CORRUPT = {
    "a changed payload": async (id) => {
      const [header, payload, signature] = (await gate.sign(id)).split(".");
      const changed = Buffer.from(payload, "base64url").toString().replace("docs.acme.example", "evil.acme.example");
      return [header, Buffer.from(changed).toString("base64url"), signature].join(".");
    },
    "no signature": async (id) => (await gate.sign(id)).replace(/[^.]+$/, ""),
    "another's key": async (id) => gate.sign(id, { key: (await generateKeyPair()).privateKey }),
    "the key of passes": (id) => gate.sign(id, { key: gate.passKey }),
    "a pass": async () => {
      await gate.publish("giving");
      return (await passFor(gate.url, { assistant: "giving", embedder: SITE })).pass;
    },
    "a head": (id) => gate.head(id),
    "an expired snapshot": (id) => gate.sign(id, { issuedAt: now() - 7200, expiresIn: 3600 }),
    "a snapshot of another issuer": (id) => gate.sign(id, { issuer: "https://other.example" }),
    "a snapshot for the console": (id) => gate.sign(id, { audience: "wicketgate-console" }),
    "a snapshot of another organization": (id) => gate.sign(id, { facts: { ...factsOf(id), id: "other" } }),
    nonsense: () => "nonsense",
    "nothing at all": () => "",
  };

  test("corrupt: it admits nobody, and copies stay valid", async () => {
    const warm = Object.keys(CORRUPT).map((_, index) => `warm-${index}`);
    for (const [index, [what, corrupt]] of Object.entries(CORRUPT).entries()) {
      const cold = `cold-${index}`;
      await gate.store({ entries: { [`gate:acme:${cold}`]: await corrupt(cold) } });
      await assertUndecided(await embedded(cold)).catch((error) => {
        throw new Error(what, { cause: error });
      });
      await assertUndecided(await ask({ assistant: cold, key: link("l1").key }));
      await assertFrame(cold, 503);

      await gate.publish(warm[index]);
      assert.equal((await embedded(warm[index])).status, 200, what);
    }
    for (const [index, corrupt] of Object.values(CORRUPT).entries())
      await gate.store({ entries: { [`gate:acme:${warm[index]}`]: await corrupt(warm[index]) } });
    await gate.store();
    const unread = new Set(warm.map((id) => `gate:acme:${id}`));
    await until(async () => {
      for (const id of warm) assert.equal((await embedded(id)).status, 200, Object.keys(CORRUPT)[warm.indexOf(id)]);
      for (const name of await gate.store()) unread.delete(name);
      return unread.size === 0;
    }, "what is corrupt was read");
    for (const id of warm) assert.equal((await embedded(id)).status, 200);
  });

  test("corrupt: a snapshot in another assistant's place admits to neither", async () => {
    const { key, fact } = link("l1");
    await gate.store({
      entries: { "gate:acme:place": await gate.sign("another", { facts: factsOf("another", { links: [fact] }) }) },
    });
    for (const body of [
      { assistant: "place", key },
      { assistant: "place", embedder: SITE },
    ])
      await assertUndecided(await ask(body));
    await assertFrame("place", 503);
    await assertRefused(await ask({ assistant: "another", key }), 404, "refused");
  });
});

describe("the authority", () => {
  const facts = (id, facts) => factsOf(id, { links: facts });

  for (const mode of ["down", "slow"]) {
    test(`${mode}: view links and sites work on, edit links and the chat answer 503`, async () => {
      const id = `alone-${mode}`;
      const [view, edit] = [link("l1"), link("l2", "edit")];
      await gate.publish(id, { facts: facts(id, [view.fact, edit.fact]) });
      await gate.authority({ entries: { [`/v1/gate/${id}/head`]: await gate.head(id) } });
      const { pass } = await passFor(gate.url, { assistant: id, key: view.key });
      const { pass: editPass } = await passFor(gate.url, { assistant: id, key: edit.key });
      assert.equal((await chatWith(gate.url, id, pass)).status, 200);
      assert.equal((await greeting(gate.url, id, editPass, "Hello")).status, 200);
      await during("authority", mode, async () => {
        assert.equal((await ask({ assistant: id, key: view.key })).status, 200);
        assert.equal((await embedded(id)).status, 200);
        await assertUndecided(await ask({ assistant: id, key: edit.key }));
        await assertUndecided(await greeting(gate.url, id, editPass, "Hello again"));
        await assertUndecided(await chatWith(gate.url, id, pass));
      });
      assert.equal((await ask({ assistant: id, key: edit.key })).status, 200);
      assert.equal((await chatWith(gate.url, id, pass)).status, 200);
    });
  }

  test("is asked each time for an edit link, and never for a view link", async () => {
    const [view, edit] = [link("l1"), link("l2", "edit")];
    await gate.publish("asked", { facts: facts("asked", [view.fact, edit.fact]) });
    await gate.authority({ entries: { "/v1/gate/asked/head": await gate.head("asked") } });
    for (const [key, times] of [
      [view.key, 0],
      [edit.key, 3],
    ]) {
      for (let time = 0; time < 3; time += 1) assert.equal((await ask({ assistant: "asked", key })).status, 200);
      assert.equal((await gate.authority()).filter((path) => path === "/v1/gate/asked/head").length, times);
    }
  });

  test("names a newer snapshot than the store's: the newer one is used", async () => {
    const edit = link("l1", "edit");
    await gate.publish("newer", { facts: facts("newer", [edit.fact]), version: 1 });
    await gate.authority({ entries: { "/v1/gate/newer/head": await gate.head("newer", { version: 1 }) } });
    assert.equal((await ask({ assistant: "newer", key: edit.key })).status, 200);
    await gate.authority({ entries: { "/v1/gate/newer/head": await gate.head("newer", { version: 2, commands: 1 }) } });
    // The newer one cannot be read: nobody may edit by an older one.
    await gate.authority({
      entries: { "/v1/gate/newer": await gate.sign("newer", { facts: facts("newer", [edit.fact]), version: 1 }) },
    });
    await assertUndecided(await ask({ assistant: "newer", key: edit.key }));
    await gate.authority({ entries: { "/v1/gate/newer": await gate.sign("newer", { version: 2 }) } });
    await assertRefused(await ask({ assistant: "newer", key: edit.key }), 404, "refused");
  });

  test("answers with corrupt data: nobody may edit", async () => {
    const edit = link("l1", "edit");
    await gate.publish("lied", { facts: facts("lied", [edit.fact]) });
    for (const head of [
      await gate.head("other"),
      await gate.head("lied", { issuer: "https://other.example" }),
      await gate.head("lied", { audience: "wicketgate-console" }),
      await gate.head("lied", { key: gate.passKey }),
      await gate.head("lied", { issuedAt: now() - 120 }),
      await gate.sign("lied"),
    ]) {
      await gate.authority({ entries: { "/v1/gate/lied/head": head } });
      await assertUndecided(await ask({ assistant: "lied", key: edit.key }));
    }
    await gate.authority({ entries: { "/v1/gate/lied/head": await gate.head("lied") } });
    assert.equal((await ask({ assistant: "lied", key: edit.key })).status, 200);
  });

  test("does not know the assistant: nobody may edit, and the copy is dropped", async () => {
    const edit = link("l1", "edit");
    await gate.publish("closed", { facts: facts("closed", [edit.fact]) });
    assert.equal((await embedded("closed")).status, 200);
    await assertRefused(await ask({ assistant: "closed", key: edit.key }), 404, "refused");
  });
});

test("the authority gets nothing of a visitor's request but the session", async () => {
  const session = "S".repeat(43);
  const headers = {
    Cookie: `theme=dark; __Host-wicketgate-session=${session}; other=1`,
    Authorization: "Bearer x",
    "X-Forwarded-For": "192.0.2.1",
    "CF-Connecting-IP": "192.0.2.1",
    "User-Agent": "somebody",
  };
  await gate.authority({
    entries: { "/v1/snapshot": await gate.sign("site", { audience: "wicketgate-console", scope: { member: "gina" } }) },
  });
  await gate.authority();
  const { pass } = await passFor(gate.url, { assistant: "site", member: true }, { headers });
  assert.equal((await chatWith(gate.url, "site", pass, "Hello", { Cookie: headers.Cookie })).status, 200);
  const told = await gate.authority({ visitors: true });
  assert.equal(told.length, 2);
  for (const one of told)
    assert.deepEqual(one, { path: "/v1/snapshot", headers: [["cookie", `__Host-wicketgate-session=${session}`]] });
});

describe("the configuration", () => {
  for (const [what, bindings] of [
    ["the pass keys are not JSON", { PASS_KEYS: '{"keys":[{"d":"secret-secret"' }],
    [
      "the keys of passes are public",
      { PASS_KEYS: JSON.stringify({ keys: [{ kty: "OKP", crv: "Ed25519", x: "A".repeat(43), kid: "k" }] }) },
    ],
    ["there are no pass keys", { PASS_KEYS: '{"keys":[]}' }],
    ["there is no token for the authority", { GATE_TOKEN: "" }],
    ["a lifetime is not a number", { PASS_LIFETIME: "soon" }],
    ["a lifetime is too long", { PASS_LIFETIME: "86400" }],
  ]) {
    test(`nobody is admitted if ${what}`, async () => {
      const broken = await startGate({ bindings });
      try {
        await broken.publish("site");
        await assertUndecided(await askPass(broken.url, { assistant: "site", embedder: SITE }));
        assert.equal((await fetch(`${broken.url}/embed/site`)).status, 503);
        assert.notEqual((await chatWith(broken.url, "site", "x.y.z")).status, 200);
        assert.equal((await fetch(`${broken.url}/widget.js`)).status, 200);
        await until(() => /gate: \[.*\] undecided: /.test(broken.log()), "the operator learns of it");
        assert.ok(!broken.log().includes("secret-secret"));
      } finally {
        await broken.stop();
      }
    });
  }

  test("nobody is admitted if the authority's keys cannot be read", async () => {
    const lost = await startGate();
    try {
      await lost.publish("site");
      await lost.authority({ mode: "down" });
      await assertUndecided(await askPass(lost.url, { assistant: "site", embedder: SITE }));
      await lost.authority({ mode: "up" });
      await until(
        async () => (await askPass(lost.url, { assistant: "site", embedder: SITE })).status === 200,
        "it opens when they are",
      );
    } finally {
      await lost.stop();
    }
  });
});
