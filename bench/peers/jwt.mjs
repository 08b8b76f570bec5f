// Signing on the server and verifying on the client, for peers without their own signature: a minimal Ed25519 JWT; issuer, audience and expiry
// are checked.

import { SignJWT, exportJWK, generateKeyPair, importJWK, jwtVerify } from "jose";

const ISSUER = "https://authority.acme.example";
const AUDIENCE = "acme";
const ALGORITHM = "EdDSA";

/** Server: signs the claims with a fresh key; returns the token and the public key. */
export async function sign(claims) {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { crv: "Ed25519", extractable: true });
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return { token, key: await exportJWK(publicKey) };
}

/** Client: the claims of a token with a valid signature and valid registered claims. */
export async function verify({ token, key }) {
  const publicKey = await importJWK(key, ALGORITHM);
  const options = { issuer: ISSUER, audience: AUDIENCE, algorithms: [ALGORITHM] };
  return (await jwtVerify(token, publicKey, options)).payload;
}
