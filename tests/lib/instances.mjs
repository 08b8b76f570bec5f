// Copies of the built package. Each copy has modules of its own, so nothing is loaded when a test imports one.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const built = dirname(dirname(fileURLToPath(import.meta.resolve("wicketgate"))));
const root = mkdtempSync(join(tmpdir(), "wicketgate-copies-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));
let copies = 0;

/** Copies the built package. `entry("index.js")` imports one of its modules, `file("wicketgate.wasm")` is the path of one of its files. */
export function copy() {
  const folder = join(root, String(copies++));
  mkdirSync(folder);
  cpSync(built, join(folder, "dist"), { recursive: true });
  cpSync(join(built, "..", "package.json"), join(folder, "package.json"));
  const file = (name) => join(folder, "dist", name);
  return { file, entry: (name) => import(pathToFileURL(file(name))) };
}
