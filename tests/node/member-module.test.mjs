// The smaller checking module: it opens member snapshots alone, as the whole one does, and pages load it first.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { describe, test } from "node:test";
import { open } from "wicketgate";
import { fails } from "../lib/fails.mjs";
import { copy } from "../lib/instances.mjs";
import { NOW, acme, keys, signed } from "../lib/world.mjs";

const own = copy();
const member = await own.entry("index.js");
await member.init(readFileSync(own.file("member.wasm")));

const [MEMBER, WORKSPACE] = [await signed(acme(), { scope: { member: "vic" } }), await signed()];
const options = { keys, now: NOW };
const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

/** Asks one question in all ways. */
function answers(me, capability, target) {
  return [me.check(capability, target), me.can(capability, target), me.list(capability), me.capabilities(target)];
}

describe("answers as the whole module", () => {
  for (const name of readdirSync(new URL("../vectors/", import.meta.url)).filter((name) => name.endsWith(".json"))) {
    test(name, async () => {
      const { now, organization, cases } = read(`../vectors/${name}`);
      for (const { id: user } of organization.users ?? []) {
        const asked = cases.filter(({ as }) => as.user === user);
        const token = await signed(organization, { issuedAt: now, scope: { member: user } });
        const both = [await open(token, { keys, now }), await member.open(token, { keys, now })];
        const [whole, small] = both.map((snapshot) => snapshot.as());
        for (const { can, on } of asked) assert.deepEqual(answers(small, can, on), answers(whole, can, on), `${user} ${can} ${on}`);
        for (const role of ["user", "application_admin", "global_admin"])
          for (const { id } of organization.users) assert.equal(small.canAssignRole(id, role), whole.canAssignRole(id, role));
        assert.deepEqual(both[1].facts(), both[0].facts());
        for (const snapshot of both) snapshot.free();
      }
    });
  }

  test("and errors, at every step of opening", () => {
    for (const { name, code, path, token, signature, keys, options, now } of read("../fixtures/opening.json")) {
      const opening = () => member.openSync(signature === null ? token : { payload: token, signature }, { keys, now, ...options });
      try {
        const snapshot = opening();
        assert.deepEqual([snapshot.scope, code], ["member", null], name);
        snapshot.free();
      } catch (error) {
        // A snapshot of another scope is refused once its claims hold, before its facts are read.
        const other = error.code === "wrong_scope" && error.path === "scope" && [null, "invalid_facts"].includes(code);
        if (!other) assert.deepEqual([error.code, error.path], [code, path ?? undefined], name);
      }
    }
  });

  test("what only a workspace answers", () => {
    const snapshot = member.openSync(MEMBER, options);
    for (const ask of [
      () => snapshot.whoCan("assistant.view", "helper"),
      () => snapshot.diff(snapshot),
      () => snapshot.as({ user: "gina" }),
      () => snapshot.as({ user: "vic", link: "wk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }),
      () => snapshot.as({ origin: "https://shop.example" }),
    ])
      assert.throws(ask, fails("wrong_scope"));
  });
});

describe("in a page", () => {
  const files = Object.fromEntries(
    ["member", "wicketgate"].map((name) => [`${name}.wasm`, readFileSync(own.file(`${name}.wasm`))]),
  );

  /** The package as a page has it, and the names of the files that it requests. */
  async function page({ lost = [] } = {}) {
    const { entry, file } = copy();
    const asked = [];
    globalThis.fetch = async (url) => {
      const name = String(url).split("/").at(-1);
      asked.push(name);
      const [body, status] = lost.includes(name) ? ["not found", 404] : [files[name], 200];
      return Object.defineProperty(new Response(body, { status, headers: { "content-type": "application/wasm" } }), "url", {
        value: String(url),
      });
    };
    return { asked, file, ...(await entry("entry/browser.js")) };
  }

  for (const [form, token] of [
    ["a compact token", MEMBER],
    ["a detached one", detached(MEMBER, (payload) => payload)],
    ["one of bytes", detached(MEMBER, (payload) => new TextEncoder().encode(payload))],
  ])
    test(`a member snapshot loads the smaller module: ${form}`, async () => {
      const { asked, open, openSync } = await page();
      const [one, other] = await Promise.all([open(token, options), open(token, options)]);
      assert.deepEqual(asked, ["member.wasm"]);
      assert.equal(one.as().can("assistant.edit", "helper"), true);
      assert.equal(openSync(token, options).subject, other.subject);
    });

  test('`init("member")` loads it ahead, for `openSync` too; elsewhere it loads the whole one', async () => {
    const { asked, init, open, openSync } = await page();
    await Promise.all([init("member"), init("member")]);
    assert.deepEqual(asked, ["member.wasm"]);
    assert.equal(openSync(MEMBER, options).subject, "vic");
    assert.equal((await open(MEMBER, options)).subject, "vic");
    assert.deepEqual(asked, ["member.wasm"]);
    assert.equal((await open(WORKSPACE, options)).scope, "workspace");
    await init("member");
    assert.deepEqual(asked, ["member.wasm", "wicketgate.wasm"]);

    const server = await copy().entry("entry/node.js");
    await server.init("member");
    assert.equal(server.openSync(WORKSPACE, options).scope, "workspace");
  });

  test("any other snapshot loads the whole one, which then opens everything", async () => {
    const { asked, open, openSync } = await page();
    assert.equal((await open(WORKSPACE, options)).scope, "workspace");
    assert.equal((await open(MEMBER, options)).scope, "member");
    assert.equal(openSync(MEMBER, options).scope, "member");
    assert.deepEqual(asked, ["wicketgate.wasm"]);
  });

  test("after `init()` too", async () => {
    const { asked, init, open, openSync } = await page();
    await init();
    await open(MEMBER, options);
    assert.equal(openSync(WORKSPACE, options).scope, "workspace");
    assert.deepEqual(asked, ["wicketgate.wasm"]);
  });

  test("both, one after the other; synchronously, the whole one must be loaded first", async () => {
    const { asked, init, open, openSync } = await page();
    const mine = await open(MEMBER, options);
    assert.throws(() => openSync(WORKSPACE, options), fails("wrong_scope"));
    await init();
    const workspace = openSync(WORKSPACE, options);
    assert.deepEqual(asked, ["member.wasm", "wicketgate.wasm"]);
    assert.equal(mine.as().can("assistant.edit", "helper"), workspace.as({ user: "vic" }).can("assistant.edit", "helper"));
    // Two memories: an address in one means nothing in the other.
    assert.throws(() => workspace.diff(mine), fails("wrong_scope"));
    assert.throws(() => mine.diff(workspace), fails("wrong_scope"));
    assert.deepEqual(workspace.diff(workspace), []);
  });

  test("a token that only looks like a member snapshot is opened all the same", async () => {
    const { asked, open } = await page();
    const lookalike = await signed(acme(), { issuer: '"scope":"member"' });
    assert.equal((await open(lookalike, options)).scope, "workspace");
    // The quotes are escaped in JSON, so that this one is not mistaken.
    assert.deepEqual(asked, ["wicketgate.wasm"]);

    const { payload, signature } = detached(WORKSPACE, (text) => text);
    const forged = { payload: payload.replace(/"scope":"workspace"/, '"scope":"member"'), signature };
    const other = await page();
    await assert.rejects(other.open(forged, options), fails("bad_signature"));
    assert.deepEqual(other.asked, ["member.wasm"]);
  });

  test("a lost file is replaced by the chunk with its bytes", async () => {
    const { asked, open } = await page({ lost: ["member.wasm"] });
    assert.equal((await open(MEMBER, options)).subject, "vic");
    assert.deepEqual(asked, ["member.wasm"]);
    const without = await page({ lost: ["member.wasm"] });
    rmSync(without.file("wasm/member-bytes.js"));
    await assert.rejects(without.open(MEMBER, options), (error) => {
      assert.equal(error.code, "load_failed");
      assert.match(error.message, /\/member\.wasm answered 404$/);
      return true;
    });
  });
});

/** The detached form of a token. */
function detached(token, convert) {
  const [header, payload, signature] = token.split(".");
  return { payload: convert(Buffer.from(payload, "base64url").toString()), signature: `${header}..${signature}` };
}
