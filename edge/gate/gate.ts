// The gate of the package, with this Worker's configuration, for one organization.
import type { Jwk } from "wicketgate";
import { audiences } from "wicketgate/contract";
import { authoritySource, Gate, keyValueSource, remoteKeys } from "wicketgate/gate";
import type { Env } from "./env";

/** The organization of a gate, and where its authority is asked. */
export interface Place {
  organization: string;
  /** The `iss` of everything that the authority signs for it. */
  issuer: string;
  /** The `iss` of its passes. */
  passIssuer: string;
  /** An origin of the authority. The binding always leads to the authority, which knows the organization by the host. */
  authority: string;
}

/** @throws Error if the configuration is invalid */
export function makeGate(env: Env, { organization, issuer, passIssuer, authority: url }: Place): Gate {
  const fetch: typeof globalThis.fetch = (...request) => env.AUTHORITY.fetch(...request);
  const { authority } = authoritySource({ url, token: env.GATE_TOKEN, fetch });
  return new Gate({
    source: keyValueSource(env.GATE, { prefix: `gate:${organization}:`, authority }),
    keys: remoteKeys(`${url}/.well-known/jwks.json`, { fetch }),
    issuer,
    organization,
    passes: {
      keys: passKeys(env.PASS_KEYS),
      issuer: passIssuer,
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
