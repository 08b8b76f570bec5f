// Checks of a request, before anything else is done: where it comes from, its bearer token, its body.
import { headerNames, limits, updatesProtocols } from "wicketgate/contract";
import { bytesOf, decode, discardBody as discard, objectOf, saysJson } from "../../shared/bodies";
import { sameSecret } from "../digest";
import { addressed, type Ctx } from "./context";
import { Problem, problemAtPath } from "../problem";

/** Bytes of a body; no command is nearly as long. */
const MAX_BODY: number = limits.bodyBytes;

/** Bytes of the facts of a founding: less than the platform lets a Worker send to an object. */
export const MAX_FACTS: number = limits.factsBytes;

/**
 * Requires a request of our own page: browsers say so in `Origin`, or in `Sec-Fetch-Site` if they leave `Origin` out. SameSite cookies alone
 * would accept requests of sibling domains.
 */
export function requireSameOrigin(context: Ctx): void {
  const { req } = context;
  const origin = req.header("Origin");
  const own = origin === undefined ? req.header("Sec-Fetch-Site") === "same-origin" : origin === addressed(context).origin;
  if (!own) throw new Problem("cross_origin", "the request does not come from this origin");
}

/** Requires our own `Origin`. Browsers always send it when they open a WebSocket, and no other rule protects a WebSocket. */
export function requireOwnOrigin(context: Ctx): void {
  if (context.req.header("Origin") !== addressed(context).origin)
    throw new Problem("cross_origin", "the request does not come from this origin");
}

/** Requires the secret in `Authorization: Bearer`. If none is configured, the address does not exist. */
export function requireBearer(context: Ctx, secret: string | undefined): void {
  if (secret === undefined || secret === "") throw new Problem("not_found", "there is nothing at this address");
  const given = bearerOf(context);
  if (given === undefined || !sameSecret(given, secret)) throw new Problem("not_signed_in", "the bearer token is missing or wrong");
}

/** The secret in `Authorization: Bearer`; or in a protocol of a WebSocket, because not every client can add header fields to its request. */
export function bearerOf({ req }: Ctx): string | undefined {
  const authorization = req.header("Authorization");
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const { bearer } = updatesProtocols;
  return protocolsOf(req.header("Sec-WebSocket-Protocol"))
    .find((protocol) => protocol.startsWith(bearer))
    ?.slice(bearer.length);
}

/** The protocols that a client offers (RFC 6455 §11.3.4). */
export function protocolsOf(header: string | undefined): string[] {
  return header?.split(",").map((protocol) => protocol.trim()) ?? [];
}

/** The body as text, of at most `limit` bytes. The type must be JSON, which a form of another site cannot send. */
export async function jsonText(context: Ctx, limit?: number): Promise<string> {
  return (await jsonBody(context, limit)).text;
}

/** As {@link jsonText}, the bytes of the text: a third of it in memory where it has wide characters. */
export async function jsonBytes(context: Ctx, limit?: number): Promise<ArrayBuffer> {
  return (await jsonBody(context, limit)).bytes;
}

async function jsonBody({ req }: Ctx, limit = MAX_BODY): Promise<{ bytes: ArrayBuffer; text: string }> {
  if (!saysJson(req.raw.headers)) throw new Problem("unsupported_media_type", "send `Content-Type: application/json`");
  if (Number(req.header("Content-Length") ?? 0) > limit) {
    await discard(req.raw, 2 * limit);
    throw tooLarge(limit);
  }

  const bytes = await bytesOf(req.raw, limit, 2 * limit);
  if (!bytes) throw tooLarge(limit);
  try {
    return { bytes, text: decode(bytes) };
  } catch (error) {
    throw new Problem("bad_request", (error as Error).message);
  }
}

/** Lines of JSON. */
export const NDJSON = "application/x-ndjson";

/** Requires a body of JSON lines. */
export function requireLines({ req }: Ctx): void {
  if (req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase() !== NDJSON)
    throw new Problem("unsupported_media_type", `send \`Content-Type: ${NDJSON}\``);
}

/** Reads the rest of a refused request's body, up to the same bounds. */
export function discardBody(request: Request): Promise<void> {
  return discard(request, 2 * MAX_BODY);
}

/** The body as a JSON object. */
export async function jsonObject(context: Ctx, limit?: number): Promise<Record<string, unknown>> {
  const object = objectOf(await jsonText(context, limit));
  if (object) return object;
  throw new Problem("bad_request", "the body is not a JSON object");
}

/** @param others what is left of a body after the fields that there are. @throws Problem that names the first */
export function refuseOthers(others: object): void {
  const [other] = Object.keys(others);
  if (other !== undefined) throw problemAtPath("bad_request", other, "there is no such field");
}

/** An integer from the query or a header. @param absent the value if it is missing */
export function integer(
  text: string | undefined,
  name: string,
  { min, max, absent }: { min: number; max: number; absent?: number },
): number {
  if (text === undefined && absent !== undefined) return absent;
  const value = /^\d{1,16}$/.test(text ?? "") ? Number(text) : NaN;
  if (!(value >= min && value <= max))
    throw new Problem("bad_request", `${name}: expected an integer from ${min} to ${max}`, { path: name });
  return value;
}

/** The version that a delta begins at, in `from`. */
export function versionFrom({ req }: Ctx): number {
  return integer(req.query("from"), "from", { min: 1, max: Number.MAX_SAFE_INTEGER });
}

/** Which page of a log is asked for: what comes after a number, and how much. */
export function pageOf({ req }: Ctx): { after: number; limit: number } {
  return {
    after: integer(req.query("after"), "after", { min: 0, max: Number.MAX_SAFE_INTEGER, absent: 0 }),
    limit: pageLimit(req.query("limit")),
  };
}

/** The most entries of a page. */
export function pageLimit(text: string | undefined): number {
  return integer(text, "limit", { min: 1, max: limits.auditPage, absent: 100 });
}

/** The version in `If-Version`. */
export function versionOf(header: string | undefined): number | undefined {
  return header === undefined ? undefined : integer(header, headerNames.ifVersion, { min: 1, max: Number.MAX_SAFE_INTEGER });
}

function tooLarge(limit: number): Problem {
  return new Problem("too_large", `the body has more than ${limit} bytes`);
}
