// Bodies of requests, read within bounds.

/** Whether the body is JSON by its type, which no form of another site can send. */
export function saysJson(headers: Headers): boolean {
  return /^application\/json *(;|$)/i.test(headers.get("Content-Type") ?? "");
}

/**
 * The body, or nothing where it has more than `limit` bytes. Then it is read on, up to `most`, and not kept: an answer that comes while
 * the client still writes is lost with the connection.
 */
export async function bytesOf(body: ReadableStream<Uint8Array> | null, limit: number, most: number): Promise<ArrayBuffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size <= limit) chunks.push(chunk);
    else if (size > most) break;
  }
  return size <= limit ? new Blob(chunks).arrayBuffer() : undefined;
}

/** @throws TypeError for what is no UTF-8 */
export function decode(bytes: ArrayBuffer): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Reads what was left unread, up to `most`, so that the answer arrives. */
export async function discardBody({ body, bodyUsed }: Request, most: number): Promise<void> {
  if (!bodyUsed) await bytesOf(body, 0, most);
}
