// The files that a guide prints. A reader who follows it has these at the end.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./consumer.mjs";

/**
 * The blocks of code that have a file name in bold above them: `{ "src/App.vue": "…" }`. If a file is printed twice, the last text counts,
 * or the first with `first`: a guide may begin with a simpler text.
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
