// Loading the module: once for all callers, again after a failure, synchronously if a module is given.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fails } from "../lib/fails.mjs";
import { copy } from "../lib/instances.mjs";
import { NOW, keys, signed } from "../lib/world.mjs";

const token = await signed();
const options = { keys, now: NOW };
const bytes = readFileSync(copy().file("wicketgate.wasm"));

const { Instance, instantiate, instantiateStreaming } = WebAssembly;
const module = new WebAssembly.Module(bytes);
/** Numbers of synchronous and asynchronous instantiations. */
let atOnce, later;
beforeEach(() => {
  atOnce = later = 0;
  // Node instantiates modules of its own, which import nothing of this name.
  const ours = (imports) => Object.keys(imports ?? {}).join() === "a";
  WebAssembly.Instance = class extends Instance {
    constructor(module, imports) {
      super(module, imports);
      atOnce += ours(imports);
    }
  };
  WebAssembly.instantiate = (source, imports) => ((later += ours(imports)), instantiate(source, imports));
  WebAssembly.instantiateStreaming = (source, imports) => ((later += ours(imports)), instantiateStreaming(source, imports));
});
afterEach(() => Object.assign(WebAssembly, { Instance, instantiate, instantiateStreaming }));

/** While `run` runs, the network returns the given answers in turn. Returns the requested URLs. */
async function served(answers, run) {
  const { fetch } = globalThis;
  const asked = [];
  globalThis.fetch = async (url) => (asked.push(String(url)), answers.shift()(String(url)));
  try {
    await run();
  } finally {
    globalThis.fetch = fetch;
  }
  return asked;
}
const answered = (url, body, type, status = 200) =>
  Object.defineProperty(new Response(body, { status, headers: type === undefined ? {} : { "content-type": type } }), "url", {
    value: url,
  });
const good =
  (type, body = bytes) =>
  (url) =>
    answered(url, body, type);
/** Answers instead of a missing file, and the error messages for them. */
const LOST = [
  ["a network that is gone", () => Promise.reject(new TypeError("Failed to fetch")), /: Failed to fetch$/],
  ["what is not found", (url) => answered(url, "not found", "text/plain", 404), /\/wicketgate\.wasm answered 404$/],
  [
    "a page of HTML",
    (url) => answered(url, "<!doctype html><title>Aplikace</title>", "text/html; charset=utf-8"),
    /\/wicketgate\.wasm answered with `text\/html; charset=utf-8`$/,
  ],
  [
    "what is of no type",
    (url) => answered(url, Buffer.from("<!doctype html>")),
    /\/wicketgate\.wasm answered with something else$/,
  ],
  [
    "nothing at all",
    (url) => answered(url, new Uint8Array(), "application/octet-stream"),
    /answered with `application\/octet-stream`$/,
  ],
];

describe("automatic loading", () => {
  test("once for all concurrent callers, and asynchronously: older Chromium forbids pages the synchronous way", async () => {
    const { open, init } = await copy().entry("entry/node.js");
    await Promise.all([init(), ...Array.from({ length: 50 }, () => open(token, options)), init()]);
    await open(token, options);
    await init();
    assert.deepEqual([atOnce, later], [0, 1]);
  });

  test("for servers without any other file", async () => {
    for (const [entry, name] of [
      ["entry/node.js", "wicketgate"],
      ["entry/authority-node.js", "authority"],
    ]) {
      const { entry: load, file } = copy();
      rmSync(file(`${name}.wasm`));
      await (await load(entry)).init();
    }
  });

  for (const type of ["application/wasm", "application/octet-stream", undefined]) {
    test(`in a browser: by fetch, as ${type}`, async () => {
      const { entry, file } = copy();
      rmSync(file("wasm/wicketgate-bytes.js"));
      const { open } = await entry("entry/browser.js");
      const asked = await served([good(type)], () => Promise.all([open(token, options), open(token, options)]));
      assert.deepEqual([asked.length, later, atOnce], [1, 1, 0]);
      assert.match(asked[0], /dist\/wicketgate\.wasm$/);
    });
  }

  for (const [what, answer, said] of LOST) {
    test(`in a browser: ${what} instead of the file leads to the bytes in a chunk`, async () => {
      const { open } = await copy().entry("entry/browser.js");
      await served([answer], async () => assert.equal((await open(token, options)).version, 1));
      assert.deepEqual([atOnce, later], [0, 1]);
    });

    test(`in a browser: ${what}, and no chunk either, is an error; a later attempt succeeds`, async () => {
      const { entry, file } = copy();
      rmSync(file("wasm/wicketgate-bytes.js"));
      const { open, openSync } = await entry("entry/browser.js");
      const asked = await served([answer, good("application/wasm")], async () => {
        const refused = (error) => fails("load_failed")(error) && said.test(error.message);
        await Promise.all([open(token, options), open(token, options)].map((attempt) => assert.rejects(attempt, refused)));
        assert.throws(() => openSync(token, options), fails("not_initialized"));
        assert.equal((await open(token, options)).version, 1);
      });
      assert.equal(asked.length, 2);
    });
  }

  test("not from the chunk if the file is there but may not run", async () => {
    const { entry, file } = copy();
    const { open } = await entry("entry/browser.js");
    const chunk = file("wasm/wicketgate-bytes.js");
    writeFileSync(chunk, `globalThis.chunkWasLoaded = true;\n${readFileSync(chunk, "utf8")}`);
    WebAssembly.instantiateStreaming = () =>
      Promise.reject(new WebAssembly.CompileError("violates the following Content Security Policy"));
    await served([good("application/wasm")], () => assert.rejects(open(token, options), fails("load_failed")));
    assert.equal(globalThis.chunkWasLoaded, undefined);
  });

  test("fails in an engine without WebAssembly", async () => {
    const { open, initSync } = await copy().entry("entry/node.js");
    const { WebAssembly: engine } = globalThis;
    delete globalThis.WebAssembly;
    try {
      const said = (error) => fails("load_failed")(error) && error.message.endsWith(": this engine has no WebAssembly");
      await assert.rejects(open(token, options), said);
      assert.throws(() => initSync(bytes), said);
    } finally {
      Object.defineProperty(globalThis, "WebAssembly", { value: engine, writable: true, configurable: true });
    }
    assert.equal((await open(token, options)).version, 1);
  });

  test("again after a wrong module was given", async () => {
    const { open, initSync } = await copy().entry("index.js");
    assert.throws(
      () => initSync(readFileSync(fileURLToPath(import.meta.resolve("wicketgate/authority.wasm")))),
      fails("load_failed"),
    );
    assert.throws(() => initSync(new Uint8Array()), fails("load_failed"));
    initSync(bytes);
    assert.equal((await open(token, options)).as({ user: "vic" }).can("assistant.edit", "helper"), true);
  });
});

describe("manual loading", () => {
  test("nothing is loaded without a source", async () => {
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

  for (const [name, source] of [
    ["a module", () => module],
    ["bytes", () => bytes],
  ]) {
    test(`initSync of ${name}`, async () => {
      const { initSync, openSync } = await copy().entry("index.js");
      initSync(source());
      initSync(source());
      assert.equal(openSync(token, options).version, 1);
      assert.equal(atOnce, 1);
    });
  }

  for (const [name, source] of [
    ["a response of an error", () => response("text/html", 404)],
    ["nothing useful", () => null],
    ["a text", () => "x"],
    ["a rejection", () => Promise.reject(new Error("offline"))],
  ]) {
    test(`${name} is refused, and a later attempt succeeds`, async () => {
      const { init, openSync } = await copy().entry("index.js");
      await assert.rejects(init(source()), fails("load_failed"));
      await init(bytes);
      assert.equal(openSync(token, options).version, 1);
    });
  }
});

describe("initSync during a load", () => {
  test("wins, and the load succeeds", async () => {
    const { init, initSync, open, openSync } = await copy().entry("entry/node.js");
    const waiting = [init(), open(token, options)];
    initSync(bytes);
    const snapshot = openSync(token, options);
    await Promise.all(waiting);
    assert.equal(snapshot.as({ user: "vic" }).can("assistant.edit", "helper"), true);
    assert.equal(atOnce, 1);
  });

  test("wins even if the load fails", async () => {
    const { init, initSync, open } = await copy().entry("index.js");
    const waiting = [init(Promise.reject(new Error("offline"))), open(token, options)];
    initSync(bytes);
    await Promise.all(waiting);
  });
});

test("the authority's module is another, loaded the same way", async () => {
  const { generateKeyPair, init, detach } = await copy().entry("entry/authority-node.js");
  await Promise.all([generateKeyPair(), detach(token), init()]);
  assert.deepEqual([atOnce, later], [0, 1]);

  const { entry, file } = copy();
  const browser = await entry("entry/authority-browser.js");
  const lost = LOST[2][1];
  await served([lost], () => browser.generateKeyPair());
  const other = copy();
  rmSync(other.file("wasm/authority-bytes.js"));
  const { issue } = await other.entry("entry/authority-browser.js");
  await served([lost, good("application/wasm", readFileSync(file("authority.wasm")))], async () => {
    await assert.rejects(issue({}, {}), fails("load_failed"));
    await assert.rejects(issue({}, {}), fails("invalid_options"));
  });
});
