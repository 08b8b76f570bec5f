/// <reference lib="esnext.disposable" preserve="true" />
/**
 * A snapshot that follows the authority: {@link connect} fetches and verifies it, keeps it fresh, and denies when that is no longer possible.
 *
 * The answers decide what a page shows. A service that returns data must check again.
 * @module wicketgate/client
 */
import { readConnectOptions } from "./client/connect-options.js";
import { LiveClient } from "./client/live-client.js";
import { WorkspaceClient } from "./client/replica.js";
import type { ConnectOptions, Live, LiveStorage, Replica } from "./client/types.js";
import { throwIfAborted } from "./lib/aborted.js";

export type { ConnectOptions, Freshness, Live, LiveEvents, LiveSocket, LiveStorage, Replica } from "./client/types.js";

/**
 * Returns the page's `localStorage` for the option `storage`; undefined where the browser forbids it.
 * @example
 * ```ts
 * const live = await connect({ storage: localStorageOf() });
 * ```
 */
export function localStorageOf(page: { readonly localStorage: LiveStorage } = globalThis): LiveStorage | undefined {
  try {
    return page.localStorage;
  } catch {
    return undefined;
  }
}

/**
 * Fetches and verifies the snapshot of the signed-in person, and follows the authority from then on. While the authority is out of reach (no
 * answer, or a status of 408, 425, 429 or 500 and more), it tries again, less and less often, until `signal` aborts. Every other failure ends the
 * attempts.
 * @throws {WicketgateError} `not_signed_in`, `removed_user`, `suspended_user`; `unreachable` for other statuses; `malformed`, `too_large` and the
 * codes of `open`; `rolled_back` for a snapshot older than the storage remembers; `invalid_options`. If `signal` aborts, its reason.
 * @example
 * ```ts
 * const live = await connect({ issuer: "https://authority.acme.example", organization: "acme" });
 * draw(live.me);
 * live.on("change", () => draw(live.me));
 * ```
 *
 * With the scope `workspace` and an API key: the whole organization in a server's memory.
 * @example
 * ```ts
 * const replica = await connect({ url: "https://acme.example", token: process.env.WICKETGATE_KEY, scope: "workspace" });
 * replica.as({ user: "ana" }).can("assistant.edit", "helper"); // true or false, without a request
 * ```
 */
export async function connect(options: ConnectOptions & { scope: "workspace"; token: string }): Promise<Replica>;
export async function connect(options?: ConnectOptions): Promise<Live>;
export async function connect(options: ConnectOptions = {}): Promise<Live | Replica> {
  const read = readConnectOptions(options);
  const { signal, scope } = read;
  throwIfAborted(signal);
  const live = scope === "workspace" ? new WorkspaceClient(read) : new LiveClient(read);
  const error = await live.start();
  throwIfAborted(signal);
  if (error === undefined) return live;
  live.close();
  throw error;
}
