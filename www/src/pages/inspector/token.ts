// Parses a pasted token without verifying it: the package does that.
import type { DetachedSnapshot } from "wicketgate";
import { tokenTypes } from "wicketgate/contract";
import { ownProperty } from "../../lib/own-property";

export type TokenKind = "snapshot" | "delta" | "head" | "pass" | "other";

export interface Token {
  given: string | DetachedSnapshot;
  kind: TokenKind;
  /** `undefined` if it cannot be read. */
  header: Record<string, unknown> | undefined;
  claims: Record<string, unknown> | undefined;
  /** The signing input, BASE64URL(header) "." BASE64URL(payload) (RFC 7515, section 5.1), and the signature. */
  signed: string;
  signature: string;
  /** Bytes of the payload. */
  size: number;
}

const KINDS: Record<string, TokenKind> = {
  [tokenTypes.snapshot]: "snapshot",
  [tokenTypes.delta]: "delta",
  [tokenTypes.head]: "head",
  [tokenTypes.pass]: "pass",
};

/** Whether the text is a detached payload, whose signature is pasted separately. */
export function isPayload(text: string): boolean {
  return text.trimStart().startsWith("{") && detachedPair(text) === undefined;
}

/** @param signature `header..signature`, for a detached payload. @returns `undefined` for an empty text */
export function readToken(text: string, signature: string): Token | undefined {
  const pasted = text.trim();
  if (pasted === "") return undefined;
  const pair = detachedPair(pasted) ?? (isPayload(pasted) ? { payload: pasted, signature: signature.trim() } : undefined);
  if (pair) {
    const [header = "", , end = ""] = pair.signature.split(".");
    return tokenOf(pair, header, encode(pair.payload), pair.payload, end);
  }
  const [header = "", payload = "", end = ""] = pasted.split(".");
  return tokenOf(pasted, header, payload, decode(payload), end);
}

/** Payload and signature in one object: { "payload": "…", "signature": "header..signature" } */
function detachedPair(text: string): { payload: string; signature: string } | undefined {
  const { payload, signature } = object(text) ?? {};
  return typeof payload === "string" && typeof signature === "string" ? { payload, signature } : undefined;
}

function tokenOf(
  given: Token["given"],
  encodedHeader: string,
  encodedPayload: string,
  payload: string | undefined,
  signature: string,
): Token {
  const header = object(decode(encodedHeader));
  return {
    given,
    header,
    signature,
    kind: ownProperty(KINDS, String(header?.["typ"])) ?? "other",
    claims: object(payload),
    signed: `${encodedHeader}.${encodedPayload}`,
    size: payload === undefined ? 0 : new TextEncoder().encode(payload).length,
  };
}

function object(json: string | undefined): Record<string, unknown> | undefined {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function bytesOf(segment: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(segment)) return undefined;
  try {
    return Uint8Array.from(atob(segment.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function decode(segment: string): string | undefined {
  const bytes = bytesOf(segment);
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encode(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
