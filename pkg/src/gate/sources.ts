/** Sources of gate snapshots and of the authority's keys. */
import { MAX_KEYS, MAX_PROBLEM, bodyOf, keysOf, parsed, refusalOf, signedOf } from "../lib/responses.js";
import { inSeconds } from "../lib/clock.js";
import { WicketgateError } from "../lib/error.js";
import { ownProperty, readOptions } from "../lib/options.js";
import type { Fetch, Url } from "../lib/platform.js";
import { MAX_SNAPSHOT } from "./copies.js";
import type { JwkSet } from "../wasm/wicketgate.js";
import type { Authority, Keys, SnapshotSource, Token } from "./types.js";

/** Seconds for which keys are used without a new request. A key rotation publishes a key at least that long before its first use. */
const REMEMBERED = 5 * 60;
/** Shortest time between two requests for keys, in seconds: tokens with invented `kid`s must not cause a request each. */
const MIN_BETWEEN = 10;
/** Seconds for which old keys are used if new ones cannot be fetched. */
const KEPT = 60 * 60;

/** Looks up `fetch` at each call, so that a later replacement of it is used. */
const platformFetch: typeof globalThis.fetch = (...request) => fetch(...request);

/**
 * A source on a key-value namespace. The authority writes to it under the keys `gate:<organization>:<assistant>`; `prefix` is the part before
 * the assistant.
 * @throws {WicketgateError} `invalid_options`
 * @example
 * ```ts
 * keyValueSource(env.SNAPSHOTS, { prefix: "gate:acme:", authority: authoritySource({ url, token }).authority });
 * ```
 */
export function keyValueSource(
  store: { get(key: string): Promise<string | null> },
  options: { prefix: string; authority?: Authority | undefined },
): SnapshotSource {
  const { prefix, authority } = readOptions(options, ["prefix", "authority"]);
  if (typeof prefix !== "string") throw new WicketgateError("invalid_options", "prefix: expected a string", { path: "prefix" });
  return { read: async (assistant) => (await store.get(prefix + assistant)) ?? undefined, authority };
}

/**
 * A source that asks the authority itself, at `url`, with the gate's bearer token.
 * @throws {WicketgateError} `invalid_options`
 * @example
 * ```ts
 * authoritySource({ url: "https://authority.acme.example", token: env.GATE_TOKEN });
 * ```
 */
export function authoritySource(options: {
  url: string | Url;
  token: string;
  fetch?: Fetch;
}): SnapshotSource & { authority: Authority } {
  const { url, token, fetch: ask = platformFetch } = readOptions(options, ["url", "token", "fetch"]);
  if (!URL.canParse(url)) throw new WicketgateError("invalid_options", "url: expected a URL", { path: "url" });
  if (typeof token !== "string" || token === "")
    throw new WicketgateError("invalid_options", "token: expected a string", { path: "token" });
  const base = new URL(url);
  if (!base.pathname.endsWith("/")) base.pathname += "/";

  const get = async (assistant: string, suffix: "" | "/head", signal: AbortSignal): Promise<Token | undefined> => {
    // In a path these two lead to another address, even if they are encoded.
    if (assistant === "." || assistant === "..") return undefined;
    const response = await ask(new URL(`v1/gate/${encodeURIComponent(assistant)}${suffix}`, base), {
      headers: { Authorization: `Bearer ${token}` },
      redirect: "manual",
      signal,
    });
    const payload = await bodyOf(response, response.ok ? MAX_SNAPSHOT : MAX_PROBLEM);
    // A 404 without this code comes from something else than the authority.
    if (response.status === 404 && ownProperty(parsed(payload), "code") === "unknown_assistant") return undefined;
    if (!response.ok) throw refusalOf(response);
    return signedOf(response, payload, base);
  };
  const authority: Authority = {
    head: (assistant, signal) => get(assistant, "/head", signal),
    snapshot: (assistant, signal) => get(assistant, "", signal),
  };
  return { read: authority.snapshot, authority };
}

/** A source in memory: for tests, and for a gate in the authority's own process. */
export class MemorySource implements SnapshotSource {
  readonly #snapshots = new Map<string, Token>();
  readonly #heads = new Map<string, Token>();

  readonly authority: Authority = {
    head: async (assistant) => {
      const head = this.#heads.get(assistant);
      if (head === undefined && this.#snapshots.has(assistant)) throw new WicketgateError("unreachable", "there is no head");
      return head;
    },
    snapshot: async (assistant) => this.#snapshots.get(assistant),
  };

  async read(assistant: string): Promise<Token | undefined> {
    return this.#snapshots.get(assistant);
  }

  /** Sets the snapshot and the head of an assistant. Without a head, decisions that need the authority are `unavailable`. */
  put(assistant: string, snapshot: Token, head?: Token): void {
    this.#snapshots.set(assistant, snapshot);
    if (head === undefined) this.#heads.delete(assistant);
    else this.#heads.set(assistant, head);
  }

  /** Removes an assistant that is not public any more. */
  delete(assistant: string): void {
    this.#snapshots.delete(assistant);
    this.#heads.delete(assistant);
  }
}

/**
 * Keys that are fetched, from a URL or by a function. They are used for five minutes, fetched again if a `kid` is unknown (at most every ten
 * seconds), and used for up to an hour if they cannot be fetched.
 * @example
 * ```ts
 * remoteKeys("https://authority.acme.example/.well-known/jwks.json");
 * ```
 */
export function remoteKeys(
  from: string | Url | (() => Promise<JwkSet>),
  options: { now?: () => number; fetch?: Fetch } = {},
): Keys {
  const { now = () => Date.now() / 1000, fetch: ask = platformFetch } = readOptions(options, ["now", "fetch"]);
  const load = typeof from === "function" ? from : () => fetched(from, ask);
  let known: { keys: JwkSet; at: number } | undefined;
  let askedAt = -Infinity;
  // Each caller awaits a request of its own, because one request of a Worker may not await the I/O of another. The others use the known keys.
  return async ({ newer }) => {
    const time = inSeconds(now());
    const within = (since: number, seconds: number) => time >= since && time - since < seconds;
    if (known !== undefined && within(known.at, KEPT)) {
      if (within(askedAt, MIN_BETWEEN) || (!newer && within(known.at, REMEMBERED))) return known.keys;
    }
    askedAt = time;
    try {
      const keys = await load();
      if (!Array.isArray(ownProperty(keys, "keys"))) throw new WicketgateError("malformed", "expected a JWK Set");
      known = { keys, at: time };
      return keys;
    } catch (error) {
      if (known !== undefined && within(known.at, KEPT)) return known.keys;
      throw error;
    }
  };
}

async function fetched(url: string | URL, ask: typeof globalThis.fetch): Promise<JwkSet> {
  const response = await ask(url, { redirect: "manual" });
  const body = await bodyOf(response, MAX_KEYS);
  if (!response.ok) throw refusalOf(response);
  return keysOf(response, body, url);
}
