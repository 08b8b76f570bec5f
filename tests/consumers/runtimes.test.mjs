// The tarball in Node, Deno, Bun and workerd.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import {
  ADMIN_ANSWER,
  ADMIN_PROGRAM,
  ANSWER,
  bin,
  consumer,
  GATE_ANSWER,
  GATE_PROGRAM,
  manualProgram,
  run,
} from "../lib/consumer.mjs";

const PRINT = 'import { run } from "./program.js";\nconsole.log(JSON.stringify(await run()));\n';
const MANUAL = manualProgram(
  `import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
const bytes = (name) => readFile(fileURLToPath(import.meta.resolve(name)));`,
  `await init(await bytes("wicketgate/wicketgate.wasm"));
  await initAuthority(await bytes("wicketgate/authority.wasm"));`,
);

let project;
before(async () => {
  project = await consumer();
  await project.write({
    "print.js": PRINT,
    "by-hand.js": MANUAL,
    "print-by-hand.js": PRINT.replace("program", "by-hand"),
    "gate.js": GATE_PROGRAM,
    "print-gate.js": PRINT.replace("program", "gate"),
    "admin.js": ADMIN_PROGRAM,
    "print-admin.js": PRINT.replace("program", "admin"),
  });
});
after(() => project?.remove());

const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
const answer = async (command, ...args) =>
  JSON.parse(
    await run(command, args, {
      cwd: project.folder,
      env: { ...env, DENO_DIR: join(project.folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" },
    }),
  );

for (const [file, wanted] of [
  ["print.js", ANSWER],
  ["print-by-hand.js", ANSWER],
  ["print-gate.js", GATE_ANSWER],
  ["print-admin.js", ADMIN_ANSWER],
]) {
  test(`Node, ${file}`, async () => assert.deepEqual(await answer(process.execPath, file), wanted));
  test(`Deno, ${file}`, async () =>
    assert.deepEqual(await answer(bin("deno"), "run", "--no-remote", "--allow-read", file), wanted));
  test(`Bun, ${file}`, async () => assert.deepEqual(await answer(bin("bun"), "run", file), wanted));
}

test("Bun's bundler, for Bun", async () => {
  await run(bin("bun"), ["build", "print.js", "--target=bun", "--outdir=bun", "--external=wicketgate"], { cwd: project.folder });
  assert.deepEqual(await answer(bin("bun"), "run", "bun/print.js"), ANSWER);
});

/** Workers cannot compile at run time: deployment tools make the WebAssembly files modules of the Worker. */
for (const [name, conditions] of [
  ["workerd", ["workerd", "worker", "browser"]],
  ["edge-light", ["edge-light"]],
]) {
  test(`${name}: modules imported, not compiled`, { timeout: 60_000 }, async () => {
    await project.write({
      "worker.js": `import { run } from "./program.js";
        import { run as gate } from "./gate.js";
        import { run as admin } from "./admin.js";
        const programs = { "": run, gate, admin };
        export default { async fetch(request) {
          try { return Response.json(await programs[new URL(request.url).pathname.slice(1)]()); } catch (error) { return new Response(String(error.stack), { status: 500 }); }
        } };`,
    });
    const outdir = join(project.folder, name);
    await build({
      entryPoints: [join(project.folder, "worker.js")],
      outdir,
      bundle: true,
      format: "esm",
      target: "es2022",
      conditions,
      plugins: [
        {
          name: "module",
          setup: (build) =>
            build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
              path: join(resolveDir, path.replace("?module", "")),
            })),
        },
      ],
      loader: { ".wasm": "copy" },
      assetNames: "[name]",
      logLevel: "warning",
    });
    const modules = [
      { type: "ESModule", path: "worker.js", contents: await readFile(join(outdir, "worker.js"), "utf8") },
      ...(await Promise.all(
        ["wicketgate.wasm", "authority.wasm"].map(async (path) => ({
          type: "CompiledWasm",
          path,
          contents: await readFile(join(outdir, path)),
        })),
      )),
    ];
    const worker = new Miniflare({ modules, compatibilityDate: "2026-04-01", cf: false });
    try {
      for (const [path, wanted] of [
        ["", ANSWER],
        ["gate", GATE_ANSWER],
        ["admin", ADMIN_ANSWER],
      ]) {
        const response = await worker.dispatchFetch(`http://localhost/${path}`);
        const text = await response.text();
        assert.equal(response.status, 200, text);
        assert.deepEqual(JSON.parse(text), wanted);
      }
    } finally {
      await worker.dispose();
    }
  });
}

/** Like Vercel and Next: an import with `?module` is a compiled module of the surrounding realm, in a global. */
test("edge-light in the edge-runtime package", async () => {
  const compiled = {};
  const {
    outputFiles: [{ text }],
  } = await build({
    stdin: {
      contents: `import { run } from "./program.js";
        import { run as gate } from "./gate.js";
        import { run as admin } from "./admin.js";
        const programs = { "": run, gate, admin };
        addEventListener("fetch", (event) => event.respondWith(programs[new URL(event.request.url).pathname.slice(1)]().then((answer) => Response.json(answer), (error) => new Response(String(error), { status: 500 }))));`,
      resolveDir: project.folder,
    },
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    conditions: ["edge-light"],
    logLevel: "warning",
    plugins: [
      {
        name: "module",
        setup(build) {
          build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
            path: join(resolveDir, path.replace("?module", "")),
            namespace: "module",
          }));
          build.onLoad({ filter: /./, namespace: "module" }, async ({ path }) => {
            const name = `wasm_${basename(path, ".wasm")}`;
            compiled[name] = await WebAssembly.compile(await readFile(path));
            return { contents: `export default ${name};` };
          });
        },
      },
    ],
  });
  const runtime = new EdgeRuntime({ initialCode: text, extend: (context) => Object.assign(context, compiled) });
  for (const [path, wanted] of [
    ["", ANSWER],
    ["gate", GATE_ANSWER],
    ["admin", ADMIN_ANSWER],
  ]) {
    const response = await runtime.dispatchFetch(`http://localhost/${path}`);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.deepEqual(JSON.parse(text), wanted);
  }
});

/** `require` of ECMAScript modules: Node 20.19, 22.12 and newer. */
test("Node, required from CommonJS", async () => {
  await project.write({
    "required.cjs": `
    const { open } = require("wicketgate");
    const { generateKeyPair, issue } = require("wicketgate/authority");
    const facts = { id: "acme", users: [{ id: "vic", role: "user" }], teams: [{ id: "support" }], projects: [{ id: "faq", team: "support" }],
      assistants: [{ id: "helper", project: "faq", owner: "vic", accessibility: "only_me" }] };
    generateKeyPair().then(async ({ publicKey, privateKey }) => {
      const snapshot = await open(await issue(facts, { key: privateKey, version: 1, expiresIn: 60 }), { keys: { keys: [publicKey] } });
      console.log(JSON.stringify(snapshot.as({ user: "vic" }).list("assistant.edit")));
    });
    for (const name of ["admin", "client", "gate", "pass", "manual", "authority/manual", "client/manual", "gate/manual"]) require("wicketgate/" + name);`,
  });
  assert.deepEqual(await answer(process.execPath, "required.cjs"), ["helper"]);
});

test("Deno, compiled into a program of its own", async (t) => {
  const compile = ["compile", "--no-remote", "--allow-read", "--output", "compiled-by-deno", "print.js"];
  try {
    await run(bin("deno"), compile, {
      cwd: project.folder,
      env: { ...env, DENO_DIR: join(project.folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" },
    });
  } catch (error) {
    if (!error.message.includes("error sending request for url (https://dl.deno.land/")) throw error;
    return t.skip("the runtime that Deno puts into the program cannot be downloaded here");
  }
  assert.deepEqual(await answer("./compiled-by-deno"), ANSWER);
});
