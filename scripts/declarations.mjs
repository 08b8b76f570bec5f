// The declarations once more, for TypeScript that reads the package from CommonJS: what is declared is the same, under names that say CommonJS (`.d.cts`).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../pkg/dist", import.meta.url));
/** Where they are, in `dist`. */
export const COMMON_JS = "cjs-types";

export function declareForCommonJs() {
  const folder = join(dist, COMMON_JS);
  rmSync(folder, { recursive: true, force: true });
  for (const path of readdirSync(dist, { recursive: true })) {
    // The entries declare what the modules do that they load.
    if (!path.endsWith(".d.ts") || dirname(path) === "entry") continue;
    const target = join(folder, path.replace(/\.d\.ts$/, ".d.cts"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(join(dist, path), "utf8").replaceAll(/((?:from|import\(?) ?"\.{1,2}\/[^"]+)\.js"/g, '$1.cjs"'));
  }
}
