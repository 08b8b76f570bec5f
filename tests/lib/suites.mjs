// Suites of tests/node for any browser engine. They are bundled with the built package into a page, which runs them and posts a report.
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const SUITES = ["vectors", "opening", "delta", "platform"];
const REPLACED = { "node:test": "test", "node:fs": "fs", "node:crypto": "crypto", jose: "jose" };

/** The files that the suites read, under the paths at which their modules look for them. */
function files() {
  const vectors = readdirSync(here("../vectors")).filter((name) => name.endsWith(".json"));
  const named = [...vectors.map((name) => `/vectors/${name}`), "/fixtures/opening.json", "/fixtures/ed25519.json"];
  return Object.fromEntries(named.map((name) => [name, readFileSync(here(`..${name}`), "utf8")]));
}

async function bundle() {
  const program = `
${SUITES.map((name) => `import "../node/${name}.test.mjs";`).join("\n")}
import { runAll } from "node:test";
addEventListener("error", ({ message }) => console.error(message));
const report = await runAll();
await fetch("/report", { method: "POST", body: JSON.stringify({ ...report, complaints: globalThis.complaints, agent: navigator.userAgent }) });
`;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: here("."), sourcefile: "suites.mjs" },
    bundle: true,
    write: false,
    format: "esm",
    splitting: true,
    outdir: "/",
    platform: "browser",
    target: ["chrome89", "firefox89", "safari15"],
    logLevel: "warning",
    inject: [here("in-page/globals.mjs")],
    // All suites are in one bundle. They look for their files relative to the bundle's address.
    define: { "import.meta.url": "globalThis.moduleUrl" },
    plugins: [
      {
        name: "in-page",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^(node:test|node:fs|node:crypto|jose)$/ }, ({ path }) => ({
            path: here(`in-page/${REPLACED[path]}.mjs`),
          }));
          onResolve({ filter: /^node:assert\/strict$/ }, ({ resolveDir }) => ({
            path: "strict",
            namespace: "assert",
            pluginData: resolveDir,
          }));
          onLoad({ filter: /.*/, namespace: "assert" }, () => ({
            contents: 'module.exports = require("assert/").strict;',
            resolveDir: here("."),
          }));
          onResolve({ filter: /^built-in-files$/ }, () => ({ path: "files", namespace: "files" }));
          onLoad({ filter: /.*/, namespace: "files" }, () => ({ contents: `export default ${JSON.stringify(files())};` }));
        },
      },
    ],
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>suites</title><link rel="icon" href="data:,"><script>
globalThis.complaints = [];
globalThis.moduleUrl = location.origin + "/wasm/module.js";
for (const event of ["error", "unhandledrejection"]) addEventListener(event, function (it) { complaints.push(event + ": " + (it.message || it.reason)); });
console.error = function () { complaints.push([].join.call(arguments, " ")); };
</script><script type="module" src="/stdin.js"></script></html>`;

/**
 * Serves the page.
 * @returns {Promise<{ url: string, report: (seconds?: number) => Promise<{ passed: number, failed: string[], complaints: string[], agent: string }>, stop: () => Promise<void> }>}
 *   `report` waits for the next report
 */
export async function serveSuites() {
  const scripts = await bundle();
  const waiting = [];
  const modules = new Map(
    ["wicketgate", "member", "authority"].map((name) => [
      `/${name}.wasm`,
      readFileSync(fileURLToPath(import.meta.resolve(`wicketgate/${name}.wasm`))),
    ]),
  );
  const server = createServer(async (request, response) => {
    const { url } = request;
    if (url === "/report") {
      let text = "";
      for await (const chunk of request) text += chunk;
      waiting.shift()?.(JSON.parse(text));
      return response.end();
    }
    const [type, body] =
      url === "/"
        ? ["text/html", PAGE]
        : scripts.has(url)
          ? ["text/javascript", scripts.get(url)]
          : ["application/wasm", modules.get(url)];
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    report: (seconds = 90) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no report within ${seconds} s`)), seconds * 1000);
        waiting.push((report) => (clearTimeout(timer), resolve(report)));
      }),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
