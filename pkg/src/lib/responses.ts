/** Reads what an authority answers: no more of it than may be, and with a word on what came in place of what was asked for. */
import { headerNames } from "../contract.js";
import { bytesOf } from "./bytes.js";
import { WicketgateError, quote } from "./error.js";
import type { DetachedSnapshot } from "../snapshot/snapshot.js";
import type { JwkSet } from "../wasm/wicketgate.js";

/** Longest JWK Set, and longest problem document, in bytes. */
export const MAX_KEYS = 256 * 1024;
export const MAX_PROBLEM = 64 * 1024;

/**
 * The body of an answer.
 * @throws {WicketgateError} `too_large` as soon as it is known to be longer than so many bytes; the rest of it is not read.
 */
export async function bodyOf(response: Response, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new WicketgateError("too_large", `the authority answered with more than ${limit} bytes`);
  const { body } = response;
  if (Number(response.headers.get("Content-Length")) > limit) {
    void body?.cancel().catch(() => {});
    throw tooLarge();
  }
  // Without a body, or where `fetch` is not the platform's own, there may be no stream.
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
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

/** What was signed, of an answer that says it is well. @throws {WicketgateError} `malformed`, with the cause. */
export function signedOf(response: Response, payload: Uint8Array, asked: URL): DetachedSnapshot {
  expectDocument(response, payload, asked);
  const signature = response.headers.get(headerNames.signature);
  if (signature !== null) return { payload, signature };
  throw new WicketgateError(
    "malformed",
    response.type === "cors"
      ? `the answer has no readable ${headerNames.signature} header: across origins the authority must send \`Access-Control-Expose-Headers: ${headerNames.signature}, ETag, Date\``
      : `the answer has no ${headerNames.signature} header: what stands between must pass it on`,
  );
}

/** The keys of an answer that says it is well. @throws {WicketgateError} `malformed`, with the cause. */
export function keysOf(response: Response, body: Uint8Array, asked: URL | string): JwkSet {
  expectDocument(response, body, asked);
  const keys = parsed(body) as JwkSet | undefined;
  if (!Array.isArray(keys?.keys)) throw new WicketgateError("malformed", "the authority's keys are no JWK Set");
  return keys;
}

/** What an answer is called that is none: a status, or where it leads. */
export function refusalOf({ status, type, headers }: Response): WicketgateError {
  const redirects = type === "opaqueredirect" || (status >= 300 && status < 400 && status !== 304);
  const answered = redirects
    ? `with a redirect${headers.get("Location") === null ? "" : ` to ${quote(headers.get("Location"))}`}`
    : `${status}`;
  return new WicketgateError("unreachable", `the authority answered ${answered}`);
}

/** That there is a body, and that it is not a page in place of a document. */
function expectDocument({ status, headers }: Response, body: Uint8Array, asked: URL | string): void {
  const wrong =
    body.length === 0
      ? `${status} without a body`
      : /^text\/html\b/i.test(headers.get("Content-Type") ?? "")
        ? `with text/html: is the authority at ${quote(asked)}?`
        : body[0] === 0x1f && body[1] === 0x8b
          ? "with a body that is still compressed: its Content-Encoding header is missing"
          : undefined;
  if (wrong !== undefined) throw new WicketgateError("malformed", `the authority answered ${wrong}`);
}

/** What JSON says, if it is JSON. */
export function parsed(text: unknown): unknown {
  try {
    return JSON.parse(typeof text === "string" ? text : new TextDecoder().decode(text as Uint8Array));
  } catch {
    return undefined;
  }
}
