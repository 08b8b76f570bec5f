// Request bodies of the demonstration back end.
import { bytesOf, decode, discardBody as discard, saysJson } from "../shared/bodies";
import { Problem } from "./problem";

/** Bytes of a body: enough for the longest text, in any script and with every character escaped. */
const MAX_BODY = 16 * 1024;
/** Bytes that are read of a refused body. */
const MOST = 4 * MAX_BODY;

/** The text in a body `{ [member]: text }`. `min` and `max` are UTF-16 units, as in HTML's `maxlength`. */
export async function textOf(request: Request, member: string, { min, max }: { min: number; max: number }): Promise<string> {
  if (!saysJson(request.headers)) throw new Problem("unsupported_media_type");
  const body: unknown = parse(await read(request));
  const [[name, text] = [], ...others] = Object.entries(
    (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>,
  );
  if (name !== member || typeof text !== "string" || text.length < min || text.length > max || others.length > 0) {
    throw new Problem("bad_request", `expected an object with \`${member}\` alone, of ${min} to ${max} characters`);
  }
  return text;
}

/** Reads the rest of a body, up to the same bound as other refused bodies. */
export function discardBody(request: Request): Promise<void> {
  return discard(request, MOST);
}

async function read(request: Request): Promise<ArrayBuffer> {
  const bytes = await bytesOf(request, MAX_BODY, MOST);
  if (!bytes) throw new Problem("too_large", `the body has more than ${MAX_BODY} bytes`);
  return bytes;
}

function parse(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(decode(bytes));
  } catch {
    throw new Problem("bad_request", "the body is not JSON in UTF-8, or is nested too deeply");
  }
}
