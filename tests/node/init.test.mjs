// Loading the module: once whoever asks, again after a failure, at once where a module is given.
import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fails } from "../lib/fails.mjs";
import { copy } from "../lib/instances.mjs";
import { NOW, keys, signed } from "../lib/world.mjs";

const token = await signed();
const options = { keys, now: NOW };
const bytes = readFileSync(copy().file("wicketgate.wasm"));

const { Instance, compile } = WebAssembly;
const module = await compile(bytes);
let compiled, instantiated;
beforeEach(() => {
  compiled = instantiated = 0;
  WebAssembly.compile = (...given) => (compiled++, compile(...given));
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      instantiated++;
    }
  };
});
afterEach(() => Object.assign(WebAssembly, { Instance, compile }));

describe("by itself", () => {
  test("once, however many ask at the same time", async () => {
    const { open, init } = await copy().entry("entry/node.js");
    await Promise.all([init(), ...Array.from({ length: 50 }, () => open(token, options)), init()]);
    await open(token, options);
    await init();
    assert.deepEqual([compiled, instantiated], [1, 1]);
  });

  test("again after it could not be read", async () => {
    const { entry, file } = copy();
    const { open, init, openSync } = await entry("entry/node.js");
    renameSync(file("wicketgate.wasm"), file("away"));
    const results = await Promise.allSettled([open(token, options), open(token, options), init()]);
    for (const { reason } of results) fails("load_failed")(reason);
    assert.equal(results[0].reason.cause.code, "ENOENT");
    assert.throws(() => openSync(token, options), fails("not_initialized"));
    renameSync(file("away"), file("wicketgate.wasm"));
    assert.equal((await open(token, options)).version, 1);
    assert.deepEqual([compiled, instantiated], [1, 1]);
  });

  test("again after it was no WebAssembly", async () => {
    const { entry, file } = copy();
    const { open } = await entry("entry/node.js");
    writeFileSync(file("wicketgate.wasm"), "<!doctype html>");
    await assert.rejects(open(token, options), fails("load_failed"));
    writeFileSync(file("wicketgate.wasm"), bytes);
    assert.equal((await open(token, options)).version, 1);
  });

  test("in a browser: by fetch, again after it failed, was not there, and was something else", async () => {
    const { open, openSync } = await copy().entry("entry/browser.js");
    const { fetch } = globalThis;
    const asked = [];
    const served = [
      () => Promise.reject(new TypeError("Failed to fetch")),
      () => new Response("not found", { status: 404 }),
      () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
      () => new Response(bytes, { headers: { "content-type": "application/wasm" } }),
    ];
    globalThis.fetch = async (url) => (asked.push(String(url)), served.shift()());
    try {
      for (let n = 0; n < 3; n++) await assert.rejects(Promise.all([open(token, options), open(token, options)]), fails("load_failed"));
      assert.throws(() => openSync(token, options), fails("not_initialized"));
      const snapshots = await Promise.all([open(token, options), open(token, options)]);
      assert.deepEqual(snapshots.map(({ version }) => version), [1, 1]);
    } finally {
      globalThis.fetch = fetch;
    }
    assert.equal(asked.length, 4);
    for (const url of asked) assert.match(url, /dist\/wicketgate\.wasm$/);
  });

  test("again after another module was given", async () => {
    const { open, initSync } = await copy().entry("index.js");
    assert.throws(() => initSync(readFileSync(fileURLToPath(import.meta.resolve("wicketgate/authority.wasm")))), fails("load_failed"));
    assert.throws(() => initSync(new Uint8Array()), fails("load_failed"));
    initSync(bytes);
    assert.equal((await open(token, options)).as({ user: "vic" }).can("assistant.edit", "helper"), true);
  });
});

describe("by hand", () => {
  test("nothing is loaded unless it is said what", async () => {
    const { open, openSync, init } = await copy().entry("index.js");
    assert.throws(() => openSync(token, options), fails("not_initialized"));
    await assert.rejects(open(token, options), fails("not_initialized"));
    await assert.rejects(init(), fails("not_initialized"));
  });

  const response = (type, status = 200) => new Response(bytes, { status, headers: type ? { "content-type": type } : {} });
  for (const [name, source] of [
    ["a module", () => module],
    ["bytes", () => bytes],
    ["a buffer", () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)],
    ["a response", () => response("application/wasm")],
    ["a response of a server that knows no WebAssembly", () => response("application/octet-stream")],
    ["a promise", () => Promise.resolve(response("application/wasm"))],
  ]) {
    test(`init of ${name}`, async () => {
      const { init, openSync } = await copy().entry("index.js");
      await init(source());
      assert.equal(openSync(token, options).version, 1);
    });
  }

  for (const [name, source] of [["a module", () => module], ["bytes", () => bytes]]) {
    test(`initSync of ${name}`, async () => {
      const { initSync, openSync } = await copy().entry("index.js");
      initSync(source());
      initSync(source());
      assert.equal(openSync(token, options).version, 1);
      assert.equal(instantiated, 1);
    });
  }

  for (const [name, source] of [["a response of an error", () => response("text/html", 404)], ["nothing useful", () => null], ["a text", () => "x"],
    ["a rejection", () => Promise.reject(new Error("offline"))]]) {
    test(`${name} is refused, and does not stand in the way`, async () => {
      const { init, openSync } = await copy().entry("index.js");
      await assert.rejects(init(source()), fails(name === "nothing useful" ? "not_initialized" : "load_failed"));
      await init(bytes);
      assert.equal(openSync(token, options).version, 1);
    });
  }
});

describe("initSync during a load", () => {
  test("wins, and the load ends well", async () => {
    const { init, initSync, open, openSync } = await copy().entry("entry/node.js");
    const waiting = [init(), open(token, options)];
    initSync(bytes);
    assert.equal(openSync(token, options).version, 1);
    await Promise.all(waiting);
    assert.equal(instantiated, 1);
  });

  test("even where the load fails", async () => {
    const { entry, file } = copy();
    const { init, initSync, open } = await entry("entry/node.js");
    renameSync(file("wicketgate.wasm"), file("away"));
    const waiting = [init(), open(token, options)];
    initSync(bytes);
    await Promise.all(waiting);
  });
});

test("the authority's module is another, loaded the same way", async () => {
  const { entry, file } = copy();
  const { generateKeyPair, init, issue, detach } = await entry("entry/authority-node.js");
  renameSync(file("authority.wasm"), file("away"));
  for (const attempt of [generateKeyPair(), detach(token), issue({}, {}), init()]) await assert.rejects(attempt, fails("load_failed"));
  renameSync(file("away"), file("authority.wasm"));
  await Promise.all([generateKeyPair(), detach(token), init()]);
  assert.deepEqual([compiled, instantiated], [1, 1]);
});
