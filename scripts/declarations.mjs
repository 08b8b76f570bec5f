// Copies the declarations for TypeScript that reads the package from CommonJS: equal content, in files that end with `.d.cts`.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../pkg/dist", import.meta.url));
/** Declarations without a CommonJS copy: the entries, which only re-export, and the adapters of frameworks that are ECMAScript modules alone. */
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
