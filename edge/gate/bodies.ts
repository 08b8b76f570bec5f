// Reading what is sent to the demonstration back end.
import { Problem } from "./problem";

/** Bytes of a body: the longest text here, in any script and with every character escaped. */
const MAX_BODY = 16 * 1024;

/** The one text in the body's object, in characters as people and browsers count them. */
export async function textOf(request: Request, member: string, { min, max }: { min: number; max: number }): Promise<string> {
  if (!/^application\/json *(;|$)/i.test(request.headers.get("Content-Type") ?? "")) throw new Problem("unsupported_media_type");
  const body: unknown = parse(await read(request));
  const { [member]: text, ...others } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  if (typeof text !== "string" || text.length < min || text.length > max || Object.keys(others).length > 0) {
    throw new Problem("bad_request", `expected an object with \`${member}\` alone, of ${min} to ${max} characters`);
  }
  return text;
}

/** Reads what was left unread, as far as anything here is read: an answer that comes while the client still writes is lost with the connection. */
export async function discardBody({ body, bodyUsed }: Request): Promise<void> {
  if (body !== null && !bodyUsed) await drain(body);
}

async function read({ body }: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const size = await drain(body, (chunk) => chunks.push(chunk));
  if (size > MAX_BODY) throw new Problem("too_large", `the body has more than ${MAX_BODY} bytes`);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** How much there is; beyond four times the limit nothing more is read. */
async function drain(body: ReadableStream<Uint8Array> | null, keep: (chunk: Uint8Array) => void = () => {}): Promise<number> {
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size <= MAX_BODY) keep(chunk);
    else if (size > 4 * MAX_BODY) break;
  }
  return size;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new Problem("bad_request", "the body is not JSON in UTF-8");
  }
}
