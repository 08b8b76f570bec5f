/** Where the snapshots of single assistants come from, and the keys that they are verified with. */
import { MAX_KEYS, MAX_PROBLEM, bodyOf, keysOf, parsed, refusalOf, signedOf } from "../lib/responses.js";
import { inSeconds } from "../lib/clock.js";
import { WicketgateError } from "../lib/error.js";
import { ownProperty, readOptions } from "../lib/options.js";
import type { Fetch, Url } from "../lib/platform.js";
import { MAX_SNAPSHOT } from "./copies.js";
import type { JwkSet } from "../wasm/wicketgate.js";
import type { Authority, Keys, SnapshotSource, Token } from "./types.js";

/** Seconds for which keys are used without asking again. A rotation publishes a key earlier than that. */
const REMEMBERED = 5 * 60;
/** Seconds between two questions for newer keys: whoever brings tokens under invented ones does not make us ask for each. */
const MIN_BETWEEN = 10;
/** Seconds for which keys are used when they cannot be fetched. */
const KEPT = 60 * 60;

/** Looked up with each question, so that one that is put in place of it later is used. */
const platformFetch: typeof globalThis.fetch = (...request) => fetch(...request);

/** What the authority wrote into a key-value namespace, as `gate:<assistant>`. */
export function keyValueSource(
  store: { get(key: string): Promise<string | null> },
  options: { prefix?: string; authority?: Authority | undefined } = {},
): SnapshotSource {
  const { prefix = "gate:", authority } = readOptions(options, ["prefix", "authority"]);
  return { read: async (assistant) => (await store.get(prefix + assistant)) ?? undefined, authority };
}

/** The authority itself, at `url`, with the gate's token. */
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

  const get = async (assistant: string, what: "" | "/head", signal: AbortSignal): Promise<Token | undefined> => {
    // In a path these two lead elsewhere, however they are written.
    if (assistant === "." || assistant === "..") return undefined;
    const response = await ask(new URL(`v1/gate/${encodeURIComponent(assistant)}${what}`, base), {
      headers: { Authorization: `Bearer ${token}` },
      redirect: "manual",
      signal,
    });
    const payload = await bodyOf(response, response.ok ? MAX_SNAPSHOT : MAX_PROBLEM);
    // Only the authority itself says of an assistant that it does not know it.
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

/** What it was given, for tests and for gates beside an authority. */
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

  /** Replaces what there is of an assistant. Without a head, nothing that consults it is decided. */
  put(assistant: string, snapshot: Token, head?: Token): void {
    this.#snapshots.set(assistant, snapshot);
    if (head === undefined) this.#heads.delete(assistant);
    else this.#heads.set(assistant, head);
  }

  /** The assistant is not public any more. */
  delete(assistant: string): void {
    this.#snapshots.delete(assistant);
    this.#heads.delete(assistant);
  }
}

/**
 * Keys that have to be fetched, from an address or by what fetches them: remembered for five minutes, fetched anew where one is unknown but at most every ten seconds, and
 * used for up to an hour where they cannot be fetched.
 */
export function remoteKeys(
  from: string | Url | (() => Promise<JwkSet>),
  options: { now?: () => number; fetch?: Fetch } = {},
): Keys {
  const { now = () => Date.now() / 1000, fetch: ask = platformFetch } = readOptions(options, ["now", "fetch"]);
  const load = typeof from === "function" ? from : () => fetched(from, ask);
  let known: { keys: JwkSet; at: number } | undefined;
  let askedAt = -Infinity;
  // Each caller awaits a question of their own: a Worker's request may not await another's. Meanwhile the others use what is known.
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
