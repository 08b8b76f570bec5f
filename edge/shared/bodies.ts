// Request bodies, read within bounds.
import { limits } from "wicketgate/contract";

/** Whether the body's type is JSON. A form of another site cannot send this type. */
export function saysJson(headers: Headers): boolean {
  return /^application\/json *(;|$)/i.test(headers.get("Content-Type") ?? "");
}

/**
 * The body, or nothing if it has more than `limit` bytes. Then the rest is read too, up to `most` bytes, and dropped: an answer that is sent
 * while the client still writes gets lost with the connection.
 */
export async function bytesOf(request: Request, limit: number, most: number): Promise<ArrayBuffer | undefined> {
  // The platform delivers as many bytes as are announced, and reads them at once much faster than a loop over the stream.
  const announced = Number(request.headers.get("Content-Length") ?? Infinity);
  if (announced <= limit) {
    const bytes = await request.arrayBuffer();
    return bytes.byteLength <= limit ? bytes : undefined;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size <= limit) chunks.push(chunk);
    else if (size > most) break;
  }
  return size <= limit ? new Blob(chunks).arrayBuffer() : undefined;
}

/** The JSON object in a text; nothing for any other text. */
export function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a JSON body. @throws Error with a message that can be a problem's title */
export function decode(bytes: ArrayBuffer): string {
  const text = utf8(bytes);
  if (nestsDeeperThan(limits.jsonDepth, text)) throw new Error(`the body is nested deeper than ${limits.jsonDepth} levels`);
  return text;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8(bytes: ArrayBuffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new Error("the body is not UTF-8");
  }
}

/**
 * Whether JSON is nested too deeply. It is checked in the text, before parsing, because code that walks a parsed value (the platform's cloning
 * too) would overflow its stack. The result does not matter for text that is not JSON.
 */
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

/** Reads the rest of a body, up to `most` bytes, so that the answer arrives. */
export async function discardBody(request: Request, most: number): Promise<void> {
  if (!request.bodyUsed) await bytesOf(request, 0, most);
}
