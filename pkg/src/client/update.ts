/** Fetches the newest facts: by a delta where that is possible, otherwise by the snapshot itself. */
import { throwIfAborted } from "../lib/aborted.js";
import type { WicketgateError } from "../lib/error.js";
import { asError, type Authority } from "./authority.js";
import type { TabMessage } from "./messages.js";
import type { Subject } from "./subject.js";
import type { Signed } from "./verification.js";

/** The facts in use when the request begins. */
export interface Base {
  /** Their version; 0 if there are none. */
  readonly version: number;
  /** Entity tag of the snapshot; undefined once a delta was applied. */
  readonly etag: string | undefined;
  /** Whether a delta is worth asking for. Otherwise a conditional request for the snapshot is enough. */
  readonly wantsDelta: boolean;
  /** Whether the times have to be renewed, even if nothing else has changed. */
  readonly renew: boolean;
}

/** The side that takes the verified documents. */
export interface Target {
  /** Whether another page has brought other facts since the request began. */
  overtaken(): boolean;
  apply(signed: Signed): void;
  install(signed: Signed, etag: string | undefined): void;
  /** A delta was refused; the snapshot is fetched in its place. */
  refused(error: WicketgateError): void;
}

/**
 * Returns the token that was accepted, for the other pages; undefined if there was nothing newer.
 * @throws {WicketgateError} the codes of `connect`.
 */
export async function fetchUpdate(
  authority: Authority,
  subject: Subject,
  { version, etag, wantsDelta, renew }: Base,
  target: Target,
  signal: AbortSignal,
): Promise<Pick<TabMessage, "token" | "delta"> | undefined> {
  if (wantsDelta) {
    // A delta renews the times too.
    const answer = await authority.get(subject.delta(version), signal);
    if (target.overtaken()) return undefined;
    if (answer.response.ok) {
      try {
        const token = authority.signed(answer);
        const { arrival } = answer;
        await authority.verified(signal, (keys) => target.apply({ token, keys, arrival }));
        return { token, delta: true };
      } catch (thrown) {
        throwIfAborted(signal);
        const error = asError(thrown);
        // It starts from another state, or the deltas have become too many: neither is worth a report.
        if (error.code !== "wrong_state" && error.code !== "too_large") target.refused(error);
      }
    } else if (answer.response.status >= 500) {
      throw authority.failure(answer);
    }
  }
  const headers = etag === undefined || renew ? {} : { "If-None-Match": etag };
  const [answer] = await Promise.all([
    authority.get(subject.snapshot, signal, headers),
    authority.loadKeys(signal),
    subject.init(),
  ]);
  const { response, arrival } = answer;
  if ((response.status === 304 && version > 0) || target.overtaken()) return undefined;
  if (!response.ok) throw authority.failure(answer);
  const token = authority.signed(answer);
  const tag = response.headers.get("ETag") ?? undefined;
  await authority.verified(signal, (keys) => target.install({ token, keys, arrival }, tag));
  return { token };
}
