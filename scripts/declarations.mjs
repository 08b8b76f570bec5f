// The declarations once more, for TypeScript that reads the package from CommonJS: what is declared is the same, under names that say CommonJS (`.d.cts`).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../pkg/dist", import.meta.url));
/** What CommonJS has no use for: the entries, which declare what the modules do that they load, and adapters of frameworks that are ECMAScript modules alone. */
const WITHOUT = ["entry/", "angular.", "svelte."];

export function declareForCommonJs() {
  const folder = join(dist, "cjs-types");
  rmSync(folder, { recursive: true, force: true });
  for (const path of readdirSync(dist, { recursive: true })) {
    if (!path.endsWith(".d.ts") || WITHOUT.some((start) => path.startsWith(start))) continue;
    const target = join(folder, path.replace(/\.d\.ts$/, ".d.cts"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      readFileSync(join(dist, path), "utf8").replaceAll(/((?:from|import\(?) ?"\.{1,2}\/[^"]+)\.js"/g, '$1.cjs"'),
    );
  }
}
