// Messages of webhooks, and their signature, in the form of the Standard Webhooks specification: the headers `webhook-id`,
// `webhook-timestamp` and `webhook-signature`, with Ed25519 (`v1a`).
//
// The key is the one that signs snapshots. Neither signature passes for the other: what is signed here has a `{`, which no JWS has.
import { Buffer } from "node:buffer";
import type { Jwk } from "wicketgate";
import { readEventText } from "wicketgate/authority";
import { sha256 } from "../digest";

export interface Message {
  /** The same for each attempt, and for each webhook. */
  id: string;
  /** The `type` of the event's command, or `test`. */
  type: string;
  body: string;
}

/** The type of the command in an event's text. */
export function typeOf(text: string): string {
  return readEventText(text).command.type;
}

export function eventMessage(organization: string, version: number, text: string): Message {
  const { at, command } = readEventText(text);
  const { type } = command;
  // The text names the event before it by hash, so its own hash is unique, also after a restore.
  return { id: `evt_${sha256(text).slice(0, 32)}`, type, body: bodyOf(type, at, { organization, version, event: text }) };
}

/** A message to try a webhook with. It is about no event. */
export function testMessage(organization: string, version: number, now: number): Message {
  return {
    id: `test_${crypto.randomUUID().replaceAll("-", "")}`,
    type: "test",
    body: bodyOf("test", now, { organization, version }),
  };
}

function bodyOf(type: string, at: number, data: object): string {
  return JSON.stringify({ type, timestamp: new Date(at * 1000).toISOString(), data });
}

/** @param now Unix seconds; readers refuse a message whose time is some minutes off */
export async function signedHeaders({ id, body }: Message, key: Jwk, now: number): Promise<Record<string, string>> {
  const { kty, crv, x, d } = key;
  const secret = await crypto.subtle.importKey("jwk", { kty, crv, x, d } as JsonWebKey, { name: "Ed25519" }, false, ["sign"]);
  const signature = await crypto.subtle.sign("Ed25519", secret, new TextEncoder().encode(`${id}.${now}.${body}`));
  return {
    "webhook-id": id,
    "webhook-timestamp": String(now),
    "webhook-signature": `v1a,${Buffer.from(signature).toString("base64")}`,
  };
}

/** A public key as the specification writes it. */
export function publicKeyText({ x = "" }: Jwk): string {
  return `whpk_${Buffer.from(x, "base64url").toString("base64")}`;
}
