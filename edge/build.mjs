// Bundles each Worker into dist/<name>/worker.js, with the WebAssembly files it imports beside it: the runtime
// compiles those when it loads the Worker (it forbids compiling at run time), and one file serves all who import it.
// What the gate serves to browsers is bundled first, and goes into its Worker as text.
import { createHash } from "node:crypto";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { crates, notices, packages } from "../scripts/notices.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const WORKERS = ["authority", "gate"];
/** The oldest browsers that what runs at customers is for: docs/browsers.md. */
const BROWSERS = ["chrome80", "edge80", "firefox78", "safari14"];
/** Of those before them none stumbles over the widget's syntax: that would be an error of the customer's page. */
const WIDGET = ["es2015"];
const BROWSER_FILES = ["widget.ts", "frame.ts", "share.ts", "chat.css"];

/** Where the built Worker of that name is. */
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
        plugins: [wasmBeside(outdir), browserFiles()],
      });
      const inputs = Object.keys(metafile.inputs).map((file) => resolve(here, file));
      await writeFile(join(outdir, "third-party-notices.txt"), notices([...crates(), ...packages(inputs)]));
    }),
  );
}

/** The file that a browser loads of edge/gate/browser: small, and for the browsers that customers' visitors have. */
export async function browserFile(name) {
  const {
    outputFiles: [file],
  } = await build({
    entryPoints: [join(here, "gate", "browser", name)],
    bundle: true,
    format: "iife",
    minify: true,
    target: name === "widget.ts" ? WIDGET : BROWSERS,
    // Safari 14.0 gets wrong only what default values see of names that are not there yet.
    supported: { destructuring: true },
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  return file.text;
}

/** `import … from "browser-files"`: for each its text, and a hash of it for its address or entity tag. */
function browserFiles() {
  return {
    name: "browser-files",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^browser-files$/ }, ({ path }) => ({ path, namespace: "browser-files" }));
      onLoad({ filter: /.*/, namespace: "browser-files" }, async () => {
        const files = await Promise.all(
          BROWSER_FILES.map(async (name) => {
            const text = await browserFile(name);
            return [basename(name, extname(name)), { text, hash: createHash("sha256").update(text).digest("hex").slice(0, 16) }];
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

/** Marks the question that the plugin itself asks, so that it does not answer it. */
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
