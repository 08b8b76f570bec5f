// The authority's public keys, remembered per isolate.
import type { JwkSet } from "wicketgate";
import type { Env } from "./env";

const MAX_AGE = 5 * 60 * 1000;
/** A snapshot under a key we do not know makes us look again, but not at every such snapshot. */
const MIN_AGE = 10 * 1000;

let remembered: { keys: JwkSet; at: number } | undefined;

export async function authorityKeys(env: Env): Promise<JwkSet> {
  if (remembered && Date.now() - remembered.at < MAX_AGE) return remembered.keys;
  return fetchKeys(env);
}

/** The keys once more, unless they are too fresh for a rotation to have been missed. */
export async function newerKeys(env: Env): Promise<JwkSet | undefined> {
  if (remembered && Date.now() - remembered.at < MIN_AGE) return undefined;
  return fetchKeys(env);
}

async function fetchKeys(env: Env): Promise<JwkSet> {
  const response = await env.AUTHORITY.fetch("https://authority/.well-known/jwks.json");
  if (!response.ok) throw new Error(`the key set answered ${response.status}`);
  const keys = await response.json<JwkSet>();
  remembered = { keys, at: Date.now() };
  return keys;
}
