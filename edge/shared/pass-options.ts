// How passes are signed, from the configuration of the gate, or of the authority where it signs passes for API keys.
import type { Jwk } from "wicketgate";
import { audiences } from "wicketgate/contract";
import type { PassOptions } from "wicketgate/pass";

export interface PassSettings {
  /** Secret: a private JWK Set. The first key signs passes; the public halves of all keys are published. */
  PASS_KEYS: string;
  /** Lifetime of a pass in seconds. */
  PASS_LIFETIME?: string;
}

/** @throws Error if the configuration is invalid */
export function passOptions({ PASS_KEYS, PASS_LIFETIME }: PassSettings, issuer: string): PassOptions {
  return {
    keys: passKeys(PASS_KEYS),
    issuer,
    audience: audiences.chat,
    ...(PASS_LIFETIME !== undefined && { expiresIn: Number(PASS_LIFETIME) }),
  };
}

function passKeys(secret: string): { keys: Jwk[] } {
  try {
    return JSON.parse(secret) as { keys: Jwk[] };
  } catch {
    // The parser's message is not repeated, because it would quote the secret.
    throw new Error("PASS_KEYS must be JSON: a private JWK Set");
  }
}
