// The Workers for Miniflare on this machine, with the settings of each wrangler.jsonc except the operator's.
import { dirname } from "node:path";
import { workerFile } from "./build.mjs";

const COMPATIBILITY_DATE = "2026-04-01";

/** Passes in a minute: for one address, and for one assistant. */
export const RATE_LIMITS = { address: 60, assistant: 3000 };

/**
 * Options for one Worker; add its `bindings`. The key-value stores, the authority's object and the limiters are bound already.
 * @param {"authority" | "gate"} name
 */
export function workerOptions(name, { rateLimits = RATE_LIMITS } = {}) {
  return {
    name,
    modules: true,
    modulesRoot: dirname(workerFile(name)),
    scriptPath: workerFile(name),
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    compatibilityDate: COMPATIBILITY_DATE,
    kvNamespaces: { GATE: "gate" },
    ...(name === "authority" && {
      compatibilityFlags: ["nodejs_compat"],
      durableObjects: {
        DIRECTORY: { className: "Organization", useSQLite: true },
        REGISTRY: { className: "Registry", useSQLite: true },
      },
    }),
    ...(name === "gate" && {
      kvNamespaces: { GATE: "gate", CHAT: "chat" },
      serviceBindings: { AUTHORITY: "authority" },
      ratelimits: {
        PASSES_BY_ADDRESS: { simple: { limit: rateLimits.address, period: 60 } },
        PASSES_BY_ASSISTANT: { simple: { limit: rateLimits.assistant, period: 60 } },
      },
    }),
  };
}
