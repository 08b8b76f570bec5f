// The gate of the package, with this Worker's configuration.
import type { Jwk } from "wicketgate";
import { audiences } from "wicketgate/contract";
import { authoritySource, Gate, keyValueSource, remoteKeys } from "wicketgate/gate";
import type { Env } from "./env";

/** Any host will do, because the binding always leads to the authority. */
const AUTHORITY = "https://authority";

let cached: { env: Env; gate: Gate } | undefined;

/** One gate for each isolate, because it caches snapshots and keys. @throws Error if the configuration is invalid */
export function gateOf(env: Env): Gate {
  if (cached?.env !== env) cached = { env, gate: make(env) };
  return cached.gate;
}

function make(env: Env): Gate {
  const fetch: typeof globalThis.fetch = (...request) => env.AUTHORITY.fetch(...request);
  const { authority } = authoritySource({ url: AUTHORITY, token: env.GATE_TOKEN, fetch });
  return new Gate({
    source: keyValueSource(env.GATE, { prefix: `gate:${env.ORGANIZATION}:`, authority }),
    keys: remoteKeys(`${AUTHORITY}/.well-known/jwks.json`, { fetch }),
    issuer: env.ISSUER,
    organization: env.ORGANIZATION,
    passes: {
      keys: passKeys(env.PASS_KEYS),
      issuer: env.PASS_ISSUER,
      audience: audiences.chat,
      ...seconds("expiresIn", env.PASS_LIFETIME),
    },
    members: { audience: audiences.member },
    ...seconds("revalidateAfter", env.REVALIDATE_AFTER),
    ...seconds("grace", env.GRACE),
  });
}

function passKeys(secret: string): { keys: Jwk[] } {
  try {
    return JSON.parse(secret) as { keys: Jwk[] };
  } catch {
    // The parser's message is not repeated, because it would quote the secret.
    throw new Error("PASS_KEYS must be JSON: a private JWK Set");
  }
}

/** An option in seconds, if the operator sets it. */
function seconds<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, number>> {
  return value === undefined ? {} : ({ [name]: Number(value) } as Record<Name, number>);
}
