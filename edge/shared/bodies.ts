// Bodies of requests, read within bounds.
import { limits } from "wicketgate/contract";

/** As deep as the core reads. Whatever walks a parsed value, the platform's own cloning too, does so on a stack that ends. */
const MAX_DEPTH = limits.jsonDepth;

/** Whether the body is JSON by its type, which no form of another site can send. */
export function saysJson(headers: Headers): boolean {
  return /^application\/json *(;|$)/i.test(headers.get("Content-Type") ?? "");
}

/**
 * The body, or nothing where it has more than `limit` bytes. Then it is read on, up to `most`, and not kept: an answer that comes while
 * the client still writes is lost with the connection.
 */
export async function bytesOf(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  most: number,
): Promise<ArrayBuffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size <= limit) chunks.push(chunk);
    else if (size > most) break;
  }
  return size <= limit ? new Blob(chunks).arrayBuffer() : undefined;
}

/** The text of a body of JSON. @throws Error that says what is wrong with it, as a title */
export function decode(bytes: ArrayBuffer): string {
  const text = utf8(bytes);
  if (nestsDeeperThan(MAX_DEPTH, text)) throw new Error(`the body is nested deeper than ${MAX_DEPTH} levels`);
  return text;
}

function utf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error("the body is not UTF-8");
  }
}

/** Looked at in the text, before it is parsed. Of what is no JSON it says nothing that matters. */
function nestsDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

/** Reads what was left unread, up to `most`, so that the answer arrives. */
export async function discardBody({ body, bodyUsed }: Request, most: number): Promise<void> {
  if (!bodyUsed) await bytesOf(body, 0, most);
}
