// `node:fs` for the Node tests that also run in pages: the files are built into the bundle.
import files from "built-in-files";

const named = (url) => new URL(url).pathname;

export function readFileSync(url) {
  const text = files[named(url)];
  if (text === undefined) throw new Error(`${url} is not built in`);
  return text;
}

export function readdirSync(url) {
  const folder = named(url);
  return Object.keys(files)
    .filter((name) => name.startsWith(folder))
    .map((name) => name.slice(folder.length));
}
