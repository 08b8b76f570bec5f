// Opening in workerd with its Ed25519: every fixture, vector and edge case, and the gate, which uses it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { AUDIENCE, ISSUER, OPTIONS, gateSnapshot } from "../lib/gate-library.mjs";
import { NOW, VIEW, keys, signed } from "../lib/world.mjs";

const read = (path) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"));

let folder, miniflare;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "wicketgate-platform-"));
  await build({
    entryPoints: [fileURLToPath(new URL("../lib/platform-worker.mjs", import.meta.url))],
    outfile: join(folder, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    // Without the warnings about questions that name nothing.
    define: { "process.env.NODE_ENV": '"production"' },
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "warning",
  });
  miniflare = new Miniflare({
    modules: true,
    modulesRoot: folder,
    scriptPath: join(folder, "worker.js"),
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    compatibilityDate: "2026-04-01",
  });
});
after(async () => {
  await miniflare?.dispose();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function ask(task, given) {
  const response = await miniflare.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify({ task, given }) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

test("the platform agrees with the core about each signature that the core asks it about", async () => {
  const cases = read("fixtures/ed25519.json");
  const { answer } = await ask(
    "verify",
    cases.map(({ question }) => question),
  );
  for (const [index, { name, holds }] of cases.entries()) assert.equal(answer[index], holds, name);
});

test("every fixture of opening, by both ways", async () => {
  const fixtures = read("fixtures/opening.json");
  const given = fixtures.map(({ token, signature, keys, options, now }) => ({
    token: signature === null ? token : { payload: token, signature },
    options: { keys, now, ...options },
  }));
  const { answer, calls } = await ask("open", given);
  for (const [index, { name, code, path }] of fixtures.entries()) {
    const { core, platform } = answer[index];
    assert.deepEqual(platform, core, name);
    if (code === null) assert.equal(platform.facts?.id, "acme", name);
    else assert.deepEqual([platform.code, platform.path ?? null], [code, path], name);
  }
  assert.ok(calls > 150, `the platform was asked ${calls} times`);
});

test("every vector, by both ways", async () => {
  for (const name of readdirSync(new URL("../vectors/", import.meta.url)).filter((name) => name.endsWith(".json"))) {
    const { now, organization, cases } = read(`vectors/${name}`);
    const token = await signed(organization, { issuedAt: now });
    const { answer, calls } = await ask("open", [{ token, options: { keys, now }, cases }]);
    const [{ core, platform }] = answer;
    assert.deepEqual(platform, core, name);
    assert.equal(platform.answers?.length, cases.length, name);
    for (const [index, { allowed }] of cases.entries()) assert.equal(platform.answers[index].allowed, allowed, name);
    assert.ok(calls >= 1);
  }
});

test("the gate opens with the platform", async () => {
  const { passes, organization } = OPTIONS;
  const given = { assistant: "site", link: VIEW, keys, now: NOW, issuer: ISSUER, audience: AUDIENCE, organization, passes };
  const token = await gateSnapshot();
  const { answer, calls } = await ask("admit", { ...given, token });
  assert.equal(answer.admitted, true);
  assert.ok(calls >= 1, "the platform was not asked");
});
