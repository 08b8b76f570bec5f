// Hostile objects that lie, throw, shrink or are endless: refused with a code, and the module keeps working.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, openHead } from "wicketgate";
import { Directory, detach, generateKeyPair, issue, verifyChain } from "wicketgate/authority";
import { connect } from "wicketgate/client";
import { Gate } from "wicketgate/gate";
import { verifyPass } from "wicketgate/pass";
import { fails } from "../lib/fails.mjs";
import { NOW, acme, keyPair, keys, signed } from "../lib/world.mjs";

const token = await signed();
const [header, payload, signature] = token.split(".");
const bytes = new Uint8Array(Buffer.from(payload, "base64url"));
const detached = (payload) => ({ payload, signature: `${header}..${signature}` });
const options = { keys, now: NOW };
const workspace = await open(token, options);
const { directory } = await Directory.found(acme(), { now: NOW });
const claims = { key: keyPair.privateKey, version: 1, issuedAt: NOW, expiresIn: 60 };

/** Both modules still answer correctly. */
async function assertWell() {
  assert.equal(workspace.as({ user: "vic" }).check("assistant.edit", "helper").allowed, true);
  assert.equal((await open(detached(bytes), options)).as({ user: "vic" }).can("assistant.edit", "helper"), true);
  assert.equal(directory.denied({ user: "gina" }, "team.create", undefined, NOW), undefined);
  directory.preview({ user: "gina" }, { type: "create_team", name: "A" }, { now: NOW });
  assert.ok(await issue(acme(), claims));
}

describe("bytes", () => {
  const lying = (lies) => {
    class Liar extends Uint8Array {}
    for (const [name, lie] of Object.entries(lies)) Object.defineProperty(Liar.prototype, name, lie);
    return (length) => Object.assign(new Liar(length));
  };
  const get = (value) => ({ get: () => value });
  const LIARS = {
    "a length that is too small": { length: get(1) },
    "a length that is too large": { length: get(1e6) },
    "a length beyond all memory": { length: get(2 ** 40), byteLength: get(2 ** 40) },
    "a negative length": { length: get(-1) },
    "a length that throws": {
      length: {
        get() {
          throw new RangeError("no");
        },
      },
    },
    "another buffer": { buffer: get(new ArrayBuffer(4)), byteOffset: get(7) },
    "methods of its own": {
      set: { value: () => assert.fail("called") },
      slice: { value: () => assert.fail("called") },
      subarray: { value: () => assert.fail("called") },
      [Symbol.iterator]: { value: () => assert.fail("called") },
    },
    "another species": {
      constructor: get(
        class {
          static get [Symbol.species]() {
            return Array;
          }
        },
      ),
    },
    "another tag": { [Symbol.toStringTag]: get("Array") },
  };
  for (const [name, lies] of Object.entries(LIARS)) {
    test(`${name}: read by its true content`, async () => {
      const liar = lying(lies)(bytes.length);
      Uint8Array.prototype.set.call(liar, bytes);
      assert.equal((await open(detached(liar), options)).version, 1);
      const entropy = lying(lies)(32);
      assert.ok(directory.decide({ user: "gina" }, { type: "create_team", name: "A" }, { now: NOW, entropy }).event);
      await assertWell();
    });
  }

  test("own properties that lie", async () => {
    const liar = Object.defineProperties(bytes.slice(), { length: { value: 3 }, byteLength: { value: 3 } });
    assert.equal((await open(detached(liar), options)).version, 1);
    const huge = Object.defineProperty(new Uint8Array(8), "length", { value: 0 });
    await assert.rejects(open(detached(huge), { ...options, maxBytes: 4 }), fails("too_large"));
    await assertWell();
  });

  test("a detached buffer, one that shrinks, and values that are no bytes", async () => {
    const gone = bytes.slice();
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    for (const none of [
      gone,
      new Proxy(bytes.slice(), {}),
      [...bytes],
      bytes.buffer,
      new DataView(bytes.slice().buffer),
      Object.create(Uint8Array.prototype),
      { length: 4 },
    ]) {
      await assert.rejects(open(detached(none), options), fails("malformed"));
    }
    for (const entropy of [gone, new Proxy(new Uint8Array(32), {}), Object.create(Uint8Array.prototype)]) {
      assert.throws(
        () => directory.decide({ user: "gina" }, { type: "create_team", name: "A" }, { now: NOW, entropy }),
        fails("invalid_options"),
      );
    }
    const buffer = new ArrayBuffer(bytes.length, { maxByteLength: bytes.length });
    const shrinking = new Uint8Array(buffer);
    shrinking.set(bytes);
    // In the middle of the call, when the caller's clock is read.
    assert.equal(
      await open(detached(shrinking), { keys, now: () => (buffer.resize(8), NOW) }).then(
        () => "in",
        ({ name }) => name,
      ),
      "WicketgateError",
    );
    await assertWell();
  });

  test("shared bytes that another thread writes at the same time", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    assert.equal((await open(detached(shared), options)).version, 1);
    await assertWell();
  });
});

describe("objects", () => {
  const cycle = {};
  cycle.cycle = cycle;
  const list = [];
  list.push(list);
  let deep = {};
  for (let depth = 0; depth < 50_000; depth++) deep = { deep };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const revokedList = Proxy.revocable([], {});
  revokedList.revoke();
  const throwing = new Proxy(
    {},
    new Proxy(
      {},
      {
        get: () => () => {
          throw new TypeError("no");
        },
      },
    ),
  );
  const getter = {
    get kid() {
      throw new RangeError("no");
    },
  };
  const json = {
    toJSON() {
      throw new TypeError("no");
    },
  };
  const ODD = {
    cycle,
    list,
    deep,
    "a BigInt": 1n,
    "a BigInt within": { a: [{ b: 1n }] },
    "a symbol": Symbol("x"),
    "a function": () => 1,
    "a revoked proxy": revoked.proxy,
    "a revoked list": revokedList.proxy,
    "a proxy that throws": throwing,
    "a getter that throws": getter,
    "a toJSON that throws": json,
  };

  /** Whether the error is the package's own. */
  async function tried(ask) {
    try {
      return await ask();
    } catch (error) {
      assert.match(error.name, /^(WicketgateError|CommandRefused)$/, error.stack);
      return error;
    }
  }

  for (const [name, odd] of Object.entries(ODD)) {
    test(`${name}, in every argument`, async () => {
      const [one] = keys.keys;
      const places = {
        options: () => open(token, odd),
        keys: () => open(token, { keys: odd, now: NOW }),
        "a key": () => open(token, { keys: { keys: [odd] }, now: NOW }),
        "within a key": () => open(token, { keys: { keys: [{ ...one, x5c: odd }] }, now: NOW }),
        now: () => open(token, { keys, now: odd }),
        "an issuer": () => open(token, { ...options, issuer: odd }),
        "a bound": () => open(token, { ...options, maxBytes: odd }),
        "a version": () => open(token, { ...options, minVersion: odd }),
        "a token": () => open(odd, options),
        "a payload": () => open(detached(odd), options),
        "a signature": () => open({ payload: bytes, signature: odd }, options),
        "a head": () => openHead(odd, options),
        "a principal": () => workspace.as(odd),
        "a user": () => workspace.as({ user: odd }),
        "a delta": () => workspace.apply(odd),
        "the keys of a delta": () => workspace.apply(token, odd),
        facts: () => issue(odd, claims),
        "within facts": () => issue({ ...acme(), teams: odd }, claims),
        claims: () => issue(acme(), odd),
        "a private key": () => issue(acme(), { ...claims, key: odd }),
        "an audience": () => issue(acme(), { ...claims, audience: [odd] }),
        "a scope": () => issue(acme(), { ...claims, scope: { member: odd } }),
        "a kid": () => generateKeyPair({ kid: odd }),
        "what to detach": () => detach(odd),
        events: () => verifyChain(odd),
        "an event of a run": () => verifyChain([odd]),
        "a hash": () => verifyChain([], odd),
        "an actor": () => directory.decide(odd, { type: "create_team", name: "A" }, { now: NOW }),
        "the user of an actor": () => directory.preview({ user: odd }, { type: "create_team", name: "A" }, { now: NOW }),
        "a command": () => directory.decide({ user: "gina" }, odd, { now: NOW }),
        "within a command": () => directory.preview({ user: "gina" }, { type: "create_team", name: odd }, { now: NOW }),
        "options of deciding": () => directory.decide({ user: "gina" }, { type: "create_team", name: "A" }, odd),
        entropy: () => directory.decide({ user: "gina" }, { type: "create_team", name: "A" }, { now: NOW, entropy: odd }),
        "the time of a command": () => directory.decide({ user: "gina" }, { type: "create_team", name: "A" }, { now: odd }),
        "a capability": () => directory.denied({ user: "gina" }, odd, undefined, NOW),
        "the time of a state": () => directory.state(odd),
        "an event": () => directory.apply(odd),
        "the first event": () => Directory.begin(odd),
        "an organization": () => Directory.found(odd),
        "a dump": () => Directory.restore(odd),
        "claims of a snapshot": () => directory.snapshot(odd),
        "claims of a head": () => directory.headToken(odd),
        "an assistant of a head": () => directory.headToken({ ...claims, version: undefined, assistant: odd }),
        "somebody who sees": () => directory.view(odd, NOW),
        "the options of connecting": () => connect(odd),
        "an address": () => connect({ url: odd }),
        "a gate": () => new Gate(odd),
        passes: () => new Gate({ source: { read() {} }, keys() {}, issuer: "i", organization: "o", passes: odd }),
        "a pass": () => verifyPass(odd, {}),
        "what a pass must say": () => verifyPass("a.b.c", odd),
        "keys of passes": () =>
          verifyPass("a.b.c", {
            keys: odd,
            issuer: "i",
            audience: "a",
            organization: "o",
            assistant: "x",
            capability: "assistant.chat",
          }),
      };
      for (const [place, ask] of Object.entries(places)) {
        const outcome = await tried(ask).catch((error) => assert.fail(`${place}: ${error.message}`));
        if (outcome?.message !== undefined) assert.ok(outcome.message.length < 400 && !/[\n\r]/.test(outcome.message), place);
      }
      await assertWell();
    });
  }

  test("the error has the path", async () => {
    const [one] = keys.keys;
    await assert.rejects(
      open(token, { keys: { keys: [one, { ...one, kid: 1n }] }, now: NOW }),
      fails("invalid_options", "keys.keys[1].kid"),
    );
    await assert.rejects(open(token, { keys: { keys: [getter] }, now: NOW }), fails("invalid_options", "keys.keys[0].kid"));
    await assert.rejects(
      open(
        token,
        Object.defineProperty({ ...options }, "issuer", {
          get() {
            throw new Error("no");
          },
        }),
      ),
      fails("invalid_options", "issuer"),
    );
    const facts = acme();
    facts.users[2].role = 5n;
    await assert.rejects(issue(facts, claims), fails("invalid_facts", "users[2].role"));
    facts.users[2].role = cycle;
    await assert.rejects(issue(facts, claims), fails("invalid_facts"));
    await assert.rejects(issue(acme(), { ...claims, key: { ...keyPair.privateKey, d: 1n } }), fails("invalid_options", "key.d"));
  });

  test("milliseconds instead of seconds are refused in every option", async () => {
    const late = NOW * 1000;
    const told = (code, path) => (error) => fails(code, path)(error) && /milliseconds/.test(error.message);
    for (const now of [late, () => late]) await assert.rejects(open(token, { keys, now }), told("invalid_options", "now"));
    await assert.rejects(openHead(token, { keys, now: late }), told("invalid_options", "now"));
    await assert.rejects(connect({ url: "https://a.example", now: () => late }), told("invalid_options", "now"));
    await assert.rejects(
      verifyPass("a.b.c", {
        keys,
        issuer: "i",
        audience: "a",
        organization: "o",
        assistant: "x",
        capability: "assistant.chat",
        now: late,
      }),
      told("invalid_options", "now"),
    );
    assert.throws(() => directory.state(late), told("invalid_options", "now"));
    assert.throws(() => directory.view({ user: "gina" }, late), told("invalid_options", "now"));
    assert.throws(() => directory.denied({ user: "gina" }, "team.create", undefined, late), told("invalid_options", "now"));
    await assert.rejects(issue(acme(), { ...claims, issuedAt: late }), told("invalid_options", "issuedAt"));
    const gate = new Gate({
      source: { read() {} },
      keys() {},
      issuer: "i",
      organization: "o",
      now: () => late,
      passes: { keys: { keys: [keyPair.privateKey] }, issuer: "i", audience: "a" },
    });
    await assert.rejects(gate.admit("site", {}), told("invalid_options", "now"));
    for (const command of [
      () => directory.decide({ user: "gina" }, { type: "create_team", name: "A" }, { now: late }),
      () => directory.preview({ user: "gina" }, { type: "create_team", name: "A" }, { now: late }),
    ]) {
      assert.throws(
        command,
        (error) => error.code === "invalid_command" && error.path === "now" && /milliseconds/.test(error.message),
      );
    }
  });
});
