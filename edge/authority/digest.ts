// SHA-256 digests, random tokens, and comparing secrets.
import { Buffer } from "node:buffer";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const ENCODER = new TextEncoder();

/** The digest of a text in UTF-8, as base64url. Several are digested as one. */
export function sha256(...texts: (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text);
  return hash.digest("base64url");
}

/** As {@link sha256}, for a digest in every request: much less work, because it makes no stream. */
export async function sha256Later(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", ENCODER.encode(text))).toString("base64url");
}

/** 256 random bits, as base64url. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether two secrets are equal. The time that it takes does not tell where they differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(ENCODER.encode(sha256(one)), ENCODER.encode(sha256(other)));
}
