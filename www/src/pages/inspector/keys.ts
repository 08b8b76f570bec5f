// The keys that a token is verified with: those of this authority and its gate, or pasted ones.
import { useEffect, useState } from "react";
import { init, type JwkSet } from "wicketgate";
import { fetchKeys, getJson } from "../../data/api";

export interface Ours {
  /** Nothing where they could not be fetched. */
  keys: JwkSet | undefined;
  ready: boolean;
}

/** Fetched when the page opens, with everything else that it needs: after that, nothing is. */
export function useOurKeys(): Ours {
  const [ours, setOurs] = useState<Ours>({ keys: undefined, ready: false });
  useEffect(() => {
    const { signal } = new AbortController();
    const nothing = () => undefined;
    void Promise.all([
      fetchKeys(signal).catch(nothing),
      getJson<JwkSet>("/.well-known/pass-jwks.json", signal).catch(nothing),
      init().catch(nothing),
    ]).then(([authority, gate]) => {
      const keys = [...(authority?.keys ?? []), ...(gate?.keys ?? [])];
      setOurs({ keys: keys.length > 0 ? { keys } : undefined, ready: true });
    });
  }, []);
  return ours;
}

/** A JWK Set, or a single key. @returns what is wrong with it, where it is neither */
export function readKeys(text: string): JwkSet | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "This is not JSON.";
  }
  const { keys, kty } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  if (Array.isArray(keys)) return value as JwkSet;
  return typeof kty === "string" ? ({ keys: [value] } as JwkSet) : "This is not a JWK Set: it has no list of keys.";
}
