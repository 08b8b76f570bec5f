#!/usr/bin/env node
// Builds the documentation site into target/site/dist: the repository's documents, the reference from the code, the addresses of the HTTP interface, and a
// page for each error code. The result is static files that work from any folder.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { openApi } from "../edge/openapi/build.mjs";
import { apiPage } from "./api-page.mjs";
import { errorPages } from "./error-pages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = join(root, "target/site/pages");
const dist = join(root, "target/site/dist");
/** Placeholder for the site's folder, which the page finds out by itself. */
const BASE = "/__site__/";

/** Documents outside docs/, and their pages. */
const AROUND = new Map(
  Object.entries({
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "bench/README.md": "measuring.md",
  }),
);

const read = (path) => readFileSync(join(root, path), "utf8");
const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function write(page, text) {
  const file = join(pages, page);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The page of a file of the repository; nothing if it is not in the site. */
const pageOf = (path) => (path.startsWith("docs/") ? path.slice("docs/".length) : AROUND.get(path));

/** A document with its links led to pages. Files that are not in the site, such as source files, are named without a link. */
function linked(path, text) {
  const page = pageOf(path);
  return text.replaceAll(
    /(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\((?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?\)/g,
    (_, image, label, target, anchor = "") => {
      const to = pageOf(posix.join(posix.dirname(path), target));
      if (to === undefined) return label;
      return `${image}[${label}](${posix.relative(posix.dirname(page), to) || posix.basename(to)}${anchor})`;
    },
  );
}

rmSync(join(root, "target/site"), { recursive: true, force: true });

const documents = filesOf(join(root, "docs"))
  .map((file) => relative(root, file))
  .filter((path) => !/^docs\/(\.vitepress|node_modules|api)\/|^docs\/package\.json$/.test(path));
for (const path of documents) {
  if (path.endsWith(".md")) write(pageOf(path), linked(path, read(path)));
  else cpSync(join(root, path), join(pages, pageOf(path)), { recursive: true });
}
for (const [path, page] of AROUND) write(page, linked(path, read(path)));
for (const [page, text] of Object.entries(errorPages(linked("docs/errors/index.md", read("docs/errors/index.md")))))
  write(page, text);

write("addresses.md", apiPage(await openApi("organizations"), await openApi("apex")));

console.log("site: writing the reference");
const options = [
  "--plugin",
  "typedoc-plugin-markdown",
  "--out",
  join(pages, "reference"),
  "--readme",
  "none",
  "--hideBreadcrumbs",
  "--hidePageHeader",
  "--entryFileName",
  "index",
  "--validation.notExported",
  "false",
];
execFileSync(process.execPath, [join(root, "node_modules/typedoc/bin/typedoc"), "--logLevel", "Warn", ...options], {
  cwd: join(root, "pkg"),
  stdio: ["ignore", "inherit", "inherit"],
});

// The tables of the contract name every code. A search for a code finds the page that explains it.
for (const file of filesOf(join(pages, "reference/wicketgate/contract/variables")))
  writeFileSync(file, `---\nsearch: false\n---\n\n${readFileSync(file, "utf8")}`);

console.log("site: building the pages");
execFileSync(process.execPath, [join(root, "node_modules/vitepress/bin/vitepress.js"), "build", "docs"], {
  cwd: root,
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, SITE_BASE: BASE },
});

// Replaces the placeholder by code that finds the site's folder.
const FOUND = "globalThis.__site__";
for (const file of filesOf(dist)) {
  const text = /\.(html|js|css)$/.test(file) ? readFileSync(file, "utf8") : "";
  if (!text.includes(BASE)) continue;
  const up = `${relative(dirname(file), dist) || "."}/`;
  if (file.endsWith(".html")) {
    const find = `<script>${FOUND}=new URL(${JSON.stringify(up)},location.href).pathname</script>`;
    // Links stay when the page changes, so they are made absolute first.
    const settle = '<script>for(const link of document.querySelectorAll(\'a[href^="."],a[href=""]\'))link.href=link.href</script>';
    const data = text.replace(
      /(__VP_SITE_DATA__=JSON\.parse\("(?:[^"\\]|\\.)*")\)/,
      `$1.replaceAll(${JSON.stringify(BASE)},${FOUND}))`,
    );
    const attributes = data.replaceAll(`="${BASE}`, `="${up}`);
    writeFileSync(file, attributes.replace("<head>", `<head>\n    ${find}`).replace("</body>", `${settle}</body>`));
  } else if (file.includes("localSearchIndex")) {
    // The search index is one JSON text with addresses.
    const index = text.replace(
      /export ?\{ ?(\w+) as default ?\}/,
      `const found=$1.replaceAll(${JSON.stringify(BASE)},${FOUND});export{found as default}`,
    );
    if (index === text) throw new Error(`${file}: check how VitePress writes its search index now`);
    writeFileSync(file, index);
  } else if (file.endsWith(".js")) {
    writeFileSync(file, text.replaceAll(/(["'])\/__site__\//g, ` ${FOUND}+$1`).replaceAll("`/__site__/", `\`\${${FOUND}}`));
  } else {
    writeFileSync(file, text.replaceAll(BASE, up));
  }
}
console.log(`site: ${relative(root, dist)}`);
