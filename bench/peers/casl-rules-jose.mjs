// CASL with conditions; only the rules are signed. The page supplies the assistant unverified. This is less work than the other peers do, so
// only its cold start is measured.

import * as casl from "./casl-conditions.mjs";
import { sign, verify } from "./jwt.mjs";

/** Server: the packed rules as the claims of a token; the one assistant of the first question. */
export async function prepare(context) {
  const { rules, assistants } = casl.prepare(context).material;
  const signed = await sign({ rules });
  const asked = assistants.filter((assistant) => assistant.id === context.first.id);
  return { material: { ...signed, assistants: asked }, wire: { body: signed.token } };
}

/** Client: verifies the rules; the assistant is not verified. */
export async function open({ assistants, ...signed }) {
  const { rules } = await verify(signed);
  return casl.open({ rules, assistants });
}
