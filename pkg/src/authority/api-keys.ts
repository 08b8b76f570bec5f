/** The API keys of a directory, for the service that admits requests with them. */
import { inSeconds } from "../lib/clock.js";
import { call, optionalText, requiredText } from "../lib/error.js";
import { jsonOf } from "../lib/json.js";
import { readOptions } from "../lib/options.js";
import type { ApiKeyView, KeyRefusal, KeyScope, RawDirectory } from "../wasm/authority.js";
import { unixNow } from "./issue-options.js";

/** A request that presents an API key. */
export interface KeyRequest {
  /** Digest of the secret: `apiKeyDigest`. */
  digest: string;
  /** The IP address that it comes from, if that is known. */
  address?: string;
  /** The scopes that it needs. Default: none. */
  scopes?: readonly KeyScope[];
}

/**
 * The API keys of a {@link Directory}. The directory keeps digests of their secrets only.
 * @example
 * ```ts
 * const admitted = directory.apiKeys.admit({ digest, address, scopes: ["commands"] });
 * if ("refused" in admitted) return new Response(admitted.refused, { status: 401 });
 * directory.decide({ key: admitted.key }, command);
 * ```
 */
export class ApiKeys {
  readonly #raw: RawDirectory;

  constructor(raw: RawDirectory) {
    this.#raw = raw;
  }

  /** All API keys, expired ones too, in the order of their ids. */
  all(): ApiKeyView[] {
    return call(() => this.#raw.api_keys());
  }

  /**
   * Decides whether an API key is good for a request: known, not expired, accepted from the address, with the scopes. What it may do is decided with
   * each command and question, by its role. A refusal has the id of the key too, if the secret is good.
   */
  admit(request: KeyRequest, now: number = unixNow()): { key: string } | { refused: KeyRefusal; key?: string } {
    const { digest, address, scopes = [] } = readOptions(request, ["digest", "address", "scopes"], "key request");
    const texts = [requiredText(digest, "digest"), optionalText(address, "address")] as const;
    const scopesText = jsonOf(scopes, "invalid_options", "scopes");
    return call(() => this.#raw.admit_key(...texts, scopesText, inSeconds(now)));
  }
}
