/** From a caller's token and options to what the core takes. */
import { bytesOf } from "../lib/bytes.js";
import { callersClock, inSeconds, systemClock, type Clock } from "../lib/clock.js";
import { WicketgateError, call } from "../lib/error.js";
import { jsonOf } from "../lib/json.js";
import { ownProperty, readOptions, readSafely } from "../lib/options.js";
import type { DetachedSnapshot } from "../lib/types.js";
import type { Expect, JwkSet } from "../wasm/wicketgate.js";

/** Options of {@link open}. Only `keys` is required; every other claim that is given here must hold. */
export interface OpenOptions extends Expect {
  /** Public keys that may have signed the snapshot (JWK Set, RFC 7517). No other keys are used. */
  keys: JwkSet;
  /**
   * Time in Unix seconds, or a function that returns it. Default: the system's clock, which `can` reads once per turn of the event loop (and after
   * every 64 questions) and every other method at each call.
   */
  now?: number | (() => number);
}

/** A function of the core that takes a token, a JWK Set, the expectations and the time in Unix seconds. */
type Opening<T> = (token: Uint8Array, signature: string | undefined, keys: string, expect: string, now: number) => T;

/** A token and the options, as the core takes them. */
export interface Prepared {
  readonly clock: Clock;
  /** The options as they were read. */
  readonly read: OpenOptions;
  /** Bytes of the payload. */
  readonly bytes: number;
  readonly ask: <T>(opening: Opening<T>) => T;
}

/** Reads each option once, and converts token and options for the core. */
export function prepare(parts: Parts, options: OpenOptions): Prepared {
  const read = readOptions(options, OPTIONS);
  for (const name of NEVER_UNSET) {
    if (name in read && read[name] === undefined) {
      throw new WicketgateError("invalid_options", `${name}: is undefined; leave it out to expect nothing`, { path: name });
    }
  }
  const clock = clockOf(read.now);
  const keys = jsonOf(read.keys, "invalid_options", "keys");
  const expect = Object.create(null) as Expect;
  for (const name of EXPECT) if (name in read) expect[name] = read[name] as never;
  const expected = jsonOf(expect, "invalid_options");
  const now = inSeconds(clock.exact());
  const { payload, signature } = checked(parts);
  // Checked before the token is copied into the module's memory, which never shrinks. A text has at least as many bytes as characters.
  const limit = Number.isSafeInteger(read.maxBytes) ? Math.min(read.maxBytes!, MOST_BYTES) : DEFAULT_MAX_BYTES;
  const length = payload.length + (signature?.length ?? 0);
  if (length > limit) throw new WicketgateError("too_large", `the token has ${length} bytes, the limit is ${limit}`);
  // No code of the caller runs from here on, so the buffer of the bytes cannot shrink any more.
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  return { clock, read, bytes: bytes.length, ask: (opening) => call(() => opening(bytes, signature, keys, expected, now)) };
}

/** The parts of a token as the caller gives them. */
interface Parts {
  readonly payload: unknown;
  readonly signature: unknown;
}

/** Reads each part of a token once. A compact token is a payload alone. */
export function partsOf(token: string | DetachedSnapshot): Parts {
  if (typeof token === "string") return { payload: token, signature: undefined };
  const [payload, signature] = readSafely(
    () => [ownProperty(token, "payload"), ownProperty(token, "signature")],
    undefined,
    "malformed",
  );
  return { payload, signature: signature ?? null };
}

/** The parts as text or bytes. The bytes are the caller's buffer: nothing of the caller may run until they are copied. */
function checked({ payload, signature }: Parts): { payload: string | Uint8Array; signature: string | undefined } {
  if (signature !== undefined && typeof signature !== "string")
    throw new WicketgateError("malformed", "expected a compact token, or a payload and its signature");
  const text = typeof payload === "string" ? payload : bytesOf(payload);
  if (text === undefined) throw new WicketgateError("malformed", "expected a payload of text or bytes");
  return { payload: text, signature };
}

/** Longest token that is accepted by default, in bytes. The core has the same limit; here it keeps longer tokens out of the module's memory. */
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** Longest token that `maxBytes` can allow, in bytes. */
const MOST_BYTES = 512 * 1024 * 1024;

const EXPECT = ["issuer", "audience", "organization", "minEpoch", "minVersion", "clockTolerance", "maxBytes"] as const;
export const OPTIONS = ["keys", "now", ...EXPECT] as const;
/** An unset variable must not switch a check off: `undefined` is refused for these options. */
const NEVER_UNSET = ["issuer", "audience", "organization"] as const;

/** The clock for the option `now`. */
function clockOf(now: OpenOptions["now"]): Clock {
  if (now === undefined) return systemClock;
  if (typeof now === "number") return callersClock(() => now);
  if (typeof now === "function") return callersClock(now);
  throw new WicketgateError("invalid_options", "now: expected a number or a function", { path: "now" });
}

/** Characters at the start of a payload among which the scope is looked for: the claims come before the facts. */
const CLAIMS = 4096;

/** Whether a token seems to be a member snapshot: nothing is verified, it only tells which module to load first. */
export function seemsForMember(parts: Parts): boolean {
  try {
    const { payload, signature } = checked(parts);
    const start = typeof payload === "string" ? payload : new TextDecoder().decode(payload.subarray(0, CLAIMS));
    const claims =
      signature === undefined ? atob(start.split(".", 2)[1]!.slice(0, CLAIMS).replace(/-/g, "+").replace(/_/g, "/")) : start;
    return /"scope"\s*:\s*"member"/.test(claims.slice(0, CLAIMS));
  } catch {
    return false;
  }
}
