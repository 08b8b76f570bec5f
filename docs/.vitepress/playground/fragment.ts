// A question as the fragment of an address, and back. Browsers send fragments to nobody.
import { askedOf, type Asked } from "./question";

/** More than any organization that fits into an address, once unpacked. */
const MOST = 16 * 1024 * 1024;

/** `1.` and compressed, or `0.` where the browser cannot compress; base64url either way. */
export async function fragmentOf(asked: Asked): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(asked));
  if (typeof CompressionStream === "undefined") return `0.${textOf(bytes)}`;
  return `1.${textOf(await bounded(new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"))))}`;
}

/** @returns nothing for a fragment that holds no question */
export async function questionOf(fragment: string): Promise<Asked | undefined> {
  const [, form, text] = /^#?([01])\.([\w-]+)$/.exec(fragment) ?? [];
  if (text === undefined) return undefined;
  try {
    const packed = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
    const bytes =
      form === "0" ? packed : await bounded(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")));
    return askedOf(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** All of a stream; a short text may unpack to a very long one. */
async function bounded(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST) throw new Error("too long");
    pieces.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
