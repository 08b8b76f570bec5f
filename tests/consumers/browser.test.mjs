// The tarball in Chromium: bundled by Vite, webpack and esbuild, served by Vite while developing, and as plain modules.
import assert from "node:assert/strict";
import { copyFile, cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import * as vite from "vite";
import webpack from "webpack";
import { answerOf, launch, page } from "../lib/browser.mjs";
import { ANSWER, PROGRAM, consumer, manualProgram, serve } from "../lib/consumer.mjs";

let project, browser;
before(async () => {
  [project, browser] = await Promise.all([consumer(), launch()]);
  await project.write({
    "main.js": page("./program.js"),
    "index.html": '<!doctype html><title>consumer</title><script type="module" src="./main.js"></script>',
  });
});
after(async () => {
  await browser?.close();
  await project?.remove();
});

const here = (...path) => join(project.folder, ...path);
const html = (script) => `<!doctype html><title>consumer</title><script type="module" src="${script}"></script>`;

/** Serves the folder and reads the page's answer; no requested file may be missing. */
async function answers(folder, path = "", types = {}) {
  const server = await serve(folder, types);
  try {
    assert.deepEqual(await answerOf(browser, server.url + path), ANSWER);
    assert.deepEqual(server.missing, []);
  } finally {
    await server.close();
  }
}

describe("Vite", () => {
  test("builds it with no configuration", async () => {
    await vite.build({
      root: project.folder,
      configFile: false,
      logLevel: "warn",
      build: { outDir: here("vite"), emptyOutDir: true },
    });
    await answers(here("vite"));
  });

  test("builds it for a folder of a site", async () => {
    await vite.build({
      root: project.folder,
      base: "./",
      configFile: false,
      logLevel: "warn",
      build: { outDir: here("site/app"), emptyOutDir: true },
    });
    await answers(here("site"), "app/");
  });

  test("serves it while developing", async () => {
    const server = await vite.createServer({
      root: project.folder,
      configFile: false,
      logLevel: "warn",
      cacheDir: here(".vite"),
      server: { port: 0, host: "127.0.0.1", hmr: false, ws: false },
    });
    try {
      await server.listen();
      assert.deepEqual(await answerOf(browser, `http://localhost:${server.httpServer.address().port}/`), ANSWER);
    } finally {
      await server.close();
    }
  });
});

for (const mode of ["production", "development"]) {
  test(`webpack builds it with no configuration, ${mode}`, async () => {
    const stats = await promisify(webpack)({
      context: project.folder,
      entry: "./main.js",
      mode,
      output: { path: here("webpack", mode), filename: "main.js" },
    });
    const { errors, warnings, assets, chunks } = stats.toJson({
      all: false,
      errors: true,
      warnings: true,
      assets: true,
      chunks: true,
      chunkModules: true,
    });
    // webpack warns about files over 244 KiB, in production: otherwise nothing is minified. Only the authority's module, which pages seldom bundle, and
    // the chunk with its bytes may be larger.
    const modulesOf = (asset) =>
      chunks.filter(({ files }) => files.includes(asset.name)).flatMap(({ modules }) => modules.flatMap(({ name }) => name ?? []));
    const large = (mode === "production" ? assets : [])
      .filter(({ size }) => size > 244 * 1024)
      .flatMap((asset) => asset.info.sourceFilename ?? modulesOf(asset));
    const others = warnings.filter(({ message }) => !/^(asset size limit|webpack performance recommendations)/.test(message));
    assert.deepEqual(
      [errors, others, large.filter((name) => !/\/(authority\.wasm|authority-bytes\.js)$/.test(name))],
      [[], [], []],
    );
    await project.write({ [`webpack/${mode}/index.html`]: html("./main.js") });
    await answers(here("webpack"), `${mode}/`);
  });
}

describe("esbuild", () => {
  const build = (options) =>
    esbuild.build({ absWorkingDir: project.folder, bundle: true, format: "esm", minify: true, logLevel: "warning", ...options });

  test("with the files loaded by hand: `--loader:.wasm=file`", async () => {
    await project.write({
      "by-hand.js": manualProgram(
        `import wasm from "wicketgate/wicketgate.wasm";
import authority from "wicketgate/authority.wasm";`,
        `await init(fetch(new URL(wasm, import.meta.url)));
  await initAuthority(fetch(new URL(authority, import.meta.url)));`,
      ),
      "main-by-hand.js": page("./by-hand.js"),
      "esbuild/index.html": html("assets/main-by-hand.js"),
    });
    await build({ entryPoints: ["main-by-hand.js"], outdir: "esbuild/assets", loader: { ".wasm": "file" } });
    await answers(here("esbuild"));
  });

  test("with the files copied to the folder above the bundle", async () => {
    await build({ entryPoints: ["main.js"], outdir: "esbuild-copied/assets" });
    await project.write({ "esbuild-copied/index.html": html("assets/main.js") });
    for (const name of ["wicketgate.wasm", "authority.wasm"])
      await copyFile(here("node_modules/wicketgate/dist", name), here("esbuild-copied", name));
    await answers(here("esbuild-copied"));
  });
});

test("plain modules, with an import map", async () => {
  const map = { imports: { wicketgate: "./lib/entry/browser.js", "wicketgate/authority": "./lib/entry/authority-browser.js" } };
  await cp(here("node_modules/wicketgate/dist"), here("plain/lib"), { recursive: true });
  await cp(here("program.js"), here("plain/program.js"));
  await project.write({
    "plain/index.html": `<!doctype html><title>consumer</title><script type="importmap">${JSON.stringify(map)}</script><script type="module">${page("./program.js")}</script>`,
  });
  await answers(here("plain"));
});

test("plain modules on a server without the type application/wasm, under a strict policy", async () => {
  await cp(here("node_modules/wicketgate/dist"), here("strict/lib"), { recursive: true });
  await project.write({
    "strict/program.js": PROGRAM.replace('"wicketgate"', '"./lib/entry/browser.js"').replace(
      '"wicketgate/authority"',
      '"./lib/entry/authority-browser.js"',
    ),
    "strict/main.js": page("./program.js"),
    "strict/index.html": `<!doctype html><title>consumer</title>
      <meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"><script type="module" src="main.js"></script>`,
  });
  await answers(here("strict"), "", { ".wasm": "application/octet-stream" });
});
