// The lowest browsers of docs/browsers.md: the built files use only features that these browsers have.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { browserFile } from "../../edge/build.mjs";
import { unpadded } from "../lib/tables.mjs";
import { tooNew, validate, wasmTooNew } from "../lib/baseline.mjs";

const PACKAGE = { chrome: "93", edge: "93", firefox: "92", safari: "15.4" };
const WIDGET = { chrome: "80", edge: "80", firefox: "78", safari: "14" };
const CONSOLE = { chrome: "123", edge: "123", firefox: "125", safari: "17.5" };

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url));

test("the document lists the same versions", () => {
  const table = unpadded(read("docs/browsers.md").toString());
  const row = ({ chrome, edge, firefox, safari }) => `| ${chrome} | ${edge} | ${firefox} | ${safari} |`;
  for (const [what, baseline] of [
    ["package", PACKAGE],
    ["console", CONSOLE],
    ["widget", WIDGET],
  ]) {
    assert.ok(
      table.split("\n").some((line) => line.startsWith(`| the ${what}`) && line.includes(row(baseline))),
      `${what}: ${row(baseline)}`,
    );
  }
  const { chrome, edge, firefox, safari } = CONSOLE;
  assert.ok(
    read("www/public/engine.js")
      .toString()
      .includes(`Chrome ${chrome}, Edge ${edge}, Firefox ${firefox}, Safari ${safari} or newer`),
  );
});

describe("WebAssembly", () => {
  for (const name of ["wicketgate", "authority"])
    test(`${name}.wasm is valid with four features, which all have`, () => validate(read(`pkg/dist/${name}.wasm`)));

  test("the browsers of the package have them", () => assert.deepEqual(wasmTooNew(PACKAGE), []));

  for (const [what, text] of Object.entries({
    "reference types": "(module (table 1 externref))",
    "a call through a second table":
      "(module (type $t (func)) (table $a 1 funcref) (table $b 1 funcref) (func (call_indirect $b (type $t) (i32.const 0))))",
    SIMD: "(module (func (result v128) (v128.const i32x4 0 0 0 0)))",
    "tail calls": "(module (func $f (return_call $f)))",
    exceptions: "(module (tag $e) (func (throw $e)))",
    threads: "(module (memory 1 1 shared))",
    "a 64-bit memory": "(module (memory i64 1))",
    "several results": "(module (func (result i32 i32) (i32.const 0) (i32.const 1)))",
  }))
    test(`${what} would be noticed`, () => assert.rejects(validate(text)));
});

describe("JavaScript", () => {
  /** An entry with its imports, as compiled. */
  async function bundled(entry) {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL(`../../pkg/dist/${entry}.js`, import.meta.url))],
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: "esnext",
      external: ["react", "vue", "svelte", "svelte/*", "@angular/*", "hono", "*.wasm"],
      loader: { ".wasm": "empty" },
      logLevel: "error",
    });
    return outputFiles[0].text;
  }
  /** Features that the code tests for before it uses them: without locks each tab has a connection of its own, and a missing symbol names no method. */
  const GUARDED = [
    "Navigator.locks",
    "LockManager.request",
    "Symbol.dispose",
    "Uint8Array.fromBase64",
    "Uint8Array.toBase64",
    "Error.captureStackTrace",
  ];
  /** Members with the name of a platform feature that belong to other objects: the module's memory, a freed snapshot, options, keys of jose. */
  const OTHERS = [
    "Performance.memory",
    "ArrayBuffer.detached",
    "BackgroundFetchManager.fetch",
    "AsyncDisposableStack.use",
    "SharedStorage.run",
    "CSSSkew.ax",
    "CSSSkew.ay",
  ];
  const entries = readdirSync(new URL("../../pkg/dist/", import.meta.url))
    .filter((name) => /^(react|vue|svelte|angular|observer|reasons|error|public-types|contract)\.js$/.test(name))
    .map((name) => name.slice(0, -3));

  for (const entry of ["entry/browser", "entry/client-browser", "entry/authority-browser", "pass", ...entries]) {
    test(`the package's ${entry}`, async () =>
      assert.deepEqual(tooNew(await bundled(entry), PACKAGE, { guarded: [...GUARDED, ...OTHERS] }), []));
  }

  for (const [name, options] of [
    ["widget.ts", { ecmaVersion: 2015, sourceType: "script" }],
    ["frame.ts", { ecmaVersion: 2020, sourceType: "script" }],
    ["share.ts", { ecmaVersion: 2020, sourceType: "script" }],
  ]) {
    test(`the gate's ${name}`, async () =>
      assert.deepEqual(
        tooNew(await browserFile(name), WIDGET, {
          ...options,
          guarded: ["CSSStyleSheet.replaceSync", "Document.adoptedStyleSheets"],
        }),
        [],
      ));
  }

  // Libraries test for new features before they use them. Only syntax cannot be tested for.
  for (const name of readdirSync(new URL("../../www/dist/assets/", import.meta.url)).filter((name) => name.endsWith(".js"))) {
    test(`the console's ${name.replace(/-[^-]*\.js$/, ".js")} is of 2022`, () => {
      const syntax = tooNew(read(`www/dist/assets/${name}`).toString(), CONSOLE).filter((one) => one.startsWith("javascript."));
      assert.deepEqual(syntax, []);
    });
  }

  test("the script that reports an old browser is in the syntax of 2009", () => {
    assert.deepEqual(tooNew(read("www/public/engine.js").toString(), WIDGET, { ecmaVersion: 5, sourceType: "script" }), []);
  });

  for (const [what, script] of Object.entries({
    "a static block": "class A { static { a(); } }",
    "a lookbehind": "/(?<=a)b/",
    "a flag": "/[\\p{L}--a]/v",
    "a method of arrays": "list.toSorted()",
    "a static method": "Object.groupBy(list, name)",
    "a class": "new Temporal.Instant(0n)",
    "a signal": "AbortSignal.timeout(3)",
    "a global": "structuredClone(it)",
    "a method of elements": "element.setHTMLUnsafe(text)",
  }))
    test(`${what} would be noticed`, () => assert.ok(caught(script)));

  function caught(script) {
    try {
      return tooNew(script, PACKAGE).length > 0;
    } catch (error) {
      if (error instanceof SyntaxError) return true;
      throw error;
    }
  }
});
