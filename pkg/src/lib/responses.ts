/** Reads the authority's answers: up to a limit, and with an error that says what came instead of the document. */
import { headerNames } from "../contract.js";
import { bytesOf } from "./bytes.js";
import { WicketgateError, quote } from "./error.js";
import type { DetachedSnapshot } from "./types.js";
import type { JwkSet } from "../wasm/wicketgate.js";

/** Longest JWK Set and longest problem document, in bytes. */
export const MAX_KEYS = 256 * 1024;
export const MAX_PROBLEM = 64 * 1024;

/**
 * The body of an answer.
 * @throws {WicketgateError} `too_large` as soon as it is known to be longer than `limit` bytes; the rest is not read.
 */
export async function bodyOf(response: Response, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new WicketgateError("too_large", `the authority answered with more than ${limit} bytes`);
  const { body } = response;
  if (Number(response.headers.get("Content-Length")) > limit) {
    void body?.cancel().catch(() => {});
    throw tooLarge();
  }
  // An answer without a body has no stream; nor may one that the caller's own `fetch` made.
  const reader = typeof body?.getReader === "function" ? body.getReader() : undefined;
  const pieces: Uint8Array[] = [];
  let length = 0;
  const add = (piece: Uint8Array) => {
    pieces.push(piece);
    length += piece.length;
    if (length > limit) throw tooLarge();
  };
  try {
    if (reader === undefined) add(new Uint8Array(await response.arrayBuffer()));
    else for (let read; !(read = await reader.read()).done; ) add(bytesOf(read.value) ?? new Uint8Array());
  } catch (error) {
    void reader?.cancel().catch(() => {});
    throw error;
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/**
 * The signed document of a successful answer.
 * @param url where it was fetched, for errors.
 * @throws {WicketgateError} `malformed`; the message says why.
 */
export function signedOf(response: Response, payload: Uint8Array, url: URL): DetachedSnapshot {
  expectDocument(response, payload, url);
  const signature = response.headers.get(headerNames.signature);
  if (signature !== null) return { payload, signature };
  throw new WicketgateError(
    "malformed",
    response.type === "cors"
      ? `the answer has no readable ${headerNames.signature} header: across origins the authority must send \`Access-Control-Expose-Headers: ${headerNames.signature}, ETag, Date\``
      : `the answer has no ${headerNames.signature} header: a proxy or cache in between must pass it on`,
  );
}

/**
 * The JWK Set of a successful answer.
 * @param url where it was fetched, for errors.
 * @throws {WicketgateError} `malformed`; the message says why.
 */
export function keysOf(response: Response, body: Uint8Array, url: URL | string): JwkSet {
  expectDocument(response, body, url);
  const keys = parsed(body) as JwkSet | undefined;
  if (!Array.isArray(keys?.keys)) throw new WicketgateError("malformed", "the authority's keys are no JWK Set");
  return keys;
}

/** The error for an unsuccessful answer: its status, or the target of its redirect. */
export function refusalOf({ status, type, headers }: Response): WicketgateError {
  const redirects = type === "opaqueredirect" || (status >= 300 && status < 400 && status !== 304);
  const answered = redirects
    ? `with a redirect${headers.get("Location") === null ? "" : ` to ${quote(headers.get("Location"))}`}`
    : `${status}`;
  return new WicketgateError("unreachable", `the authority answered ${answered}`);
}

/** Refuses an empty body, an HTML page, and a body that is still compressed. */
function expectDocument({ status, headers }: Response, body: Uint8Array, url: URL | string): void {
  const fault =
    body.length === 0
      ? `${status} without a body`
      : /^text\/html\b/i.test(headers.get("Content-Type") ?? "")
        ? `with text/html: is the authority at ${quote(url)}?`
        : body[0] === 0x1f && body[1] === 0x8b
          ? "with a body that is still compressed: its Content-Encoding header is missing"
          : undefined;
  if (fault !== undefined) throw new WicketgateError("malformed", `the authority answered ${fault}`);
}

/** The value of a JSON text or of its bytes; undefined if it is no JSON. */
export function parsed(text: unknown): unknown {
  try {
    return JSON.parse(typeof text === "string" ? text : new TextDecoder().decode(text as Uint8Array));
  } catch {
    return undefined;
  }
}
