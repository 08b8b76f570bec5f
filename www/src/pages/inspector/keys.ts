// The keys that a token is verified with: those of this authority and its gate, or pasted ones.
import { useEffect, useState } from "react";
import { init, type JwkSet } from "wicketgate";
import { fetchKeys, getJson } from "../../data/api";

export interface VerificationKeys {
  /** `undefined` if they could not be fetched. */
  keys: JwkSet | undefined;
  ready: boolean;
}

/** Fetched when the page opens, together with the WebAssembly module: after that, the page sends no request. */
export function useServiceKeys(): VerificationKeys {
  const [state, setState] = useState<VerificationKeys>({ keys: undefined, ready: false });
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const ignore = () => undefined;
    void Promise.all([
      fetchKeys(signal).catch(ignore),
      getJson<JwkSet>("/.well-known/pass-jwks.json", signal).catch(ignore),
      init().catch(ignore),
    ]).then(([authority, gate]) => {
      const keys = [...(authority?.keys ?? []), ...(gate?.keys ?? [])];
      if (!signal.aborted) setState({ keys: keys.length > 0 ? { keys } : undefined, ready: true });
    });
    return () => abort.abort();
  }, []);
  return state;
}

/** Reads a JWK Set, or a single JWK. @returns the keys, or a sentence that says what is wrong */
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
