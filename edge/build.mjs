// Bundles each Worker into dist/<name>/worker.js, with its WebAssembly files beside it. workerd compiles those when it loads the Worker,
// because it forbids compiling at run time. The gate's files for browsers are bundled first and put into its Worker as text.
import { createHash } from "node:crypto";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { crates, notices, packages } from "../scripts/notices.mjs";
import { openApi } from "./openapi/build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const WORKERS = ["authority", "gate"];
/** The oldest browsers for the files that run on customers' sites: docs/browsers.md. */
const BROWSERS = ["chrome80", "edge80", "firefox78", "safari14"];
/** Syntax of the widget. Older browsers must still parse it, because a syntax error would be an error of the customer's page. */
const WIDGET = ["es2015"];
const BROWSER_FILES = ["widget.ts", "frame.ts", "share.ts", "chat.css"];

/** Path of a built Worker. */
export function workerFile(name) {
  return join(here, "dist", name, "worker.js");
}

export async function buildWorkers() {
  await Promise.all(
    WORKERS.map(async (name) => {
      const outdir = dirname(workerFile(name));
      await rm(outdir, { recursive: true, force: true });
      await mkdir(outdir, { recursive: true });
      const { metafile } = await build({
        metafile: true,
        absWorkingDir: here,
        entryPoints: [join(here, name, "worker.ts")],
        outfile: workerFile(name),
        bundle: true,
        format: "esm",
        target: "es2022",
        conditions: ["workerd", "worker", "browser"],
        external: ["cloudflare:*", "node:*", ...builtinModules],
        logLevel: "warning",
        plugins: [wasmBeside(outdir), browserFiles(), openApiDocuments(outdir)],
      });
      const inputs = Object.keys(metafile.inputs).map((file) => resolve(here, file));
      await writeFile(join(outdir, "third-party-notices.txt"), notices([...crates(), ...packages(inputs)]));
    }),
  );
}

/** A file of edge/gate/browser, bundled and minified for customers' visitors. */
export async function browserFile(name) {
  const {
    outputFiles: [file],
  } = await build({
    entryPoints: [join(here, "gate", "browser", name)],
    bundle: true,
    format: "iife",
    minify: true,
    target: name === "widget.ts" ? WIDGET : BROWSERS,
    // Safari 14.0 has one bug in destructuring (default values that use later names), which this code does not meet.
    supported: { destructuring: true },
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  return file.text;
}

/** `import … from "browser-files"`: each file's text, and its hash for the address or entity tag. */
function browserFiles() {
  return {
    name: "browser-files",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^browser-files$/ }, ({ path }) => ({ path, namespace: "browser-files" }));
      onLoad({ filter: /.*/, namespace: "browser-files" }, async () => {
        const files = await Promise.all(
          BROWSER_FILES.map(async (name) => {
            const text = await browserFile(name);
            return [basename(name, extname(name)), { text, hash: shortHash(text) }];
          }),
        );
        return {
          contents: files.map(([name, file]) => `export const ${name} = ${JSON.stringify(file)};`).join("\n"),
          loader: "js",
        };
      });
    },
  };
}

/** The files beside the Worker with its OpenAPI documents, by their names. */
export const DOCUMENT_FILES = { organizations: "openapi.json", apex: "openapi-apex.json" };

/** `import { organizations, apex } from "openapi-document"`: each document's text, and its entity tag. */
function openApiDocuments(outdir) {
  return {
    name: "openapi-document",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^openapi-document$/ }, ({ path }) => ({ path, namespace: "openapi-document" }));
      onLoad({ filter: /.*/, namespace: "openapi-document" }, async () => {
        const documents = Object.entries(DOCUMENT_FILES).map(async ([name, file]) => {
          const text = JSON.stringify(await openApi(name));
          await writeFile(join(outdir, file), text);
          return `export const ${name} = ${JSON.stringify({ text, etag: `"${shortHash(text)}"` })};`;
        });
        return { contents: (await Promise.all(documents)).join("\n"), loader: "js" };
      });
    },
  };
}

function shortHash(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Marks the plugin's own resolve calls, so that it does not handle them again. */
const RESOLVING = Symbol("resolving");

function wasmBeside(outdir) {
  return {
    name: "wasm-beside",
    setup({ onResolve, resolve }) {
      onResolve({ filter: /\.wasm$/ }, async ({ path: wanted, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === RESOLVING) return undefined;
        const { path, errors } = await resolve(wanted, { importer, resolveDir, kind, pluginData: RESOLVING });
        if (errors.length > 0) return { errors };
        await copyFile(path, join(outdir, basename(path)));
        return { path: `./${basename(path)}`, external: true };
      });
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWorkers();
