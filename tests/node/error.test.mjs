// `wicketgate/error`: the error class and the types, without the WebAssembly module.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import * as core from "wicketgate";
import * as alone from "wicketgate/error";
import { bundledForPage } from "../lib/bundled.mjs";

test("exports the same class as `wicketgate`", () => {
  assert.deepEqual(Object.keys(alone), ["WicketgateError"]);
  assert.equal(alone.WicketgateError, core.WicketgateError);
});

test("properties on Object.prototype do not count as options", () => {
  const names = ["path", "cause", "decision"];
  for (const name of names) Object.defineProperty(Object.prototype, name, { value: "polluted", configurable: true });
  try {
    const error = new alone.WicketgateError("denied", "denied");
    assert.deepEqual([error.path, error.decision, Object.hasOwn(error, "cause")], [undefined, undefined, false]);
  } finally {
    for (const name of names) delete Object.prototype[name];
  }
  const cause = new Error("why");
  const error = new alone.WicketgateError("denied", "denied", { cause, path: "a", decision: { allowed: false, denied: "plan" } });
  assert.deepEqual([error.cause, error.path, error.decision.denied], [cause, "a", "plan"]);
});

test("bundled it has less than 1 KB, no WebAssembly and no side effect", async () => {
  const bundle = async (contents) => (await bundledForPage(contents)).outputFiles[0];
  const { contents, text } = await bundle('import { WicketgateError } from "wicketgate/error"; console.log(WicketgateError);');
  assert.ok(brotliCompressSync(contents).length < 1000, `${contents.length} bytes`);
  assert.doesNotMatch(text, /wasm|WebAssembly|fetch/i);
  assert.equal((await bundle('import "wicketgate/error";')).text.trim(), "");
});
