// CASL, per-id idiom, with everything it decides from inside a signed token.

import * as casl from "./casl-ids.mjs";
import { sign, verify } from "./jwt.mjs";

/** Server: what the unsigned peer sends, as the claims of a token. */
export async function prepare(context) {
  const material = await sign(casl.prepare(context).material);
  return { material, wire: { body: material.token } };
}

/** Client: verifies, then goes on as the unsigned peer. */
export async function open(material) {
  return casl.open(await verify(material));
}
