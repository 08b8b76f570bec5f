// SHA-256 digests, random tokens, and comparing secrets.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** The digest of a text in UTF-8, as base64url. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** 256 random bits, as base64url. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether two secrets are equal. The time that it takes does not tell where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const encoder = new TextEncoder();
  return timingSafeEqual(encoder.encode(sha256(one)), encoder.encode(sha256(other)));
}
