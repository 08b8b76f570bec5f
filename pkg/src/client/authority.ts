/** Requests to the authority. Answers come back unverified; only their status, size and kind have been checked. */
import { throwIfAborted } from "../lib/aborted.js";
import { WicketgateError, type ErrorCode } from "../lib/error.js";
import { ownProperty } from "../lib/options.js";
import type { Fetch } from "../lib/platform.js";
import { MAX_KEYS, MAX_PROBLEM, bodyOf, keysOf, parsed, refusalOf, signedOf } from "../lib/responses.js";
import type { DetachedSnapshot } from "../lib/types.js";
import type { JwkSet } from "../wasm/wicketgate.js";
import type { Arrival } from "./memory.js";

/** Codes that end a session. */
export const SIGNED_OUT: readonly ErrorCode[] = ["not_signed_in", "removed_user", "suspended_user", "other_user"];
/** Statuses below 500 that a later attempt may not get again. */
const TEMPORARY = [408, 425, 429];

/** An answer of the authority. */
export interface Answer {
  readonly response: Response;
  readonly body: Uint8Array;
  readonly arrival: Arrival;
}

interface AuthorityOptions {
  readonly base: URL;
  readonly fetch: Fetch | undefined;
  /** The uncorrected clock, in Unix seconds. */
  readonly now: () => number;
  /** Longest answer, in bytes. */
  readonly maxBytes: number;
  /** The keys that the caller trusts; undefined: those that the authority publishes. */
  readonly keys: JwkSet | undefined;
  /** The API key; undefined for a person with a session. */
  readonly token: string | undefined;
}

export class Authority {
  readonly #options: AuthorityOptions;
  #keys: JwkSet | undefined;
  /** Whether the last failure would repeat: the authority answered with a status that does not pass by itself. */
  refuses = false;

  constructor(options: AuthorityOptions) {
    this.#options = options;
    this.#keys = options.keys;
  }

  /** The keys of the caller, or those that were fetched last. */
  get keys(): JwkSet {
    return this.#keys!;
  }

  /** Fetches the keys unless there are some. */
  async loadKeys(signal: AbortSignal): Promise<void> {
    if (this.#keys === undefined) await this.#fetchKeys(signal, "default");
  }

  /** Sends a GET request to a path below the base URL. */
  async get(
    path: string,
    signal: AbortSignal,
    headers: Record<string, string> = {},
    cache: RequestCache = "no-store",
    limit = this.#options.maxBytes,
  ): Promise<Answer> {
    const { base, fetch: ask = fetch, now, token } = this.#options;
    const [askedAt, clock] = [performance.now(), now()];
    const sent = token === undefined ? headers : { ...headers, Authorization: `Bearer ${token}` };
    const response = await ask(new URL(path, base).href, { headers: sent, cache, signal });
    const { ok, status } = response;
    let body;
    try {
      body = await bodyOf(response, ok ? limit : MAX_PROBLEM);
    } catch (cause) {
      if (cause instanceof WicketgateError) throw cause;
      throw new WicketgateError("unreachable", "the authority's answer is incomplete, or not encoded as its header says", {
        cause,
      });
    }
    if (status === 401 || status === 403) {
      const answered = ownProperty(parsed(body), "code");
      const code = SIGNED_OUT.find((code) => code === answered);
      const why = code === undefined && typeof answered === "string" && /^[a-z_]{1,40}$/.test(answered) ? `: ${answered}` : "";
      throw new WicketgateError(code ?? "not_signed_in", `the authority answered ${status}${why}`);
    }
    const date = Date.parse(response.headers.get("Date") ?? "") / 1000 + Number(response.headers.get("Age") ?? 0);
    // The monotonic clock may stop while the computer sleeps, the other one may be set: the longer time counts.
    const elapsed = () => Math.max((performance.now() - askedAt) / 1000, now() - clock || 0);
    return { response, body, arrival: { date: Number.isFinite(date) ? date : undefined, elapsed } };
  }

  /** The signed document of a successful answer. */
  signed({ response, body }: Answer): DetachedSnapshot {
    return signedOf(response, body, this.#options.base);
  }

  /** The error for an answer that was not successful. */
  failure({ response }: Answer): WicketgateError {
    this.refuses = response.status < 500 && !TEMPORARY.includes(response.status);
    return refusalOf(response);
  }

  /** Verifies with the present keys; with freshly fetched ones if the `kid` is unknown, unless the caller gave the keys. */
  async verified(signal: AbortSignal, verify: (keys: JwkSet) => void): Promise<void> {
    // After the client was closed or signed out, no token may come in.
    throwIfAborted(signal);
    try {
      verify(this.keys);
    } catch (error) {
      if (this.#options.keys !== undefined || !(error instanceof WicketgateError) || error.code !== "unknown_key") throw error;
      await this.#fetchKeys(signal, "reload");
      throwIfAborted(signal);
      verify(this.keys);
    }
  }

  async #fetchKeys(signal: AbortSignal, cache: RequestCache): Promise<void> {
    const answer = await this.get(".well-known/jwks.json", signal, {}, cache, MAX_KEYS);
    if (!answer.response.ok) throw this.failure(answer);
    this.#keys = keysOf(answer.response, answer.body, this.#options.base);
  }
}

/** A `WicketgateError` as it is; whatever else was thrown comes from the network. */
export function asError(thrown: unknown): WicketgateError {
  return thrown instanceof WicketgateError
    ? thrown
    : new WicketgateError("unreachable", "the authority is out of reach", { cause: thrown });
}

/** A controller that aborts by itself after some seconds, unless it has before. */
export function abortedAfter(seconds: number): AbortController {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), seconds * 1000);
  controller.signal.addEventListener("abort", () => clearTimeout(timer));
  return controller;
}
