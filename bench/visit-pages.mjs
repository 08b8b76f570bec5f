// The pages of visit.mjs, built by esbuild as for production: one per library, equal but for the library. Each fetches its snapshot or token,
// asks one question, and reports the time since the navigation.

import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { FOR_PAGES, OUT, bundle, initialChunks } from "./build.mjs";
import { directory, holdings } from "./naive.mjs";
import { firstQuestion, memberQuestions, nameless } from "./questions.mjs";
import { slice } from "./slice.mjs";
import { SIZES, world } from "./world.mjs";

/** The header of a detached snapshot's signature. */
export const SIGNATURE = "wicketgate-signature";
const HERE = import.meta.dirname;

/** What a page does with the response to its request. The names in capitals are constants of the bundle. */
const SOURCES = {
  wicketgate: `
    import { init, open } from "wicketgate";
    init("member").catch(() => {});
    export async function ready(response) {
      const detached = { payload: await response.text(), signature: response.headers.get("${SIGNATURE}") };
      const snapshot = await open(detached, { keys: KEY, issuer: "https://authority.acme.example", audience: "acme" });
      return snapshot.as();
    }`,
};
const signed = (peer) => `
    import { open } from "./peers/${peer}.mjs";
    export async function ready(response) {
      return open({ token: await response.text(), key: KEY });
    }`;
const PAGE = `
    import { ready } from "#library";
    const me = await ready(await fetch("snapshot"));
    const allowed = me.can(CAPABILITY, ID);
    const time = performance.now();
    navigator.sendBeacon("report", JSON.stringify({ allowed, time }));`;

/** Bundles the page of each library, and prepares what it fetches, for a member of M. @returns for each its folder, files and snapshot */
export async function buildPages(libraries) {
  const { facts, subject } = world(SIZES.M);
  const now = Math.floor(Date.now() / 1000);
  const org = directory(facts);
  const held = holdings(org, subject, now);
  const first = firstQuestion(memberQuestions({ org, held, subject, now, count: 30 }));
  const context = { facts: nameless(facts), held, subject, slice: slice(facts, held, subject, now), first };
  const pages = {};
  for (const library of libraries) {
    await bundle(library);
    const { prepare } = await import(join(OUT, "server", `${library}.mjs`));
    const { material, wire } = await prepare(context);
    const key = material.keys ?? material.key;
    const snapshot = { body: Buffer.from(wire.body), headers: wire.header ? { [SIGNATURE]: wire.header } : {} };
    pages[library] = { ...(await buildPage(library, key, first)), snapshot };
  }
  return pages;
}

async function buildPage(library, key, { capability, id }) {
  const folder = join(OUT, "visit", library);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    stdin: { contents: PAGE, resolveDir: HERE },
    outdir: folder,
    ...FOR_PAGES,
    entryNames: "page-[hash]",
    loader: { ".wasm": "file" },
    define: {
      KEY: JSON.stringify(key),
      CAPABILITY: JSON.stringify(capability),
      ID: JSON.stringify(id),
      "process.env.NODE_ENV": '"production"',
    },
    legalComments: "none",
    logLevel: "error",
    plugins: [assets, librarySource(SOURCES[library] ?? signed(library))],
  });
  const outputs = Object.fromEntries(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const [entry] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.includes("stdin"));
  const files = Object.fromEntries(
    await Promise.all((await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name))])),
  );
  return { entry, chunks: [...initialChunks(outputs, entry)].filter((name) => name !== entry), files };
}

/**
 * The document of a page. Bundlers write `modulepreload` links for the chunks of the entry, so these are always there. `hints` are further
 * links: files that the page fetches later.
 */
export function documentOf({ entry, chunks }, hints = []) {
  const links = [
    ...chunks.map((name) => `<link rel="modulepreload" href="${name}">`),
    ...hints.map((name) => `<link rel="preload" as="fetch" crossorigin href="${name}">`),
  ];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Visit</title>${links.join("")}<script type="module" src="${entry}"></script>`;
}

// `new URL("file.wasm", import.meta.url)` names a file to be copied, as in Vite, webpack, Rollup and Parcel. esbuild needs a plugin for it.
const assets = {
  name: "assets",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/]entry[\\/][\w-]+\.js$/ }, async ({ path }) => {
      const imports = [];
      const code = (await readFile(path, "utf8")).replaceAll(/new URL\(("[^"]+\.wasm"), import\.meta\.url\)/g, (_, file) => {
        imports.push(`import asset${imports.length} from ${file};`);
        return `new URL(asset${imports.length - 1}, import.meta.url)`;
      });
      return { contents: [...imports, code].join("\n"), loader: "js" };
    });
  },
};

const librarySource = (contents) => ({
  name: "library",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^#library$/ }, () => ({ path: "library", namespace: "library" }));
    onLoad({ filter: /.*/, namespace: "library" }, () => ({ contents, loader: "js", resolveDir: HERE }));
  },
});
