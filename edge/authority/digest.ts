// SHA-256, and secrets that are kept only as that.
import { createHash, timingSafeEqual } from "node:crypto";

/** Base64url, of the text in UTF-8. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** 256 random bits. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Whether two secrets are the same, in a time that does not tell where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const encoder = new TextEncoder();
  return timingSafeEqual(encoder.encode(sha256(one)), encoder.encode(sha256(other)));
}
