// Third-party notices of shipped code: crates in the WebAssembly files, from Cargo.lock, and npm packages in a bundle.
// Fails if a licence is not in the list below, or if its text is missing.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Licences that require only that their text is shipped too. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MIT-0",
  "Unicode-3.0",
  "Unlicense",
  "Zlib",
]);

const TEXT = /^(licen[cs]e|copying|notice|unlicense)/i;

/** Also compiled in, but in no lock file. */
const RUST = {
  name: "Rust standard library",
  version: "",
  license: "MIT",
  texts: [
    `Copyright (c) The Rust Project Contributors

Permission is hereby granted, free of charge, to any
person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the
Software without restriction, including without
limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following
conditions:

The above copyright notice and this permission notice
shall be included in all copies or substantial portions
of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF
ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A
PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT
SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION
OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.`,
  ],
};

/** The crates in the WebAssembly files, without those that run only at build time. */
export function crates() {
  const sources = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "registry", "src");
  const tree = execFileSync(
    "cargo",
    [
      "tree",
      "--locked",
      "--edges",
      "normal,no-proc-macro",
      "--target",
      "wasm32-unknown-unknown",
      "--features",
      "authority",
      "--prefix",
      "none",
      "--format",
      "{p}|{l}",
      "--no-dedupe",
    ],
    { cwd: root, encoding: "utf8" },
  );
  const found = [...new Set(tree.trim().split("\n"))].flatMap((line) => {
    const [, name, version, license] = /^(\S+) v(\S+).*\|(.*)$/.exec(line);
    if (name === "wicketgate") return [];
    const folder = readdirSync(sources)
      .map((registry) => join(sources, registry, `${name}-${version}`))
      .find(existsSync);
    return [entry({ name, version, license, folder })];
  });
  return [RUST, ...found];
}

/** The npm packages of a bundle's files. */
export function packages(files) {
  const folders = new Set(
    [...files].flatMap((file) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/"))?.[1] ?? []),
  );
  return [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return entry({ name, version, license, folder });
  });
}

/** The text of the notices: each licence once, under the names of all packages that have it. */
export function notices(entries) {
  const byText = new Map();
  for (const { name, version, license, texts } of entries) {
    for (const text of texts)
      byText.set(text, (byText.get(text) ?? new Set()).add(`${name} ${version} (${license})`.replace("  ", " ")));
  }
  const sections = [...byText]
    .map(([text, names]) => ({ title: [...names].sort().join("\n"), text }))
    .sort((one, other) => (one.title < other.title ? -1 : 1));
  return [
    "Third-party notices\n\nThis contains the software named below, under the licences that follow its names.\n",
    ...sections.map(({ title, text }) => `${"=".repeat(80)}\n${title}\n${"-".repeat(80)}\n\n${text}\n`),
  ].join("\n");
}

function entry({ name, version, license = "", folder }) {
  if (!isAllowed(license)) throw new Error(`${name} ${version}: its licence may not be shipped: ${license || "none is named"}`);
  const files = folder === undefined ? [] : readdirSync(folder).filter((file) => TEXT.test(file));
  // If there is a choice, the shortest text.
  const mit = / OR |\//.test(license) && !license.includes(" AND ") ? files.filter((file) => /[-_.]mit\b/i.test(file)) : [];
  const texts = (mit.length > 0 ? mit : files)
    .sort()
    .map((file) => tidy(readFileSync(join(folder, file), "utf8")))
    .filter(Boolean);
  // A text without names is equal in every package, so it replaces a missing one.
  const common = join(root, "scripts", "licences", `${license}.txt`);
  if (texts.length === 0 && existsSync(common)) texts.push(tidy(readFileSync(common, "utf8")));
  if (texts.length === 0) throw new Error(`${name} ${version}: the text of its licence is missing (${license})`);
  return { name, version, license, texts };
}

function tidy(text) {
  return text
    .replaceAll("\r", "")
    .replace(/[ \t]+$/gm, "")
    .trim();
}

/** An SPDX expression: AND binds closer than OR, parentheses closer than both. */
export function isAllowed(expression) {
  const inner = /\(([^()]*)\)/.exec(expression);
  if (inner) return isAllowed(expression.replace(inner[0], isAllowed(inner[1]) ? "MIT" : "none"));
  return expression.split(/ OR |\//).some((part) => part.split(" AND ").every((id) => ALLOWED.has(id.trim())));
}
