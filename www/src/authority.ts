// Fetches from the authority and verifies what it answers. Not for deciding: that is the snapshot's.
import { open, type JwkSet, type Organization, type Principal, type Snapshot, WicketgateError } from "wicketgate";

const ISSUER = import.meta.env.VITE_ISSUER ?? "https://authority.acme.example";
const ORGANIZATION = import.meta.env.VITE_ORGANIZATION ?? "acme";
const AUDIENCE = "wicketgate-console";

export interface Person {
  id: string;
  role: string;
  status: "active" | "invited" | "suspended";
}

/** A share link of the demonstration, with its key. A real authority shows a key once. */
export interface DemoLink {
  assistant: string;
  link: string;
  level: "view" | "edit";
  key: string;
  expired: boolean;
}

/** A verified snapshot and what the page reads from it. */
export interface Opened {
  snapshot: Snapshot;
  me: Principal;
  facts: Organization;
  etag: string | null;
}

export type Failure =
  | { kind: "network" }
  | { kind: "refused"; code: string; title: string }
  | { kind: "unverified"; code: string }
  | { kind: "expired" };

export class AuthorityError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind);
  }
}

export async function fetchPeople(signal: AbortSignal): Promise<Person[]> {
  return (await request("/v1/people", { signal })).json();
}

/** Empty where there is no demonstration. */
export async function fetchDemoLinks(signal: AbortSignal): Promise<DemoLink[]> {
  const response = await fetch("/demo/links.json", { signal }).catch(() => undefined);
  const isJson = response?.ok && response.headers.get("Content-Type")?.startsWith("application/json");
  return isJson ? response.json() : [];
}

/** Once seen, a version is the least that this page accepts: nobody gets rights back that were taken away. */
let newestVersion = 1;

/** The snapshot of a person, or `current` itself where it is still the one. */
export async function openSnapshot(user: string, signal: AbortSignal, current?: Opened): Promise<Opened> {
  const response = await request(`/v1/snapshot?as=${encodeURIComponent(user)}`, {
    signal,
    headers: current?.etag ? { "If-None-Match": current.etag } : {},
  });
  if (response.status === 304 && current) return current;

  const token = { payload: await read(() => response.text()), signature: response.headers.get("Wicketgate-Signature") ?? "" };
  const snapshot = await verify(token, signal);
  if (snapshot.scope !== "member" || snapshot.subject !== user) {
    snapshot.free();
    throw new AuthorityError({ kind: "unverified", code: "wrong_subject" });
  }
  newestVersion = Math.max(newestVersion, snapshot.version);
  return { snapshot, me: snapshot.as(), facts: snapshot.facts(), etag: response.headers.get("ETag") };
}

async function verify(token: { payload: string; signature: string }, signal: AbortSignal): Promise<Snapshot> {
  const attempt = async (cache: RequestCache) => {
    const response = await request("/.well-known/jwks.json", { signal, cache });
    const keys: JwkSet = await read(() => response.json());
    return open(token, { keys, issuer: ISSUER, audience: AUDIENCE, organization: ORGANIZATION, minVersion: newestVersion });
  };
  try {
    return await attempt("default").catch((error: unknown) => {
      // The key may be newer than the browser's copy of the set.
      if (error instanceof WicketgateError && error.code === "unknown_key") return attempt("reload");
      throw error;
    });
  } catch (error) {
    if (error instanceof WicketgateError) throw new AuthorityError({ kind: "unverified", code: error.code });
    throw error;
  }
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const response = await read(() => fetch(path, init));
  if (response.ok || response.status === 304) return response;
  const problem = await response.json().catch(() => ({}));
  throw new AuthorityError({
    kind: "refused",
    code: typeof problem.code === "string" ? problem.code : String(response.status),
    title: typeof problem.title === "string" ? problem.title : "The authority did not answer as it should",
  });
}

async function read<T>(from: () => Promise<T>): Promise<T> {
  try {
    return await from();
  } catch {
    throw new AuthorityError({ kind: "network" });
  }
}
