// Bundles for servers, run in a folder without any other file and without node_modules.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import nodeResolve from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";
import { ANSWER, bin, consumer, run } from "../lib/consumer.mjs";

let project;
before(async () => {
  project = await consumer();
  await project.write({
    "print.js": 'import { run } from "./program.js";\nrun().then((answer) => console.log(JSON.stringify(answer)));\n',
    "handler.js":
      'import { run } from "./program.js";\nexport const handler = async () => ({ statusCode: 200, body: JSON.stringify(await run()) });\n',
  });
});
after(() => project?.remove());

const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;

/** Moves a file to an empty folder, runs it there, and reads its output. `source`: another program, which is put beside it and run instead. */
async function alone(file, command = [process.execPath], source = undefined) {
  const folder = await mkdtemp(join(tmpdir(), "wicketgate-alone-"));
  try {
    const name = file.split("/").at(-1);
    await cp(join(project.folder, file), join(folder, name), { recursive: true });
    if (source !== undefined) await writeFile(join(folder, "main.cjs"), source);
    const program = source === undefined ? join(folder, name) : join(folder, "main.cjs");
    return JSON.parse(
      await run(command[0] ?? program, command.length === 0 ? [] : [...command.slice(1), program], { cwd: folder, env }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
const bundle = (entry, options) =>
  esbuild.build({
    absWorkingDir: project.folder,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    logLevel: "warning",
    ...options,
  });

describe("esbuild --platform=node", () => {
  for (const [format, outfile] of [
    ["esm", "esbuild.mjs"],
    ["cjs", "esbuild.cjs"],
  ]) {
    test(`--format=${format}`, async () => {
      const { warnings } = await bundle("print.js", { format, outfile });
      assert.deepEqual(warnings, []);
      assert.deepEqual(await alone(outfile), ANSWER);
    });
  }

  test("a handler of AWS Lambda", async () => {
    await bundle("handler.js", { format: "cjs", outfile: "lambda/index.js", minify: true });
    await project.write({ "lambda/package.json": "{}" });
    const { statusCode, body } = await alone(
      "lambda",
      [process.execPath],
      'require("./lambda/index.js").handler({}).then((answer) => console.log(JSON.stringify(answer)));',
    );
    assert.equal(statusCode, 200);
    assert.deepEqual(JSON.parse(body), ANSWER);
  });
});

test("Rollup with node-resolve", async () => {
  const warnings = [];
  const built = await rollup({
    input: join(project.folder, "print.js"),
    plugins: [nodeResolve({ exportConditions: ["node"] })],
    onwarn: ({ message }) => warnings.push(message),
  });
  await built.write({ file: join(project.folder, "rollup.mjs"), format: "es", inlineDynamicImports: true });
  assert.deepEqual(warnings, []);
  assert.deepEqual(await alone("rollup.mjs"), ANSWER);
});

test('webpack with `target: "node"`', async () => {
  const stats = await promisify(webpack)({
    context: project.folder,
    entry: "./print.js",
    target: "node",
    mode: "production",
    output: { path: project.folder, filename: "webpack.cjs" },
  });
  const { errors, warnings } = stats.toJson();
  assert.deepEqual([errors, warnings], [[], []]);
  assert.deepEqual(await alone("webpack.cjs"), ANSWER);
});

describe("bun build", () => {
  const build = (...args) => run(bin("bun"), ["build", "print.js", ...args], { cwd: project.folder });

  test("--target=bun", async () => {
    await build("--target=bun", "--outfile=for-bun.js");
    assert.deepEqual(await alone("for-bun.js", [bin("bun"), "run"]), ANSWER);
  });

  test("--target=node", async () => {
    await build("--target=node", "--outfile=for-node.mjs");
    assert.deepEqual(await alone("for-node.mjs"), ANSWER);
  });

  test("--compile", async () => {
    await build("--compile", "--outfile=compiled");
    assert.deepEqual(await alone("compiled", []), ANSWER);
  });
});
