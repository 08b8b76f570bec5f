// Idempotency keys: of a request (`Idempotency-Key`), or of one command of a batch (`idempotency_key`). A command that was sent alone may be sent
// again in a batch, and the other way round.
import type { Command } from "wicketgate/authority";
import { sha256 } from "./digest";

/** Digests of the client's key, and of what was sent with it. */
export interface Idempotency {
  key: string;
  body: string;
}

export function isIdempotencyKey(key: unknown): key is string {
  return typeof key === "string" && /^[\x20-\x7e]{1,255}$/.test(key);
}

/** @param condition what the command depends on besides the state: its `If-Version` */
export function idempotencyOf(key: string, command: Command, condition = ""): Idempotency {
  return { key: sha256(key), body: sha256(`${condition}\n${JSON.stringify(command)}`) };
}
