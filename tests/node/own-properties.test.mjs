// Options and other objects of callers: own properties and those of a class count, each read once; properties on `Object.prototype` never count.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { open, openSync } from "wicketgate";
import { Directory, generateKeyPair, issue } from "wicketgate/authority";
import { connect } from "wicketgate/client";
import { Gate, MemorySource, authoritySource, keyValueSource, remoteKeys } from "wicketgate/gate";
import { verifyPass } from "wicketgate/pass";
import { Can, Wicketgate } from "wicketgate/react";
import { fails } from "../lib/fails.mjs";
import {
  AUDIENCE,
  BACK_END,
  ISSUER,
  PASS_ISSUER,
  expected,
  gateSnapshot,
  headOf,
  links,
  passPair,
  withSite,
} from "../lib/gate-library.mjs";
import { EDIT, NOW, ORIGIN, VIEW, acme, keyPair, keys, signed } from "../lib/world.mjs";

const source = fileURLToPath(new URL("../../pkg/src/", import.meta.url));
const declared = readdirSync(source, { recursive: true })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(`${source}${file}`, "utf8"));
declared.push(readFileSync(fileURLToPath(new URL("wasm/authority.d.ts", import.meta.resolve("wicketgate/manual"))), "utf8"));
/** Names of all properties that types declare or the code reads by name. */
const NAMES = [
  ...new Set(
    declared.flatMap((text) =>
      [
        ...text.matchAll(/^ +(?:readonly )?([a-zA-Z_]+)\??: /gm),
        ...text.matchAll(/[{,;] *([a-zA-Z_]+)\?: /g),
        ...text.matchAll(/"([a-z_A-Z]+)"/g),
      ].map(([, name]) => name),
    ),
  ),
]
  // Names that the platform itself reads from its own objects.
  .filter(
    (name) =>
      ![
        "get",
        "set",
        "value",
        "writable",
        "enumerable",
        "configurable",
        "constructor",
        "__proto__",
        "then",
        "secret",
        "length",
        "toString",
        "toJSON",
        "message",
        "name",
        "stack",
        "done",
        "signal",
        "type",
        "headers",
        "url",
        "on",
        "code",
        "cause",
        "error",
        "path",
        "highWaterMark",
        "size",
        "mode",
        "status",
        "body",
        "method",
        "once",
        "passive",
        "capture",
        "transfer",
        "reason",
        // jose refuses a header with it, inherited or not.
        "crit",
      ].includes(name),
  );

/** Values that an attacker might put there, to be another person or to be admitted. */
const VALUES = {
  user: "gina",
  subject: "gina",
  link: EDIT,
  origin: ORIGIN,
  now: NOW + 10,
  clockTolerance: 1e9,
  minVersion: 9,
  maxBytes: 1,
  issuer: "https://evil.example",
  audience: "evil",
  organization: "evil",
  team: "support",
  project: "faq",
  assistant: "helper",
  state: "evil",
  member: "gina",
  scope: "workspace",
  expiresIn: 1e6,
  notBefore: NOW + 100,
  consult: "head",
  crossTab: true,
  d: "AAAA",
  kid: "evil",
  kty: "OKP",
  alg: "EdDSA",
  use: "sig",
  version: 99,
};

/** Runs a function while `Object.prototype` has the property, and removes it afterwards. */
async function polluted(name, value, act) {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: false });
  try {
    return await act();
  } finally {
    delete Object.prototype[name];
  }
}

const expired = await signed(acme(), { issuedAt: NOW - 100, expiresIn: 50 });
const member = await signed(acme(), { scope: { member: "vic" } });
const workspace = await signed(acme());
const facts = withSite({ links: [links.view, links.edit], embed: { origins: [ORIGIN] } });
const site = await gateSnapshot({ facts });
const store = new MemorySource();
store.put("site", site, headOf());
const GATE = {
  source: store,
  keys: () => keys,
  issuer: ISSUER,
  organization: "acme",
  now: () => NOW,
  passes: { keys: { keys: [passPair.privateKey] }, issuer: PASS_ISSUER, audience: BACK_END },
};
const { pass } = await (async (gate) => gate.issuePass(await gate.admit("site", { origin: ORIGIN })))(new Gate(GATE));
const EXPECT = expected();
const code = (error) => error.code ?? String(error);
const rejected = (promise) => promise.then(() => "in", code);
const { directory } = await Directory.found(acme(), { now: NOW });

/** The answers to all questions, in order. */
async function answers() {
  const asked = [];
  asked.push(await rejected(open(expired, { keys, now: NOW })));
  asked.push(
    await rejected(open(workspace, { keys: {}, now: NOW })),
    await rejected(open({}, { keys, now: NOW })),
    await rejected(open(workspace, { keys: { keys: [{ x: keyPair.publicKey.x }] }, now: NOW })),
  );
  for (const token of [workspace, member]) {
    const snapshot = openSync(token, { keys, now: NOW });
    asked.push([snapshot.version, snapshot.scope, `${snapshot.subject}`, `${snapshot.state}`]);
    for (const who of token === workspace ? [undefined, {}, { user: "vic" }, { link: VIEW }] : [undefined]) {
      const me = who === undefined ? snapshot.as() : snapshot.as(who);
      asked.push(
        me.list("assistant.view"),
        me.can("assistant.edit", "helper"),
        me.capabilities({}),
        me.capabilities({ team: "support" }),
        me.capabilities("helper"),
      );
    }
    snapshot.free();
  }
  const gate = new Gate(GATE);
  for (const visitor of [{}, { link: STRANGE }, { origin: "https://other.example" }, { link: VIEW }, { origin: ORIGIN }]) {
    const { admitted, capabilities } = await gate.admit("site", visitor);
    asked.push([admitted, admitted ? [...capabilities] : undefined]);
  }
  asked.push(
    await gate.frameAncestors("site"),
    await rejected(verifyPass(pass, EXPECT)),
    await rejected(verifyPass(pass, { ...EXPECT, now: NOW + 1e6 })),
  );
  const { capability: _, ...without } = EXPECT;
  asked.push(await rejected(verifyPass(pass, without)));
  const token = await issue(acme(), { key: keyPair.privateKey, version: 1, issuedAt: NOW, expiresIn: 60 });
  asked.push(
    Buffer.from(token.split(".")[1], "base64url")
      .toString()
      .replace(/"organization".*/, ""),
    await rejected(issue(acme(), { key: keyPair.privateKey, version: 1, issuedAt: NOW })),
  );
  asked.push(await rejected(issue(acme(), { key: { crv: "Ed25519" }, version: 1, issuedAt: NOW, expiresIn: 60 })));
  for (const actor of [{}, { user: "vic" }]) {
    try {
      asked.push(directory.preview(actor, { type: "create_team", name: "A" }, { now: NOW }).gained ?? "previewed");
    } catch (error) {
      asked.push([code(error), ...["capability", "denied"].map((name) => Object.hasOwn(error, name) && `${error[name]}`)]);
    }
  }
  asked.push(renderToString(createElement(Wicketgate, {}, createElement(Can, { do: "team.create" }, "may"))));
  return asked;
}

const STRANGE = `wk_${"x".repeat(43)}`;

describe("properties on Object.prototype have no effect", () => {
  test("the list of names is complete", () => {
    for (const name of [
      "now",
      "clockTolerance",
      "user",
      "keys",
      "kty",
      "payload",
      "origin",
      "member",
      "scope",
      "expiresIn",
      "consult",
      "principal",
      "storage",
      "subject",
      "issuedAt",
      "without",
    ])
      assert.ok(NAMES.includes(name), name);
  });

  test("no answer changes, for any name", async () => {
    const usual = await answers();
    for (const name of NAMES) {
      for (const value of name in VALUES ? [VALUES[name], () => NOW] : ["gina", 1]) {
        assert.deepEqual(await polluted(name, value, answers).catch((error) => error.stack), usual, `${name}: ${value}`);
      }
    }
  });

  test("no answer changes by a `toJSON`", async () => {
    const usual = await answers();
    assert.deepEqual(
      await polluted(
        "toJSON",
        function () {
          return this === keys ? { keys: [] } : this;
        },
        answers,
      ),
      usual,
    );
  });

  test("sources, keys and connect send the same requests", async () => {
    const asked = [];
    const remember = async (url, init) => (
      asked.push([String(url), init?.headers?.Authorization]), new Response("{}", { status: 404 })
    );
    await polluted("authority", { head: () => assert.fail("asked") }, async () =>
      assert.equal(keyValueSource({ get: async () => null }, { prefix: "" }).authority, undefined),
    );
    await polluted("prefix", "evil:", () =>
      assert.throws(() => keyValueSource({ get: async () => null }, {}), fails("invalid_options", "prefix")),
    );
    await polluted("token", "stolen", () =>
      assert.throws(() => authoritySource({ url: "https://a.example" }), fails("invalid_options", "token")),
    );
    await polluted("fetch", remember, () => assert.rejects(remoteKeys("http://localhost:1/")({ newer: true })));
    await polluted("url", "https://evil.example", () => assert.rejects(connect({ keys }), fails("invalid_options", "url")));
    await polluted("keys", keys, () => assert.rejects(connect({ url: "https://a.example", fetch: remember })));
    assert.ok(asked.some(([url]) => url.endsWith("jwks.json")));
  });

  test("the Object.prototype of another realm has no effect either", async () => {
    const realm = createContext({});
    runInContext("Object.prototype.clockTolerance = 1e9; Object.prototype.user = 'gina'", realm);
    const foreign = (object) => Object.assign(runInContext("({})", realm), object);
    await assert.rejects(open(expired, foreign({ keys, now: NOW })), fails("expired"));
    const snapshot = openSync(workspace, foreign({ keys, now: NOW }));
    assert.equal(snapshot.as(foreign({})).can("team.create"), false);
  });
});

describe("properties of a caller's class count", () => {
  class Base {
    get keys() {
      return keys;
    }
  }
  class Options extends Base {
    now = NOW;
    get issuer() {
      return "https://other.example";
    }
  }

  test("getters of the class and of its base class", async () => {
    await assert.rejects(open(workspace, new Options()), fails("wrong_issuer", "iss"));
    await assert.rejects(
      open(workspace, Object.create(Object.create(null, { keys: { value: keys }, now: { value: NOW }, minVersion: { value: 9 } }))),
      fails("rolled_back"),
    );
  });

  test("an object without a prototype", async () => {
    assert.equal((await open(workspace, Object.assign(Object.create(null), { keys, now: NOW }))).version, 1);
  });
});

test("each property is read once", async () => {
  const counts = {};
  const counting = (object) =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        Object.entries(object).map(([name, value]) => [
          name,
          { enumerable: true, get: () => ((counts[name] = (counts[name] ?? 0) + 1), value) },
        ]),
      ),
    );
  const [payload, signature] = [workspace.split(".")[1], workspace.replace(/\..*\./, "..")];
  const snapshot = await open(
    counting({ payload: Buffer.from(payload, "base64url").toString(), signature }),
    counting({ keys, now: NOW, issuer: "https://a.example", maxBytes: 1e6 }),
  ).catch(code);
  assert.equal(snapshot, "wrong_issuer");
  openSync(workspace, { keys, now: NOW }).as(counting({ user: "vic" }));
  await issue(
    acme(),
    counting({ key: counting(keyPair.privateKey), version: 1, scope: counting({ member: "vic" }), expiresAt: NOW + 1e9 }),
  );
  await new Gate(counting(GATE)).admit("site", counting({ origin: ORIGIN }));
  for (const [name, count] of Object.entries(counts))
    assert.equal(count, ["version", "issuer", "now", "keys"].includes(name) ? Math.min(count, 2) : 1, name);
  assert.equal((await generateKeyPair(counting({ kid: "one" }))).publicKey.kid, "one");
  assert.ok(AUDIENCE);
});
