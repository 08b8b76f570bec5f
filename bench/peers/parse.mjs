// A lower bound for opening a whole organization: jose verifies the signature over the detached payload, and the JSON is parsed. It decides
// nothing.

import { FlattenedSign, exportJWK, flattenedVerify, generateKeyPair, importJWK } from "jose";

/** It has no answers to check. */
export const unchecked = true;

/** Server: the facts as a signed payload. */
export async function prepare({ facts }) {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const payload = new TextEncoder().encode(JSON.stringify({ organization: facts }));
  const jws = await new FlattenedSign(payload).setProtectedHeader({ alg: "EdDSA" }).sign(privateKey);
  const material = { payload, protected: jws.protected, signature: jws.signature, key: await exportJWK(publicKey) };
  return { material, wire: { body: payload, header: jws.signature } };
}

/** Client: verifies and parses. */
export async function open({ payload, key, ...rest }) {
  const jws = { ...rest, payload: Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString("base64url") };
  const verified = await flattenedVerify(jws, await importJWK(key, "EdDSA"));
  const organization = JSON.parse(new TextDecoder().decode(verified.payload)).organization;
  return { can: () => organization.assistants.length > 0 };
}
