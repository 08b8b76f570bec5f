// The gate library, with what this Worker is configured with.
import type { Jwk } from "wicketgate";
import { audiences } from "wicketgate/contract";
import { authoritySource, Gate, keyValueSource, remoteKeys } from "wicketgate/gate";
import type { Env } from "./env";

/** Any host does: the binding leads to the authority. */
const AUTHORITY = "https://authority";

let made: { env: Env; gate: Gate } | undefined;

/** One for each isolate, because it remembers what it has read. @throws if what is configured is none */
export function gateOf(env: Env): Gate {
  if (made?.env !== env) made = { env, gate: make(env) };
  return made.gate;
}

function make(env: Env): Gate {
  const fetch: typeof globalThis.fetch = (...request) => env.AUTHORITY.fetch(...request);
  const { authority } = authoritySource({ url: AUTHORITY, token: env.GATE_TOKEN, fetch });
  return new Gate({
    source: keyValueSource(env.GATE, { authority }),
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
    // Not repeated: the message would quote the secret.
    throw new Error("PASS_KEYS is no JSON");
  }
}

/** An option in seconds, where the operator gives it. */
function seconds<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, number>> {
  return value === undefined ? {} : ({ [name]: Number(value) } as Record<Name, number>);
}
