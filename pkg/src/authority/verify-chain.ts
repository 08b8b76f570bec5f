/** Verifying a history without its directory. */
import { runtime } from "../core/authority.js";
import { call, optionalText } from "../lib/error.js";
import { jsonOf } from "../lib/json.js";
import { verify_chain, type ChainedEvent } from "../wasm/authority.js";

/**
 * Verifies a run of events: each must continue the event before it, and match its sealed text where that is given. Returns the hash of the last
 * event.
 * @param previous the hash of the event before the first one; without it, the run must begin the history.
 * @throws {WicketgateError} `tampered`; the message names the version of the first event that does not fit.
 * @example
 * ```ts
 * const head = await verifyChain(await auditPage(1, 1000));
 * const next = await verifyChain(await auditPage(1001, 2000), head);
 * ```
 */
export async function verifyChain(events: readonly ChainedEvent[], previous?: string): Promise<string> {
  await runtime.init();
  const json = jsonOf(events, "invalid_options", "events");
  return call(() => verify_chain(json, optionalText(previous, "previous")));
}
