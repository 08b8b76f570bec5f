// Third-party notices of what is shipped: from Cargo.lock for what is compiled into the WebAssembly files, and from what a bundler took in.
// It fails where a licence is not one of those below, or where its text is missing.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Licences that ask for their text to go along and for nothing else of what we ship. */
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

/** Compiled in besides, and in no lock file. */
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

/** Of the crates in both WebAssembly files. What runs at build alone is not shipped. */
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

/** Of the npm packages that files of a bundle come from. */
export function packages(files) {
  const folders = new Set(
    [...files].flatMap((file) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/"))?.[1] ?? []),
  );
  return [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return entry({ name, version, license, folder });
  });
}

/** The file: each text once, under the names of all it is the licence of. */
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
  if (!isAllowed(license))
    throw new Error(`${name} ${version}: its licence is not one of those that may be shipped: ${license || "none is named"}`);
  const files = folder === undefined ? [] : readdirSync(folder).filter((file) => TEXT.test(file));
  // Where one may choose, the shortest of them.
  const mit = / OR |\//.test(license) && !license.includes(" AND ") ? files.filter((file) => /[-_.]mit\b/i.test(file)) : [];
  const texts = (mit.length > 0 ? mit : files)
    .sort()
    .map((file) => tidy(readFileSync(join(folder, file), "utf8")))
    .filter(Boolean);
  // A text that names nobody is the same in every package: it stands in where one leaves it out.
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
