// Verifies a webhook by the text of the Standard Webhooks specification, with Node's own cryptography: nothing of this project.
import { createPublicKey, verify } from "node:crypto";

/** Seconds by which the clock of the sender may differ. */
const TOLERANCE = 5 * 60;

/**
 * @param {{ headers: Record<string, string>, body: string }} request
 * @param {string[]} keys public keys, `whpk_…`
 * @returns the payload
 */
export function verifyWebhook({ headers, body }, keys, now = Date.now() / 1000) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!id || !timestamp || !signatures) throw new Error("headers are missing");
  if (!/^\d+$/.test(timestamp) || Math.abs(now - Number(timestamp)) > TOLERANCE) throw new Error("the time is too far off");
  const content = Buffer.from(`${id}.${timestamp}.${body}`);
  const known = signatures.split(" ").some((one) => {
    const [version, signature] = one.split(",");
    return version === "v1a" && keys.some((key) => verify(null, content, publicKey(key), Buffer.from(signature, "base64")));
  });
  if (!known) throw new Error("no signature matches");
  return JSON.parse(body);
}

function publicKey(text) {
  if (!text.startsWith("whpk_")) throw new Error("no public key");
  const x = Buffer.from(text.slice("whpk_".length), "base64").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}
