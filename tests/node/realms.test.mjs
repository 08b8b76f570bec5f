// Objects of other realms: modules, buffers, responses and errors of frames, test runners and sandboxes are accepted.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { open } from "wicketgate";
import { Directory, issue } from "wicketgate/authority";
import { Gate, MemorySource, authoritySource } from "wicketgate/gate";
import { fails } from "../lib/fails.mjs";
import { ISSUER, gateSnapshot, passPair } from "../lib/gate-library.mjs";
import { copy } from "../lib/instances.mjs";
import { NOW, acme, keyPair, keys, signed } from "../lib/world.mjs";

const token = await signed();
const [header, payload, signature] = token.split(".");
const detached = { payload: Buffer.from(payload, "base64url"), signature: `${header}..${signature}` };
const realm = createContext({ Response, bytes: undefined });
const elsewhere = (code, given) => {
  realm.given = given;
  return runInContext(code, realm);
};
const own = copy();
const files = { wicketgate: readFileSync(own.file("wicketgate.wasm")), authority: readFileSync(own.file("authority.wasm")) };

describe("the WebAssembly module", () => {
  const sources = [
    ["a module", "new WebAssembly.Module(given)"],
    ["a buffer", "(() => { const own = new ArrayBuffer(given.length); new Uint8Array(own).set(given); return own; })()"],
    ["bytes", "new Uint8Array(given)"],
    [
      "a view in the middle of a buffer",
      "(() => { const own = new Uint8Array(given.length + 9); own.set(given, 3); return own.subarray(3, 3 + given.length); })()",
    ],
  ];
  for (const [name, code] of sources) {
    for (const [kind, entry] of [
      ["wicketgate", "index.js"],
      ["authority", "authority.js"],
    ]) {
      test(`${name} for ${kind}, by init and by initSync`, async () => {
        for (const load of ["init", "initSync"]) {
          const module = await copy().entry(entry);
          const source = elsewhere(code, files[kind]);
          assert.ok(!(source instanceof Object));
          await module[load](source);
          if (kind === "wicketgate") assert.equal(module.openSync(token, { keys, now: NOW }).version, 1);
          else assert.ok(await module.issue(acme(), { key: keyPair.privateKey, version: 1, issuedAt: NOW, expiresIn: 60 }));
        }
      });
    }
  }

  test("a response, also of another class", async () => {
    for (const type of ["application/wasm", "application/octet-stream"]) {
      const { init, openSync } = await copy().entry("index.js");
      const headers = new Headers({ "content-type": type });
      await init(
        elsewhere(
          "({ ok: true, status: 200, url: '', headers: given.headers, arrayBuffer: async () => new Uint8Array(given.bytes).buffer, get [Symbol.toStringTag]() { return 'Response'; } })",
          { headers, bytes: files.wicketgate },
        ),
      );
      assert.equal(openSync(token, { keys, now: NOW }).version, 1);
    }
  });

  test("an object that only claims to be one is refused, and a later attempt succeeds", async () => {
    const { init, initSync, openSync } = await copy().entry("index.js");
    const lies = (kind) => ({ [Symbol.toStringTag]: kind });
    for (const source of [
      lies("WebAssembly.Module"),
      lies("Response"),
      lies("ArrayBuffer"),
      new Proxy(files.wicketgate, {}),
      Object.create(WebAssembly.Module.prototype),
      5,
      "x",
      Symbol("x"),
    ]) {
      await assert.rejects(init(source), fails("load_failed"));
      assert.throws(() => initSync(source), fails("load_failed"));
    }
    initSync(files.wicketgate);
    assert.equal(openSync(token, { keys, now: NOW }).version, 1);
  });

  test("the message of an error of another realm is in ours", async () => {
    const { init } = await copy().entry("index.js");
    await assert.rejects(
      init(Promise.reject(elsewhere("new TypeError('offline')"))),
      (error) => fails("load_failed")(error) && error.message.endsWith(": offline"),
    );
  });
});

test("a payload", async () => {
  const snapshot = await open({ ...detached, payload: elsewhere("new Uint8Array(given)", detached.payload) }, { keys, now: NOW });
  assert.equal(snapshot.version, 1);
  await assert.rejects(open({ ...detached, payload: elsewhere("new Uint16Array(8)") }, { keys, now: NOW }), fails("malformed"));
});

test("options, facts, commands and keys", async () => {
  const foreign = (value) => elsewhere("JSON.parse(given)", JSON.stringify(value));
  assert.equal((await open(token, foreign({ keys, now: NOW }))).as(foreign({ user: "vic" })).can("assistant.edit", "helper"), true);
  const { directory } = await Directory.found(foreign(acme()), foreign({ now: NOW }));
  directory.execute(foreign({ user: "gina" }), foreign({ type: "create_team", name: "A" }), {
    now: NOW,
    entropy: elsewhere("new Uint8Array(32).fill(7)"),
  });
  assert.equal(directory.version, 2);
  assert.ok(await issue(foreign(acme()), foreign({ key: keyPair.privateKey, version: 1, issuedAt: NOW, expiresIn: 60 })));
});

test("addresses, visitors and tokens at the gate", async () => {
  const [first, , last] = (await gateSnapshot()).split(".");
  const bytes = Buffer.from((await gateSnapshot()).split(".")[1], "base64url");
  const source = new MemorySource();
  source.put("site", { payload: elsewhere("new Uint8Array(given)", bytes), signature: `${first}..${last}` });
  const gate = new Gate({
    source,
    keys: () => keys,
    issuer: ISSUER,
    organization: "acme",
    now: () => NOW,
    passes: { keys: { keys: [passPair.privateKey] }, issuer: "https://gate.acme.example", audience: "chat" },
  });
  assert.equal((await gate.admit("site", elsewhere("({})"))).admitted, false);
  assert.ok(authoritySource({ url: elsewhere("({ toString: () => 'https://a.example/' })"), token: "t" }));
});
