// The gate of the package, with this Worker's configuration, for one organization.
import { audiences } from "wicketgate/contract";
import { authoritySource, Gate, keyValueSource, remoteKeys } from "wicketgate/gate";
import { passOptions } from "../shared/pass-options";
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
    passes: passOptions(env, passIssuer),
    members: { audience: audiences.member },
    ...seconds("revalidateAfter", env.REVALIDATE_AFTER),
    ...seconds("grace", env.GRACE),
  });
}

/** An option in seconds, if the operator sets it. */
function seconds<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, number>> {
  return value === undefined ? {} : ({ [name]: Number(value) } as Record<Name, number>);
}
