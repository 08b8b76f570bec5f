// CASL with conditions; all its data is in a signed token.

import * as casl from "./casl-conditions.mjs";
import { sign, verify } from "./jwt.mjs";

/** Server: the data of the unsigned peer, as the claims of a token. */
export async function prepare(context) {
  const material = await sign(casl.prepare(context).material);
  return { material, wire: { body: material.token } };
}

/** Client: verifies, then continues as the unsigned peer. */
export async function open(material) {
  return casl.open(await verify(material));
}
