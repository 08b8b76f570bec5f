// The signing key, and the public half of it that everybody verifies with.
import type { Jwk, JwkSet } from "wicketgate";
import type { Env } from "./env";

export function signingKey(env: Env): Jwk {
  return JSON.parse(env.SIGNING_KEY) as Jwk;
}

export function publishedKeys(env: Env): JwkSet {
  // Named members only: whatever else the secret holds stays secret.
  const { kty, crv, x, kid } = signingKey(env) as Required<Jwk>;
  return { keys: [{ kty, crv, x, kid, alg: "EdDSA", use: "sig" }] };
}
