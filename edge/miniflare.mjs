// The Workers as Miniflare runs them on this machine: what wrangler.jsonc says of each, less what an operator fills in.
import { dirname } from "node:path";
import { workerFile } from "./build.mjs";

const COMPATIBILITY_DATE = "2026-04-01";

/** Options for one Worker; add its `bindings`. The key-value store and the authority's object are bound already. */
export function workerOptions(name) {
  return {
    name,
    modules: true,
    modulesRoot: dirname(workerFile(name)),
    scriptPath: workerFile(name),
    modulesRules: [{ type: "ESModule", include: ["**/*.js"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
    compatibilityDate: COMPATIBILITY_DATE,
    kvNamespaces: { GATE: "gate" },
    ...(name === "authority" && {
      compatibilityFlags: ["nodejs_compat"],
      durableObjects: { DIRECTORY: { className: "Organization", useSQLite: true } },
    }),
    ...(name === "gate" && { serviceBindings: { AUTHORITY: "authority" } }),
  };
}
