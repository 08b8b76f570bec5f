// Opening with the platform's Ed25519: the core decides, whatever the platform says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { open, openHead } from "wicketgate";
import { Directory } from "wicketgate/authority";
import { isStrict, openHeadWithPlatform, openWithPlatform, verifies } from "../../pkg/dist/gate/platform.js";
import { acme, keyPair, keys, NOW } from "../lib/world.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"));
const fixtures = read("opening");
const cases = read("ed25519").map((one) => ({
  ...one,
  question: Uint8Array.from(atob(one.question), (letter) => letter.charCodeAt(0)),
}));

const real = Object.getOwnPropertyDescriptor(globalThis, "crypto");
const { subtle } = crypto;
/** The cases about which this platform does not agree with the core. Undefined: it has no Ed25519. */
const differing = await differences();
/** Whether this platform is asked about tokens. */
const trusted = await isStrict(subtle).catch(() => false);

async function differences() {
  try {
    const answers = await Promise.all(cases.map(({ question }) => verifies(subtle, question)));
    return cases.filter(({ holds }, index) => answers[index] !== holds);
  } catch {
    return undefined;
  }
}

/** Runs with another platform, or with none. */
async function on(platform, run) {
  Object.defineProperty(globalThis, "crypto", { configurable: true, value: platform && { subtle: platform } });
  try {
    return await run();
  } finally {
    Object.defineProperty(globalThis, "crypto", real);
  }
}

/** A platform of which `verify` is replaced. It gets the bytes, and the answer of the probes: those it gives as a strict platform does. */
function platformOf(verify, { probed = true } = {}) {
  const asked = [];
  const probes = [true, false];
  return {
    asked,
    importKey: async (_format, key) => new Uint8Array(key),
    async verify(_algorithm, key, signature, message) {
      if (probed && probes.length > 0) return probes.shift();
      asked.push(message);
      return verify(key, signature, message);
    },
  };
}

const tokenOf = ({ token, signature }) => (signature === null ? token : { payload: token, signature });
const optionsOf = ({ keys, now, options }) => ({ keys, now, ...options });
const fixture = (name) => fixtures.find((one) => one.name === name);

/** The outcome of opening as a text: the facts, or the error. */
async function outcome(opens, given) {
  try {
    const snapshot = await opens(tokenOf(given), optionsOf(given));
    const { scope, epoch, version, state, subject } = snapshot;
    const text = JSON.stringify([scope, epoch, version, state, subject, snapshot.facts()]);
    snapshot.free();
    return text;
  } catch ({ code, path, message }) {
    return `${code}, ${path}, ${message}`;
  }
}

/** Asserts that every fixture opens, or is refused, with this platform as it is by the core. @returns how many the platform was asked about */
async function assertSame(platform) {
  for (const given of fixtures) {
    const expected = await outcome(open, given);
    assert.equal(await on(platform, () => outcome(openWithPlatform, given)), expected, given.name);
  }
  return platform?.asked?.length;
}

test("this platform is asked if it agrees with the core about every case, and not otherwise", () => {
  assert.ok(cases.length > 300 && cases.some(({ holds }) => holds) && cases.some(({ holds }) => !holds));
  // WebKitGTK does not agree about keys with a part of small order.
  assert.equal(trusted, differing?.length === 0, differing?.map(({ name }) => name).join(", "));
});

test("this platform is asked once for each token that reaches the equation, and its answers change nothing", async () => {
  const calls = [];
  const spy = {
    importKey: (...given) => subtle.importKey(...given),
    verify: (...given) => (calls.push(given), subtle.verify(...given)),
  };
  await assertSame(spy);
  const earlier = ["too_large", "wrong_type", "unsupported_algorithm", "unknown_key"];
  const later = fixtures.filter(({ code }) => !["malformed", "bad_signature", "invalid_options", ...earlier].includes(code));
  if (trusted) assert.ok(calls.length >= later.length + 2, `${calls.length} calls, ${later.length} tokens`);
  else assert.ok(calls.length <= 2, `${calls.length} calls`);
});

test("a platform that holds nothing, answers with another value, fails, or is missing: the core computes the equation", async () => {
  const no = platformOf(() => false);
  assert.ok((await assertSame(no)) > 100);
  const other = platformOf(() => "true");
  assert.ok((await assertSame(other)) > 100);
  const failing = platformOf(() => {
    throw new Error("out of order");
  });
  assert.ok((await assertSame(failing)) > 100);
  await assertSame({
    importKey: () => Promise.reject(new DOMException("Unrecognized name", "NotSupportedError")),
    verify: assert.fail,
  });
  await assertSame({});
  await assertSame(undefined);
});

test("a platform that multiplies by the cofactor is told by the probe, and never asked about a token", async () => {
  const lax = (key, signature, message) => ed25519.verify(signature, message, key, { zip215: true });
  const wrong = cases.filter(
    ({ question, holds }) => lax(question.slice(0, 32), question.slice(32, 96), question.slice(96)) !== holds,
  );
  assert.ok(wrong.length > 50, "this platform differs from the core");
  const messages = [];
  const platform = platformOf((key, signature, message) => (messages.push(message), lax(key, signature, message)), {
    probed: false,
  });
  await assertSame(platform);
  const texts = messages.map((message) => String.fromCharCode(...message));
  assert.deepEqual(texts, ["message 44", "message 4"], "the messages of the probes");
});

test("a platform that says yes to everything is told by the probe", async () => {
  const platform = platformOf(() => true, { probed: false });
  assert.equal(await assertSame(platform), 2);
});

test("the strict conditions are the core's: a platform without any changes nothing about them", async () => {
  const yes = platformOf(() => true);
  const names = ["empty", "truncated", "too_long", "malleable", "zero", "r_of_small_order"].map((name) => `signature_${name}`);
  for (const given of names.map(fixture)) {
    assert.equal(given.code, "bad_signature");
    await assert.rejects(
      on(yes, () => openWithPlatform(tokenOf(given), optionsOf(given))),
      { code: "bad_signature" },
    );
  }
  // Keys and headers are not the platform's matter either.
  for (const given of fixtures.filter(({ code }) =>
    ["unknown_key", "unsupported_algorithm", "wrong_type", "too_large"].includes(code),
  ))
    await assert.rejects(
      on(yes, () => openWithPlatform(tokenOf(given), optionsOf(given))),
      { code: given.code },
    );
  assert.deepEqual(yes.asked, []);
});

test("what is read is what was asked about: bytes and options that change meanwhile change nothing", async () => {
  const given = fixtures.find(({ signature, code }) => signature !== null && code === null);
  const payload = new TextEncoder().encode(given.token);
  const expected = await outcome(open, given);
  const options = structuredClone(optionsOf(given));
  const platform = platformOf((_key, _signature, message) => {
    payload.fill(0x20);
    options.keys.keys.length = 0;
    // The platform's own copy is not read again.
    message.fill(0);
    return true;
  });
  const snapshot = await on(platform, () => openWithPlatform({ payload, signature: given.signature }, options));
  assert.equal(JSON.stringify(snapshot.facts()), JSON.stringify(JSON.parse(expected).at(-1)));
  assert.equal(platform.asked.length, 1);
  snapshot.free();
});

test("heads: the same answers and errors, and no token opens as another kind", async () => {
  const { directory } = await Directory.found(acme(), { now: NOW });
  const claims = { key: keyPair.privateKey, issuer: "https://a.example", audience: "page", issuedAt: NOW, expiresIn: 60 };
  const [head, snapshot] = [directory.headToken(claims), directory.snapshot({ ...claims, scope: "workspace" })];
  directory.free();
  const options = { keys, now: NOW, issuer: "https://a.example" };
  const opened = await openHeadWithPlatform(head, options);
  assert.deepEqual(opened, await openHead(head, options));
  assert.equal(opened.version, 1);
  const changed = `${head.slice(0, -20)}${head.at(-20) === "A" ? "B" : "A"}${head.slice(-19)}`;
  for (const [token, changes, code] of [
    [changed, {}, "bad_signature"],
    [head, { issuer: "https://b.example" }, "wrong_issuer"],
    [head, { now: NOW + 60 }, "expired"],
    [head, { keys: { keys: [] } }, "unknown_key"],
    [snapshot, {}, "wrong_type"],
  ])
    for (const opens of [openHead, openHeadWithPlatform]) await assert.rejects(opens(token, { ...options, ...changes }), { code });
  await assert.rejects(openWithPlatform(head, options), { code: "wrong_type" });
});
