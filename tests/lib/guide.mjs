// The files that a guide prints: what a reader has after following it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./consumer.mjs";

/**
 * Each block of code whose file stands above it in bold, complete: `{ "src/App.vue": "…" }`. A file that is printed twice is there as it
 * was printed last, or first if `first`: a guide may begin with a simpler one.
 * @param {string} document its path in the repository: `docs/guides/vue.md`
 */
export function blocks(document, { first = false } = {}) {
  const files = Object.create(null);
  for (const [, path, text] of readFileSync(join(root, document), "utf8").matchAll(
    /^\*\*`([^`\n]+)`\*\*\n\n```\w+\n([\s\S]*?)^```$/gm,
  )) {
    if (!(first && Object.hasOwn(files, path))) files[path] = text;
  }
  return files;
}
