// The tarball in Node, Deno, Bun and workerd.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { ANSWER, bin, consumer, GATE_ANSWER, GATE_PROGRAM, manualProgram, run } from "../lib/consumer.mjs";

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
  await project.write({ "print.js": PRINT, "by-hand.js": MANUAL, "print-by-hand.js": PRINT.replace("program", "by-hand"), "gate.js": GATE_PROGRAM, "print-gate.js": PRINT.replace("program", "gate") });
});
after(() => project?.remove());

const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
const answer = async (command, ...args) => JSON.parse(await run(command, args, { cwd: project.folder, env: { ...env, DENO_DIR: join(project.folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" } }));

for (const [file, wanted] of [["print.js", ANSWER], ["print-by-hand.js", ANSWER], ["print-gate.js", GATE_ANSWER]]) {
  test(`Node, ${file}`, async () => assert.deepEqual(await answer(process.execPath, file), wanted));
  test(`Deno, ${file}`, async () => assert.deepEqual(await answer(bin("deno"), "run", "--no-remote", "--allow-read", file), wanted));
  test(`Bun, ${file}`, async () => assert.deepEqual(await answer(bin("bun"), "run", file), wanted));
}

test("Bun's bundler, for Bun", async () => {
  await run(bin("bun"), ["build", "print.js", "--target=bun", "--outdir=bun", "--external=wicketgate"], { cwd: project.folder });
  assert.deepEqual(await answer(bin("bun"), "run", "bun/print.js"), ANSWER);
});

/** Workers may not compile at run time: the WebAssembly files are modules of the Worker, as deployment tools make them. */
for (const [name, conditions] of [["workerd", ["workerd", "worker", "browser"]], ["edge-light", ["edge-light"]]]) {
  test(`${name}: modules imported, not compiled`, { timeout: 60_000 }, async () => {
    await project.write({
      "worker.js": `import { run } from "./program.js";
        import { run as gate } from "./gate.js";
        export default { async fetch(request) {
          try { return Response.json(await (request.url.endsWith("/gate") ? gate() : run())); } catch (error) { return new Response(String(error.stack), { status: 500 }); }
        } };`,
    });
    const outdir = join(project.folder, name);
    await build({
      entryPoints: [join(project.folder, "worker.js")], outdir, bundle: true, format: "esm", target: "es2022", conditions,
      plugins: [{ name: "module", setup: (build) => build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.replace("?module", "")) })) }],
      loader: { ".wasm": "copy" }, assetNames: "[name]", logLevel: "warning",
    });
    const modules = [
      { type: "ESModule", path: "worker.js", contents: await readFile(join(outdir, "worker.js"), "utf8") },
      ...(await Promise.all(["wicketgate.wasm", "authority.wasm"].map(async (path) => ({ type: "CompiledWasm", path, contents: await readFile(join(outdir, path)) })))),
    ];
    const worker = new Miniflare({ modules, compatibilityDate: "2026-04-01", cf: false });
    try {
      for (const [path, wanted] of [["", ANSWER], ["gate", GATE_ANSWER]]) {
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
